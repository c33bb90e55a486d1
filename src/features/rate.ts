import { NS_PER_SECOND } from "../windows/grid.ts";
import { lastAtOrBefore } from "../windows/search.ts";
import { windowEnd } from "../windows/segments.ts";
import type { Samples } from "../windows/series.ts";
import type { WindowStats } from "./window-stats.ts";

/**
 * Change per second from the newest sample at or before (last sample - `overNs`), within the window, to its last sample;
 * NaN where the window has no such sample.
 */
export function rateOfWindows({ samples, segments }: WindowStats, overNs: number): Float64Array {
  const rates = new Float64Array(segments.windowCount);
  for (let w = 0; w < rates.length; w++)
    rates[w] = rate(samples, { from: segments.first[w]!, to: windowEnd(segments, w), overNs });
  return rates;
}

function rate({ times, values }: Samples, { from, to, overNs }: { from: number; to: number; overNs: number }): number {
  const last = to - 1;
  if (last < from) return Number.NaN;
  const earlier = lastAtOrBefore(times, times[last]! - overNs, { from, to });
  if (earlier < from || earlier === last) return Number.NaN;
  return (values[last]! - values[earlier]!) / ((times[last]! - times[earlier]!) / NS_PER_SECOND);
}
