import { FLIGHT_PHASES, type Thresholds, thresholdOfPhase } from "./thresholds.ts";

/**
 * The phase that decides a window: of its most common phases (bits 0 to 7 of `phaseSet`) the one with the lowest
 * threshold, then the lower code. Null if the set is empty: the phase is unknown.
 */
export function resolvePhase(phaseSet: number, thresholds: Thresholds): number | null {
  let best: number | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (let code = 0; code < FLIGHT_PHASES.length; code++) {
    if (((phaseSet >> code) & 1) === 0) continue;
    const threshold = thresholdOfPhase(thresholds, code);
    if (best !== null && threshold >= lowest) continue;
    best = code;
    lowest = threshold;
  }
  return best;
}
