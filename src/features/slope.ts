import { NS_PER_SECOND } from "../windows/grid.ts";
import { windowEnd } from "../windows/segments.ts";
import type { SampleValues } from "../windows/series.ts";
import { perWindow } from "./per-window.ts";
import type { WindowStats } from "./window-stats.ts";

/** Least-squares slope of each window over its samples' own times, per second; NaN for fewer than two samples, 0 where constant. */
export function slopeOfWindows(stats: WindowStats): Float64Array {
  const { samples, segments, sums, extremes, counts } = stats;
  return perWindow(counts, (w) => {
    const count = counts[w]!;
    if (count < 2) return Number.NaN;
    if (extremes.min[w] === extremes.max[w]) return 0;
    const from = segments.first[w]!;
    const to = windowEnd(segments, w);
    return slope(samples.times.subarray(from, to), samples.values.subarray(from, to), sums.sum[w]! / count);
  });
}

function slope(times: Float64Array, values: SampleValues, meanValue: number): number {
  const start = times[0]!;
  let timeSum = 0;
  for (let i = 0; i < times.length; i++) timeSum += times[i]! - start;
  const meanTime = timeSum / times.length;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < times.length; i++) {
    const t = (times[i]! - start - meanTime) / NS_PER_SECOND;
    products += t * (values[i]! - meanValue);
    squares += t * t;
  }
  return products / squares;
}
