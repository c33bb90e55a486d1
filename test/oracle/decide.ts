/** The slow oracle, part 6: what a score means. */
import { FLIGHT_PHASES, type Thresholds } from "../../src/verdict/thresholds.ts";

/** The decision on one window. */
export interface Decision {
  /** Code 0 to 7, or null if unknown. */
  phase: number | null;
  threshold: number;
  isAnomaly: boolean;
  severity: number;
}

/** Decides a finite score of a window whose most common phases are the bits of `phaseSet`. */
export function oracleDecide(score: number, phaseSet: number, thresholds: Thresholds): Decision {
  const tied = FLIGHT_PHASES.map((_, code) => code).filter((code) => phaseSet & (1 << code));
  tied.sort((a, b) => limitOf(a, thresholds) - limitOf(b, thresholds) || a - b);
  const phase = tied.length > 0 ? tied[0] : null;
  const threshold = phase === null ? thresholds.default : limitOf(phase, thresholds);
  const isAnomaly = score >= threshold;
  let severity = 0;
  if (isAnomaly) {
    severity = 1;
    if (score >= thresholds.severity.moderate) severity = 2;
    if (score >= thresholds.severity.severe) severity = 3;
  }
  return { phase, threshold, isAnomaly, severity };
}

function limitOf(phase: number, thresholds: Thresholds): number {
  const name = FLIGHT_PHASES[phase];
  if (name in thresholds.byPhase) return thresholds.byPhase[name];
  const shared = name === "approach" || name === "landing";
  if (shared && "approach_landing" in thresholds.byPhase) return thresholds.byPhase.approach_landing;
  return thresholds.default;
}
