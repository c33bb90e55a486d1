import { roundHalfUp } from "./grid.ts";
import { type Segments, samplesPerWindow } from "./segments.ts";
import { COVERED } from "./series.ts";

/** A signal cut into windows, with its nominal step in nanoseconds (null: fewer than two samples, so it covers no window). */
export interface CutSignal {
  segments: Segments;
  stepNs: number | null;
}

/** Per window {@link COVERED}, or the index of the first signal with less than `minCoverage` of `round(length / step)` samples in it. */
export function coverageOfSeries(signals: CutSignal[], rule: { lengthNs: number; minCoverage: number }): Int16Array {
  const windowCount = signals[0]?.segments.windowCount ?? 0;
  const coverage = new Int16Array(windowCount).fill(COVERED);
  for (let i = signals.length - 1; i >= 0; i--) {
    const { segments, stepNs } = signals[i]!;
    const usual = stepNs === null ? Number.NaN : Math.max(1, roundHalfUp(rule.lengthNs / stepNs));
    const counts = samplesPerWindow(segments);
    for (let w = 0; w < windowCount; w++) if (!(counts[w]! / usual >= rule.minCoverage)) coverage[w] = i;
  }
  return coverage;
}
