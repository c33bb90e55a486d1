import type { GridSpec, SegmentPlan } from "./grid.ts";
import { lowerBound } from "./search.ts";

/** Where a signal's samples fall: segment s holds samples `first[s]` to `end[s]` (exclusive), window w segments w to w + perWindow. */
export interface Segments {
  first: Int32Array;
  end: Int32Array;
  perWindow: number;
  windowCount: number;
}

/** Cuts ascending `times` into the segments of a grid that begins at `originNs`. */
export function cutSegments(times: Float64Array, originNs: number, grid: GridSpec & { plan: SegmentPlan }): Segments {
  const { perWindow, segmentCount, segmentNs } = grid.plan;
  const first = new Int32Array(segmentCount);
  const end = new Int32Array(segmentCount);
  let from = 0;
  let to = 0;
  for (let s = 0; s < segmentCount; s++) {
    const startNs = originNs + s * grid.hopNs;
    from = lowerBound(times, startNs, { from, to: times.length });
    to = lowerBound(times, startNs + segmentNs, { from: Math.max(to, from), to: times.length });
    first[s] = from;
    end[s] = to;
  }
  return { first, end, perWindow, windowCount: segmentCount === 0 ? 0 : segmentCount - perWindow + 1 };
}

/** Samples of each window. */
export function samplesPerWindow(segments: Segments): Int32Array {
  const counts = new Int32Array(segments.windowCount);
  for (let w = 0; w < counts.length; w++) counts[w] = windowEnd(segments, w) - segments.first[w]!;
  return counts;
}

/** One past the last sample of window `w`; its first is `segments.first[w]`. */
export function windowEnd(segments: Segments, w: number): number {
  return segments.end[w + segments.perWindow - 1]!;
}
