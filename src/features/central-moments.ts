import { overSegments } from "../kernels/over-segments.ts";
import type { Segments } from "../windows/segments.ts";
import type { SampleValues } from "../windows/series.ts";

/** Sums of powers of the distance from the mean, a value per segment or window; `third` and `fourth` only if asked for. */
export interface CentralMoments {
  count: Float64Array;
  mean: Float64Array;
  second: Float64Array;
  third: Float64Array;
  fourth: Float64Array;
}

/** How high the moments must go: 2 for the standard deviation, 4 for skewness and kurtosis. */
export type MomentOrder = 2 | 4;

/** Central moments of each segment in two passes: raw power sums would lose everything at a mean far above the deviation. */
export function centralMoments(
  values: SampleValues,
  segments: Segments,
  given: { sum: Float64Array; order: MomentOrder },
): CentralMoments {
  const { first, end } = segments;
  const moments = allocate(first.length);
  for (let s = 0; s < first.length; s++) {
    const count = end[s]! - first[s]!;
    moments.count[s] = count;
    moments.mean[s] = count > 0 ? given.sum[s]! / count : 0;
  }
  if (given.order === 2) addSecond(moments, values, segments);
  else addToFourth(moments, values, segments);
  return moments;
}

/** In four lanes, as `basicSums` adds. */
function addSecond(moments: CentralMoments, values: SampleValues, { first, end }: Segments): void {
  const quick = overSegments({ values, first, end, given: moments.mean }, (call) =>
    call.run.secondMoments32(call.values, call.first, call.end, call.count, call.given, call.out[0]),
  );
  if (quick !== null) {
    moments.second = quick[0];
    return;
  }
  for (let s = 0; s < first.length; s++) {
    const mean = moments.mean[s]!;
    const to = end[s]!;
    let lane0 = 0;
    let lane1 = 0;
    let lane2 = 0;
    let lane3 = 0;
    let i = first[s]!;
    for (; i + 4 <= to; i += 4) {
      const a = values[i]! - mean;
      const b = values[i + 1]! - mean;
      const c = values[i + 2]! - mean;
      const d = values[i + 3]! - mean;
      lane0 += a * a;
      lane1 += b * b;
      lane2 += c * c;
      lane3 += d * d;
    }
    const a = i < to ? values[i]! - mean : 0;
    const b = i + 1 < to ? values[i + 1]! - mean : 0;
    const c = i + 2 < to ? values[i + 2]! - mean : 0;
    moments.second[s] = lane0 + a * a + (lane2 + c * c) + (lane1 + b * b + lane3);
  }
}

function addToFourth(moments: CentralMoments, values: SampleValues, { first, end }: Segments): void {
  for (let s = 0; s < first.length; s++) {
    const mean = moments.mean[s]!;
    const to = end[s]!;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let i = first[s]!; i < to; i++) {
      const d = values[i]! - mean;
      const square = d * d;
      second += square;
      third += square * d;
      fourth += square * square;
    }
    moments.second[s] = second;
    moments.third[s] = third;
    moments.fourth[s] = fourth;
  }
}

/** The moments of windows from those of their segments, merged one by one (Pébay 2008, SAND2008-6212, formulas 2.1 and 3.1). */
export function centralMomentsOfWindows(moments: CentralMoments, { perWindow, windowCount }: Segments): CentralMoments {
  if (perWindow === 1) return moments;
  const out = allocate(windowCount);
  for (let w = 0; w < windowCount; w++) {
    for (let s = w; s < w + perWindow; s++) merge(out, w, { moments, s });
  }
  return out;
}

function merge(into: CentralMoments, w: number, { moments, s }: { moments: CentralMoments; s: number }): void {
  const a = into.count[w]!;
  const b = moments.count[s]!;
  if (b === 0) return;
  const n = a + b;
  const delta = moments.mean[s]! - into.mean[w]!;
  const share = delta / n;
  const cross = delta * share * a * b;
  const a2 = into.second[w]!;
  const b2 = moments.second[s]!;
  const a3 = into.third[w]!;
  const b3 = moments.third[s]!;
  into.fourth[w]! +=
    moments.fourth[s]! +
    cross * share * share * (a * a - a * b + b * b) +
    6 * share * share * (a * a * b2 + b * b * a2) +
    4 * share * (a * b3 - b * a3);
  into.third[w]! += b3 + cross * share * (a - b) + 3 * share * (a * b2 - b * a2);
  into.second[w]! += b2 + cross;
  into.mean[w]! += share * b;
  into.count[w] = n;
}

function allocate(count: number): CentralMoments {
  const zeros = () => new Float64Array(count);
  return { count: zeros(), mean: zeros(), second: zeros(), third: zeros(), fourth: zeros() };
}
