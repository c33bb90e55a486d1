/**
 * The Shapley value of each of `n` players, given the worth of every coalition: `worth[mask]`, player i being bit i of the mask. It is the mean
 * of what a player adds when the players join one by one, over all orders of joining (Shapley 1953). The values add up to
 * `worth[all] - worth[0]`; a player that never adds anything has 0.
 */
export function shapleyValues(n: number, worth: ArrayLike<number>): number[] {
  const weights = coalitionWeights(n);
  return Array.from({ length: n }, (_, player) => {
    let value = 0;
    for (let mask = 0; mask < 1 << n; mask++) {
      if (((mask >> player) & 1) === 1) continue;
      value += weights[bitCount(mask)]! * (worth[mask | (1 << player)]! - worth[mask]!);
    }
    return value;
  });
}

/** By the size s of a coalition: the share of all orders in which just its members come before a given player, s! (n - s - 1)! / n!. */
function coalitionWeights(n: number): number[] {
  return Array.from({ length: n }, (_, s) => (factorial(s) * factorial(n - s - 1)) / factorial(n));
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
