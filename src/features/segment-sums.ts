import type { Segments } from "../windows/segments.ts";

/** Plain sums and extremes of one signal, a value per segment; an empty segment has sums 0 and extremes +-Infinity. */
export interface BasicSums {
  sum: Float64Array;
  squares: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

/** Adds up each segment's samples once; four independent chains, so that one pass costs as much as one sum. */
export function basicSums(values: Float64Array, { first, end }: Segments): BasicSums {
  const count = first.length;
  const sums = allocate(count);
  for (let s = 0; s < count; s++) {
    let sum = 0;
    let squares = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    const to = end[s]!;
    for (let i = first[s]!; i < to; i++) {
      const x = values[i]!;
      sum += x;
      squares += x * x;
      if (x < min) min = x;
      if (x > max) max = x;
    }
    sums.sum[s] = sum;
    sums.squares[s] = squares;
    sums.min[s] = min;
    sums.max[s] = max;
  }
  return sums;
}

/** The sums of windows from those of their segments. */
export function basicSumsOfWindows(sums: BasicSums, { perWindow, windowCount }: Segments): BasicSums {
  if (perWindow === 1) return sums;
  const out = allocate(windowCount);
  out.min.fill(Number.POSITIVE_INFINITY);
  out.max.fill(Number.NEGATIVE_INFINITY);
  for (let w = 0; w < windowCount; w++) {
    for (let s = w; s < w + perWindow; s++) {
      out.sum[w]! += sums.sum[s]!;
      out.squares[w]! += sums.squares[s]!;
      out.min[w] = Math.min(out.min[w]!, sums.min[s]!);
      out.max[w] = Math.max(out.max[w]!, sums.max[s]!);
    }
  }
  return out;
}

function allocate(count: number): BasicSums {
  const zeros = () => new Float64Array(count);
  return { sum: zeros(), squares: zeros(), min: zeros(), max: zeros() };
}
