/** Flight phases by their code 0 to 7. */
export const FLIGHT_PHASES = [
  "ground",
  "taxi",
  "takeoff",
  "climb",
  "cruise",
  "descent",
  "approach",
  "landing",
] as const;

/** A name of {@link FLIGHT_PHASES}. */
export type FlightPhase = (typeof FLIGHT_PHASES)[number];

/** The decision rules of a bundle: `thresholds.yaml`, read and checked. */
export interface Thresholds {
  /** Used where the phase is unknown or has no threshold of its own. */
  default: number;
  /** `flight_phase_thresholds` as written: phase name, or `approach_landing`, to threshold. */
  byPhase: Record<string, number>;
  /** Lowest score of each severity. */
  severity: { minor: number; moderate: number; severe: number };
}

/** The threshold of a flight phase (code 0 to 7, or null if unknown): its own, for approach and landing else the shared one, else the default. */
export function thresholdOfPhase(thresholds: Thresholds, phase: number | null): number {
  if (phase === null) return thresholds.default;
  const name = FLIGHT_PHASES[phase];
  const own = name === undefined ? undefined : ownThreshold(thresholds.byPhase, name);
  return own ?? thresholds.default;
}

function ownThreshold(byPhase: Record<string, number>, name: FlightPhase): number | undefined {
  const shared = name === "approach" || name === "landing" ? byPhase.approach_landing : undefined;
  return byPhase[name] ?? shared;
}
