import fc from "fast-check";

/** Runs of each property; `PROPERTY_RUNS` asks for more, `PROPERTY_SEED` for other cases (`random`: new ones each time). */
export function propertyParameters(): { numRuns: number; seed?: number } {
  const { PROPERTY_RUNS: runs = "200", PROPERTY_SEED: seed = "20240131" } = process.env;
  return seed === "random" ? { numRuns: Number(runs) } : { numRuns: Number(runs), seed: Number(seed) };
}

/** A source of numbers that depend on the seed alone. */
export interface Random {
  /** Uniform, from 0 to 1 (exclusive). */
  unit(): number;
  /** Standard normal. */
  normal(): number;
}

/** A small generator (mulberry32): samples come from it, so that fast-check shrinks the plan of a case and not its noise. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return { unit, normal };
}

/** What a signal looks like; see {@link valueAt}. */
export const SHAPES = ["noise", "offset", "speed", "gusts", "fifty", "sine", "steps", "stretches", "tenths"] as const;

/** The shape of a signal that turns the shaft: mostly one that does turn it. */
export const speedShape: fc.Arbitrary<(typeof SHAPES)[number]> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("gusts", "speed", "fifty") },
  { weight: 1, arbitrary: fc.constantFrom(...SHAPES) },
);

/** A value of a signal of a shape at a time in seconds. */
export function valueAt(shape: (typeof SHAPES)[number], seconds: number, random: Random): number {
  switch (shape) {
    case "noise":
      return 2 * random.normal();
    case "offset": // a tiny variance on a large offset, where squares cancel
      return 97 + 0.01 * random.normal();
    case "speed":
      return 50 + 30 * Math.sin(seconds / 5) + 0.1 * random.normal();
    case "gusts": // a speed that is never linear over two steps, so that every sample of it counts
      return 30 + 40 * random.unit();
    case "fifty": // with a tidy rate, exactly on the limits of the order ops
      return 50;
    case "sine":
      return 1 + Math.sin(2 * Math.PI * 1.3 * seconds) + 0.05 * random.normal();
    case "steps": // equal values for a while
      return Math.floor(seconds * 0.7) % 3;
    case "stretches":
      return Math.sin(seconds / 3) > 0 ? 0.7 : 5 + random.normal();
    case "tenths": // constant, but a rounded mean differs from it
      return 0.1;
  }
}

/** Mostly one of a few telling values, now and then anything between the bounds. */
export function telling(values: number[], [min, max]: [number, number]): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.double({ min, max, noNaN: true }) },
  );
}

/** The first value far more often than the others: one trouble at a time leaves windows to compare. */
export function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });
}
