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

/** Adds up each segment's samples once. */
export function basicSums(values: SampleValues, { first, end }: Segments): BasicSums {
  const sums = { sum: new Float64Array(first.length), squares: new Float64Array(first.length) };
  for (let s = 0; s < first.length; s++) {
    let sum = 0;
    let squares = 0;
    const to = end[s]!;
    for (let i = first[s]!; i < to; i++) {
      const x = values[i]!;
      sum += x;
      squares += x * x;
    }
    sums.sum[s] = sum;
    sums.squares[s] = squares;
  }
  return sums;
}

/** The extremes of each segment. Apart from the sums: few features ask for them, and they cost as much again. */
export function extremesOf(values: SampleValues, { first, end }: Segments): Extremes {
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
    extremes.min[s] = min;
    extremes.max[s] = max;
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
