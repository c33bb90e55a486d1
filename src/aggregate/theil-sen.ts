/** A robust line through points, and how sure its slope is. */
export interface RobustSlope {
  /** Points. */
  n: number;
  /** Median of the slopes between all pairs of points, null for fewer than two different times. */
  slope: number | null;
  /** Where the line is at x = 0: through the medians of both; null where there is no slope. */
  intercept: number | null;
  /** Bounds of the slope at 95 %, null for fewer than {@link LEAST_POINTS}. */
  interval: [number, number] | null;
}

/** Of fewer points even the clearest order comes by chance more often than 1 in 20. */
export const LEAST_POINTS = 5;

/** 97.5 % point of the normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Slope by Theil (1950) and Sen (1968), "Estimates of the regression coefficient based on Kendall's tau", J. Am. Stat. Assoc. 63; its
 * interval by Sen's normal approximation of Kendall's statistic, with the correction for ties, as in Gilbert (1987), "Statistical Methods
 * for Environmental Pollution Monitoring", section 16.5. Bounds of ranks are rounded as SciPy's `theilslopes` does, and give the same numbers.
 */
export function theilSen(x: readonly number[], y: readonly number[]): RobustSlope {
  const slopes = pairSlopes(x, y);
  if (slopes.length === 0) return { n: x.length, slope: null, intercept: null, interval: null };
  const slope = median(slopes);
  return {
    n: x.length,
    slope,
    intercept: median(Float64Array.from(y).sort()) - slope * median(Float64Array.from(x).sort()),
    interval: x.length < LEAST_POINTS ? null : sensInterval(slopes, x, y),
  };
}

/** Slopes between all pairs at different times, ascending. */
function pairSlopes(x: readonly number[], y: readonly number[]): Float64Array {
  const slopes = new Float64Array((x.length * (x.length - 1)) / 2);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    for (let k = i + 1; k < x.length; k++) {
      if (x[i] !== x[k]) slopes[count++] = (y[k]! - y[i]!) / (x[k]! - x[i]!);
    }
  }
  return slopes.subarray(0, count).sort();
}

function sensInterval(slopes: Float64Array, x: readonly number[], y: readonly number[]): [number, number] {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5);
  const tied = [...tieCounts(x), ...tieCounts(y)].reduce((sum, n) => sum + spread(n), 0);
  const sigma = Math.sqrt(Math.max(0, spread(x.length) - tied) / 18);
  const upper = Math.min(roundHalfEven((slopes.length + Z_95 * sigma) / 2), slopes.length - 1);
  const lower = Math.max(roundHalfEven((slopes.length - Z_95 * sigma) / 2) - 1, 0);
  return [slopes[lower]!, slopes[upper]!];
}

function tieCounts(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((n) => n > 1);
}

/** Of an even count the mean of the middle two. */
function median(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
