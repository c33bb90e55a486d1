/** Nanoseconds in a second. */
export const NS_PER_SECOND = 1e9;

/** Rounds half up, as the contract does everywhere. */
export function roundHalfUp(x: number): number {
  return Math.floor(x + 0.5);
}

/** Whole nanoseconds of a number of seconds. */
export function nanosecondsOf(seconds: number): number {
  return roundHalfUp(seconds * NS_PER_SECOND);
}

/** Length and hop of the windows in whole nanoseconds. */
export interface GridSpec {
  lengthNs: number;
  hopNs: number;
}

/**
 * Windows of a series: window k is `[k * hop, k * hop + length)` after the first row and exists while its end is at most
 * `span + 1.5 * median step`. A flight of one hour at 10 s / 5 s has 719.
 */
export function countWindows(spanNs: number, medianStepNs: number, grid: GridSpec): number {
  const lastEnd = spanNs + 1.5 * medianStepNs;
  if (grid.lengthNs > lastEnd) return 0;
  let count = Math.floor((lastEnd - grid.lengthNs) / grid.hopNs) + 1;
  // The quotient may be off by one in its last bit; the inequality itself is exact.
  while (count * grid.hopNs + grid.lengthNs <= lastEnd) count++;
  while (count > 0 && (count - 1) * grid.hopNs + grid.lengthNs > lastEnd) count--;
  return count;
}

/**
 * How windows are put together: each is `perWindow` segments in a row, the next begins one segment later. Where the hop divides the
 * length, segments are hops and every sample is summed once; else a segment is a whole window.
 */
export interface SegmentPlan {
  perWindow: number;
  segmentCount: number;
  segmentNs: number;
}

/** The segments of `windowCount` windows. */
export function planSegments(windowCount: number, grid: GridSpec): SegmentPlan {
  const perWindow = grid.lengthNs % grid.hopNs === 0 ? grid.lengthNs / grid.hopNs : 1;
  const segmentCount = windowCount === 0 ? 0 : windowCount + perWindow - 1;
  return { perWindow, segmentCount, segmentNs: perWindow === 1 ? grid.lengthNs : grid.hopNs };
}
