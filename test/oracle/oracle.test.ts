import { describe, expect, it } from "vitest";
import type { Recipe } from "../../src/features/recipe.ts";
import { COVERED, NO_EXTENT } from "../../src/windows/series.ts";
import { oracleClean, type RawRow } from "./clean.ts";
import { oracleLists } from "./lists.ts";
import { oracleWindows } from "./windows.ts";

// What the reference's answers do not show: which signal lacked coverage, ties of phases, and the counters.

const recipe: Recipe = {
  window: { lengthSeconds: 4, hopSeconds: 2, minCoverage: 0.75 },
  clipSigma: null,
  signals: [
    { name: "a", columns: ["a"], range: [0, 10], fill: "none", maxGapSeconds: 10 },
    { name: "b", columns: ["b"], range: null, fill: "none", maxGapSeconds: 10 },
  ],
  features: [{ name: "a_mean", op: "mean", signal: "a", onMissing: "skip" }],
};

function row(second: number, values: RawRow["values"], more: Partial<RawRow> = {}): RawRow {
  return { timeNs: BigInt(second) * 1_000_000_000n, values, qualities: [null, null], phase: null, ...more };
}

describe("oracleWindows", () => {
  it("names the first signal of the recipe that lacks coverage", () => {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((s) => row(s, [s >= 2 && s < 4 ? null : 1, s >= 3 && s < 6 ? null : 1]));
    const { input } = oracleClean(rows, recipe);
    const { count, coverage, starts } = oracleWindows(input, recipe);
    expect(count).toBe(3);
    expect([...starts]).toEqual([0, 2e9, 4e9]);
    expect([...coverage]).toEqual([0, 0, 1]);
  });

  it("lets a signal of one sample cover no window even where nothing is asked of coverage", () => {
    const { input } = oracleClean(
      [0, 1, 2, 3].map((s) => row(s, [1, s === 0 ? 1 : null])),
      recipe,
    );
    const lax = { ...recipe, window: { ...recipe.window, minCoverage: 0 } };
    expect([...oracleWindows(input, lax).coverage]).toEqual([1]);
  });

  it("keeps every phase of a tie", () => {
    const phases = [4, 4, null, 5, 5, 3, null, null];
    const { input } = oracleClean(
      phases.map((phase, s) => row(s, [1, 1], { phase })),
      recipe,
    );
    expect([...oracleWindows(input, recipe).phaseSets]).toEqual([1 << 4, 1 << 5, (1 << 5) | (1 << 3)]);
  });

  it("has no windows of a single row", () => {
    const { input } = oracleClean([row(0, [1, 1])], recipe);
    expect(oracleWindows(input, recipe).count).toBe(0);
  });
});

describe("oracleLists", () => {
  it("tells rows without extent, lists too short and lists that are missing apart", () => {
    const full = [1, 2, 3, 4];
    const base = { startNs: 0, endNs: 4e9, phase: 4 };
    const rows = [
      { ...base, lists: [full, full] },
      { ...base, endNs: null, lists: [full, full] },
      { ...base, endNs: 0, lists: [full, full] },
      { ...base, lists: [full, [1, null, null, 4]] },
      { ...base, lists: [null, full] },
      { ...base, lists: [[1, 2], full] },
    ];
    const { coverage, phaseSets, features } = oracleLists(rows, recipe);
    expect([...coverage]).toEqual([COVERED, NO_EXTENT, NO_EXTENT, 1, 0, 0]);
    expect([...phaseSets]).toEqual(rows.map(() => 1 << 4));
    expect(features[0][0]).toBe(2.5);
  });
});

describe("oracleClean", () => {
  it("counts what it leaves out, and keeps the first of equal times", () => {
    const day = 86_400;
    const rows = [
      row(2, [3, 1], { qualities: ["SENSOR_ERROR", "VALID"] }),
      row(0, [1, 1], { qualities: [null, "ODD"] }),
      row(0, [2, 2], { qualities: [null, "ODD"] }),
      row(1, [11, Number.POSITIVE_INFINITY]),
      row(3, [10, Number.NaN], { qualities: ["OUTLIER_CAPPED", "OUTLIER_REMOVED"] }),
      row(8 * day, [1, 1]),
      { ...row(0, [1, 1]), timeNs: null },
    ];
    const { input, counts } = oracleClean(rows, recipe);
    expect([...input.rowTimes]).toEqual([0, 1e9, 2e9, 3e9]);
    expect(input.samples.map((s) => [...s.values])).toEqual([
      [1, 10],
      [1, 1],
    ]);
    expect(counts).toEqual({ noTime: 1, timeImplausible: 1, duplicateTime: 1, outOfRange: [1, 0], unknownQuality: 1 });
  });

  it("keeps a row exactly 7 days from the median time", () => {
    const week = 7 * 86_400;
    const { counts } = oracleClean([row(0, [1, 1]), row(1, [1, 1]), row(week + 1, [1, 1]), row(-week, [1, 1])], recipe);
    expect(counts.timeImplausible).toBe(1);
  });
});
