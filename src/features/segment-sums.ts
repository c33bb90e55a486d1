import { overSegments } from "../kernels/over-segments.ts";
import type { Segments } from "../windows/segments.ts";
import type { SampleValues } from "../windows/series.ts";

/** Plain sums of one signal, a value per segment or window; 0 where it is empty. */
export interface BasicSums {
  sum: Float64Array;
  squares: Float64Array;
}

/** Smallest and largest value, a value per segment or window; +-Infinity where it is empty. */
export interface Extremes {
  min: Float64Array;
  max: Float64Array;
}

/**
 * Adds up each segment's samples once, in four lanes: sample i of a segment belongs to lane i mod 4. That is four times as fast where four
 * can be added at once, and more exact.
 */
export function basicSums(values: SampleValues, { first, end }: Segments): BasicSums {
  const quick = overSegments({ values, first, end }, ({ run, values: at, first: from, end: to, count, out }) =>
    run.basicSums32(at, from, to, count, ...out),
  );
  if (quick !== null) return { sum: quick[0], squares: quick[1] };
  const sums = { sum: new Float64Array(first.length), squares: new Float64Array(first.length) };
  for (let s = 0; s < first.length; s++) addSegment(sums, s, { values, from: first[s]!, to: end[s]! });
  return sums;
}

function addSegment(
  sums: BasicSums,
  s: number,
  { values, from, to }: { values: SampleValues; from: number; to: number },
): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let square0 = 0;
  let square1 = 0;
  let square2 = 0;
  let square3 = 0;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const a = values[i]!;
    const b = values[i + 1]!;
    const c = values[i + 2]!;
    const d = values[i + 3]!;
    sum0 += a;
    sum1 += b;
    sum2 += c;
    sum3 += d;
    square0 += a * a;
    square1 += b * b;
    square2 += c * c;
    square3 += d * d;
  }
  const a = i < to ? values[i]! : 0;
  const b = i + 1 < to ? values[i + 1]! : 0;
  const c = i + 2 < to ? values[i + 2]! : 0;
  sums.sum[s] = sum0 + a + (sum2 + c) + (sum1 + b + sum3);
  sums.squares[s] = square0 + a * a + (square2 + c * c) + (square1 + b * b + square3);
}

/** The extremes of each segment. Apart from the sums: few features ask for them. Zero has one sign only. */
export function extremesOf(values: SampleValues, { first, end }: Segments): Extremes {
  const quick = overSegments({ values, first, end }, ({ run, values: at, first: from, end: to, count, out }) =>
    run.extremes32(at, from, to, count, ...out),
  );
  if (quick !== null) return { min: quick[0], max: quick[1] };
  const extremes = noExtremes(first.length);
  for (let s = 0; s < first.length; s++) {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    const to = end[s]!;
    for (let i = first[s]!; i < to; i++) {
      const x = values[i]!;
      if (x < min) min = x;
      if (x > max) max = x;
    }
    extremes.min[s] = min + 0;
    extremes.max[s] = max + 0;
  }
  return extremes;
}

/** The sums of windows from those of their segments. */
export function sumsOfWindows(sums: BasicSums, { perWindow, windowCount }: Segments): BasicSums {
  if (perWindow === 1) return sums;
  const out = { sum: new Float64Array(windowCount), squares: new Float64Array(windowCount) };
  for (let w = 0; w < windowCount; w++) {
    for (let s = w; s < w + perWindow; s++) {
      out.sum[w]! += sums.sum[s]!;
      out.squares[w]! += sums.squares[s]!;
    }
  }
  return out;
}

/** The extremes of windows from those of their segments. */
export function extremesOfWindows(extremes: Extremes, { perWindow, windowCount }: Segments): Extremes {
  if (perWindow === 1) return extremes;
  const out = noExtremes(windowCount);
  for (let w = 0; w < windowCount; w++) {
    for (let s = w; s < w + perWindow; s++) {
      out.min[w] = Math.min(out.min[w]!, extremes.min[s]!);
      out.max[w] = Math.max(out.max[w]!, extremes.max[s]!);
    }
  }
  return out;
}

function noExtremes(count: number): Extremes {
  return {
    min: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    max: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
  };
}
