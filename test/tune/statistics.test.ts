import { describe, expect, it } from "vitest";
import { chooseSetting } from "../../src/tune/choose.ts";
import { canBeTold, differenceOf } from "../../src/tune/difference.ts";
import { findLimit } from "../../src/tune/limits.ts";
import { quantile } from "../../src/tune/quantile.ts";
import { evenly } from "../../src/tune/sample.ts";
import type { Pass, SettingResult } from "../../src/tune/setting.ts";
import { summariseSetting } from "../../src/tune/summarise.ts";

const MB = 1e6;

function pass(windows: number, seconds: number, more: Partial<Pass> = {}): Pass {
  return {
    windows,
    seconds,
    bytes: 10 * MB,
    stagesMs: { read: 10, decode: 400, compute: 300, infer: 100, write: 90 },
    latenciesMs: { read: [1], decode: [5, 1, 9, 2.5], compute: [1], infer: [1], file: [3], write: [] },
    inferenceMs: 50,
    memoryBytes: 100 * MB,
    ...more,
  };
}

/** A setting that had these rates, in their rounds. */
function rated(workers: number, rates: (number | null)[]): SettingResult {
  return summariseSetting(
    { workers, batchSize: 128 },
    rates.map((rate) => (rate === null ? null : pass(rate, 1))),
  );
}

describe("quantiles", () => {
  it("are those of numpy", () => {
    expect([0.5, 0.95, 0.99, 0, 1].map((q) => quantile([5, 1, 9, 2.5], q))).toEqual([
      3.75,
      expect.closeTo(8.4, 12),
      expect.closeTo(8.88, 12),
      1,
      9,
    ]);
    expect(quantile([7], 0.95)).toBe(7);
  });
});

describe("the difference of two settings", () => {
  it("is the one that scipy's t test of the paired logarithms gives", () => {
    const difference = differenceOf([100, 103, 98, 110], [90, 95, 97, 99])!;
    expect(difference.mean).toBeCloseTo(0.0783773, 7);
    expect(difference.low).toBeCloseTo(0.00389736, 5);
    expect(difference.high).toBeCloseTo(0.15838296, 5);
    expect(canBeTold(difference)).toBe(true);
  });

  it("is by pairs: what slows a whole round down does not hide it", () => {
    expect(canBeTold(differenceOf([200, 20, 110], [100, 10.1, 54]))).toBe(true);
    expect(canBeTold(differenceOf([200, 20, 110], [100, 54, 10.1]))).toBe(false);
  });

  it("leaves rounds out that only one of them has, and is none of fewer than three", () => {
    expect(differenceOf([1, 2, null, 4], [1, null, 3, 4])).toBeNull();
    expect(differenceOf([1, 2, null, 4], [1, 2, 3, 4])).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it("cannot be told where it is too small to matter", () => {
    expect(canBeTold(differenceOf([1005, 1005.1, 1004.9], [1000, 1000, 1000]))).toBe(false);
  });
});

describe("the choice of a setting", () => {
  const isUsual = ({ setting }: SettingResult) => setting.workers === 2;

  it("is the usual one where the fastest cannot be told from it", () => {
    const { chosen, others } = chooseSetting(
      [rated(1, [50, 52, 51]), rated(2, [100, 90, 95]), rated(3, [99, 96, 97])],
      isUsual,
    );
    expect(chosen.setting.workers).toBe(2);
    expect(others.map(({ result, isTold }) => [result.setting.workers, isTold])).toEqual([
      [1, true],
      [3, false],
    ]);
    expect(others[0]!.difference!.mean).toBeCloseTo(-0.463, 2);
  });

  it("is the fastest where it is faster beyond doubt", () => {
    const { chosen } = chooseSetting([rated(2, [100, 101, 102]), rated(3, [120, 121, 122])], isUsual);
    expect(chosen.setting.workers).toBe(3);
  });

  it("stays with the usual one after too few rounds", () => {
    const { chosen, others } = chooseSetting([rated(2, [100, 100]), rated(3, [200, 200])], isUsual);
    expect([chosen.setting.workers, others[0]!.difference]).toEqual([2, null]);
  });
});

describe("what came of a setting", () => {
  it("has quantiles of the latencies of all rounds, shares of the workers' time and the worst memory", () => {
    const result = summariseSetting({ workers: 2, batchSize: 16 }, [
      pass(100, 1),
      null,
      pass(300, 1, { memoryBytes: 200 * MB }),
    ]);
    expect(result).toMatchObject({ windowsPerSecond: [100, null, 300], median: 200, lowest: 100, highest: 300 });
    expect(result).toMatchObject({ memoryBytes: 200 * MB, bytesPerSecond: 10 * MB, inferenceMsPerWindow: 0.25 });
    expect(result.shares).toMatchObject({ decode: 0.2, compute: 0.15, infer: 0.05 });
    expect(result.shares.idle).toBeCloseTo(0.55, 12);
    expect(result.latencyMs.decode!.p50).toBe(3.75);
    expect(result.latencyMs.write).toBeNull();
  });
});

describe("what limits", () => {
  const reading = { bytes: 100 * MB, seconds: 1, deviceBytes: 100 * MB };

  it("is a disk that gives less than is taken in", () => {
    expect(findLimit(rated(2, [1]), { ...reading, seconds: 20 })).toEqual({
      limit: "disk",
      deviceBytesPerSecond: 5 * MB,
      wantedBytesPerSecond: 10 * MB,
    });
  });

  it("is else the costliest stage", () => {
    expect(findLimit(rated(2, [1]), reading)).toMatchObject({ limit: "decode", deviceBytesPerSecond: 100 * MB });
    const inferring = pass(1, 1, { stagesMs: { read: 1, decode: 2, compute: 3, infer: 40, write: 5 } });
    expect(findLimit(summariseSetting({ workers: 1, batchSize: 16 }, [inferring]), reading).limit).toBe("inference");
  });

  it("says nothing of a disk that was not asked", () => {
    const cached = { ...reading, seconds: 20, deviceBytes: 1 * MB };
    expect(findLimit(rated(2, [1]), cached)).toMatchObject({ limit: "decode", deviceBytesPerSecond: null });
    expect(findLimit(rated(2, [1]), { ...cached, deviceBytes: null }).deviceBytesPerSecond).toBeNull();
  });
});

describe("the order of a sample", () => {
  it.each([1, 2, 3, 8, 500])("has each of %i files once", (count) => {
    const list = Array.from({ length: count }, (_, i) => i);
    expect(evenly(list).sort((a, b) => a - b)).toEqual(list);
  });

  it("is spread evenly whatever is taken of its beginning", () => {
    const order = evenly(Array.from({ length: 1000 }, (_, i) => i));
    for (const taken of [10, 50, 333]) {
      const sorted = order.slice(0, taken).sort((a, b) => a - b);
      const gaps = [...sorted, 1000].map((at, i) => at - (sorted[i - 1] ?? 0));
      expect(Math.max(...gaps)).toBeLessThan((2.5 * 1000) / taken);
    }
  });
});
