import { describe, expect, it } from "vitest";
import { createRandom, mixSeed } from "../../src/fleet/random.ts";

describe("createRandom", () => {
  it("draws the same again from the same seed, and other things from another", () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 50 }, (_, k) => (k % 3 === 0 ? random.uniform() : random.normal()));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("draws normals of mean 0, deviation 1 and kurtosis 3", () => {
    const random = createRandom(3);
    const count = 40_000;
    let sum = 0;
    let squares = 0;
    let fourths = 0;
    for (let k = 0; k < count; k++) {
      const x = random.normal();
      sum += x;
      squares += x * x;
      fourths += x ** 4;
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.02);
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.03);
    expect(Math.abs(fourths / count - 3)).toBeLessThan(0.2);
  });
});

describe("mixSeed", () => {
  it("tells every place of a fleet from every other", () => {
    const seeds = new Set<number>();
    for (let aircraft = 0; aircraft < 20; aircraft++) {
      for (let day = 0; day < 30; day++) for (let leg = 0; leg < 3; leg++) seeds.add(mixSeed(1, aircraft, day, leg));
    }
    expect(seeds.size).toBe(20 * 30 * 3);
  });
});
