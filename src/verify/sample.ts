/** `count` of the numbers from 0 to `total` (exclusive), by chance and in order; all if there are no more. A seed gives the same ones again. */
export function sample(total: number, count: number, seed: number): number[] {
  const numbers = Array.from({ length: total }, (_, i) => i);
  const random = mulberry32(seed);
  const chosen = Math.min(count, total);
  for (let i = 0; i < chosen; i++) {
    const other = i + Math.floor(random() * (total - i));
    [numbers[i], numbers[other]] = [numbers[other]!, numbers[i]!];
  }
  return numbers.slice(0, chosen).sort((a, b) => a - b);
}

/** Random numbers from 0 to 1 (exclusive): Tommy Ettinger's mulberry32, in the public domain. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
