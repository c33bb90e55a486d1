/** What is the matter with an engine. */
export type Wear = "healthy" | "fan_imbalance" | "bearing_wear" | "hot_section";

/** How far a wear has come: what `simulateFlight` adds to the signals of a healthy engine. */
export interface WearState {
  wear: Wear;
  /** 0 (nothing to see) to 1 (fully grown). */
  severity: number;
}

/** The wears of a fleet, aircraft by aircraft, over and over: half of a larger fleet is healthy. */
const FLEET_WEARS: readonly Wear[] = ["healthy", "fan_imbalance", "bearing_wear", "hot_section", "healthy", "healthy"];

/** Part of the period that passes before the wear of an aircraft begins to grow. */
const QUIET_PART = 0.1;

/** Where in a flight a wear that has just begun comes through, as a part of the flight. */
const LATEST_ONSET = 0.9;

/** Strength of a wear that has just begun. */
const FAINTEST = 0.2;

/** Part of a flight that a wear takes from its onset to its full strength. */
const RISE = 0.15;

/** The wear that aircraft number `aircraftIndex` (from 0) of a fleet develops. */
export function wearOfAircraft(aircraftIndex: number): Wear {
  return FLEET_WEARS[aircraftIndex % FLEET_WEARS.length]!;
}

/** Severity on day `dayIndex` (from 0) of a period of `days`: 0 at its start, 1 on its last day; a single day shows it in full. */
export function severityOnDay(dayIndex: number, days: number): number {
  if (days === 1) return 1;
  return Math.max(0, dayIndex / (days - 1) - QUIET_PART) / (1 - QUIET_PART);
}

/**
 * Strength (0 to 1) of a wear at `part` (0 to 1) of a flight. An engine shows its wear once it has been worked for a
 * while, and the sooner the further the wear has come; so the share of anomalous windows grows from day to day.
 */
export function wearStrength(severity: number, part: number): number {
  if (severity <= 0) return 0;
  const onset = LATEST_ONSET * (1 - severity);
  const risen = Math.min(1, Math.max(0, (part - onset) / RISE));
  return risen * (FAINTEST + (1 - FAINTEST) * severity);
}
