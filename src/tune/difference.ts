/** Student's t for 95 % on both sides, by degrees of freedom from 1 on; beyond the table the last is close enough, and wide. */
const T_975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086,
];

/** By how much the one is faster than the other, as shares of the other: mean and 95 % interval. */
export interface Difference {
  mean: number;
  low: number;
  high: number;
}

/** Below this nobody would notice, even if it were certain. */
const NOTICED = 0.01;
const LEAST_ROUNDS = 3;

/**
 * Compares the rates of two settings that took turns: the rounds that have both are pairs, so that what slows a whole round down does not
 * count. Geometric means, since rates compare by ratios. Null for fewer than three pairs.
 */
export function differenceOf(rates: readonly (number | null)[], others: readonly (number | null)[]): Difference | null {
  const logs = rates.flatMap((rate, i) => {
    const other = others[i] ?? null;
    return rate === null || other === null || rate <= 0 || other <= 0 ? [] : [Math.log(rate / other)];
  });
  if (logs.length < LEAST_ROUNDS) return null;
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (logs.length - 1);
  const margin = T_975[Math.min(logs.length - 1, T_975.length) - 1]! * Math.sqrt(variance / logs.length);
  return { mean: Math.expm1(mean), low: Math.expm1(mean - margin), high: Math.expm1(mean + margin) };
}

/** Whether a difference can be told from none. */
export function canBeTold(difference: Difference | null): difference is Difference {
  if (difference === null || Math.abs(difference.mean) < NOTICED) return false;
  return difference.low > 0 || difference.high < 0;
}
