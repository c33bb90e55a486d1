import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "../../src/features/recipe.ts";
import { feature, recipe, secondsAfter, signal, steps } from "../support/record.ts";
import { outcomes, TestScorer } from "../support/scoring.ts";
import { doubles, type TestTable, times } from "../support/write-table.ts";

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make();
});
afterAll(() => scorer.close());

const score = (table: TestTable, ofRecipe: Recipe = recipe()) =>
  scorer.scoreTable(table, { bundle: { recipe: ofRecipe } });

/** A recording of 10 Hz from 0 s on, with `missing` rows of vib null. */
function recording(rows: number, missing: (row: number) => boolean = () => false): TestTable {
  const vib = steps(rows).map((i) => (missing(i) ? null : 1));
  return { timestamp: times(secondsAfter(steps(rows, 0.1))), vib: doubles(vib), n1: doubles(vib.map(() => 2)) };
}

describe("a window exists while its end is at most 1.5 median steps after the last row", () => {
  it.each([
    ["an hour at 1 Hz", steps(3600), 719],
    ["an hour at 10 Hz", steps(36_000, 0.1), 719],
    ["no row", [], 0],
    ["one row", [0], 0],
    ["two rows", [0, 1], 0],
    ["one window exactly: rows at 0 to 9 s", steps(10), 1],
    ["one window by half a step: rows at 0 to 8.5 s", [...steps(9), 8.5], 1],
    ["half a step less a nanosecond", [...steps(9), 8.499999999], 0],
    ["the second window by half a step", [...steps(14), 13.5], 2],
    ["a gap is part of the grid", [...steps(10), ...steps(10).map((s) => 30 + s)], 7],
  ])("%s", async (_, seconds, windows) => {
    const ones = doubles(seconds.map(() => 1));
    const { report } = await score({ timestamp: times(secondsAfter(seconds)), vib: ones, n1: ones });
    expect(report.flights[0]?.windows ?? 0).toBe(windows);
  });

  it.each([
    ["a hop that does not divide the length", 10, 4, 6],
    ["a hop longer than the window", 5, 8, 4],
    ["a hop of the window's length", 10, 10, 3],
    ["fractions of a second", 2.5, 0.7, 40],
  ])("%s", async (_, lengthSeconds, hopSeconds, windows) => {
    const own = recipe({ window: { lengthSeconds, hopSeconds, minCoverage: 0.95 } });
    const scored = await score(recording(300), own);
    expect(outcomes(scored)).toEqual({ scored: windows });
    expect(scored.chunks[0]!.timestamps.map((t, k) => t - BigInt(Math.round(k * hopSeconds * 1e9)))).toEqual(
      new BigInt64Array(windows).fill(secondsAfter([0])[0]!),
    );
  });
});

describe("a window is scored when every signal covers it", () => {
  it.each<[string, TestTable, Record<string, number>]>([
    ["95 of 100 samples are enough", recording(100, (i) => i % 20 === 7), { scored: 1 }],
    ["94 are not", recording(100, (i) => i % 20 === 7 || i === 50), { "low_coverage:vib": 1 }],
    ["no sample at all", recording(100, () => true), { "low_coverage:vib": 1 }],
    ["a single sample", recording(100, (i) => i !== 5), { "low_coverage:vib": 1 }],
    [
      "a gap spoils the windows that it lies in",
      recording(300, (i) => i >= 120 && i < 140),
      { scored: 3, "low_coverage:vib": 2 },
    ],
    [
      "of two signals that fail the recipe's first is named",
      { ...recording(100, () => true), n1: doubles(new Array(100).fill(null)) },
      { "low_coverage:vib": 1 },
    ],
    ["the second alone", { ...recording(100), n1: doubles(new Array(100).fill(null)) }, { "low_coverage:n1": 1 }],
  ])("%s", async (_, table, expected) => {
    expect(outcomes(await score(table))).toEqual(expected);
  });

  it("the first named is the first in the recipe, not in the file", async () => {
    const own = recipe({ signals: [signal("n1"), signal("vib")] });
    const table = { ...recording(100, () => true), n1: doubles(new Array(100).fill(null)) };
    expect(outcomes(await score(table, own))).toEqual({ "low_coverage:n1": 1 });
  });

  it("a signal at a tenth of the rows' rate is thinned without `fill`, and whole with it", async () => {
    const table = { ...recording(100), n1: doubles(steps(100).map((i) => (i % 10 === 0 ? 1 : null))) };
    expect(outcomes(await score(table))).toEqual({ "low_coverage:n1": 1 });
    const filled = recipe({ signals: [signal("vib"), signal("n1", { fill: "hold" })] });
    expect(outcomes(await score(table, filled))).toEqual({ scored: 1 });
  });
});

describe("short gaps are filled as the recipe says", () => {
  /** A rising n1 every 1 s, without the seconds between `from` and `to`. */
  const withGap = (from: number, to: number): TestTable => {
    const table = recording(300);
    const values = steps(300).map((i) => (i % 10 === 0 && !(i > from * 10 && i < to * 10) ? i / 10 : null));
    return { ...table, n1: doubles(values) };
  };
  const filling = (fill: "linear" | "hold", maxGapSeconds: number) =>
    recipe({
      window: { lengthSeconds: 30, hopSeconds: 30, minCoverage: 0.95 },
      signals: [signal("vib"), signal("n1", { fill, maxGapSeconds })],
      features: [feature("a", { signal: "n1" }), feature("b", { signal: "n1", op: "max" })],
    });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it.each<[string, number, number, ReturnType<typeof filling>, number | null]>([
    ["linear", 10, 15, filling("linear", 5), mean(steps(30))],
    ["hold", 10, 15, filling("hold", 5), mean([...steps(11), 10, 10, 10, 10, ...steps(30).slice(15)])],
    ["a gap just longer than allowed", 10, 15, filling("hold", 4.999), null],
    [
      "a gap just as long as allowed",
      10,
      15,
      filling("hold", 5),
      mean([...steps(11), 10, 10, 10, 10, ...steps(30).slice(15)]),
    ],
  ])("%s", async (_, from, to, own, expected) => {
    const scored = await score(withGap(from, to), own);
    if (expected === null) expect(outcomes(scored)).toEqual({ "low_coverage:n1": 1 });
    else expect(scored.chunks[0]!.scores[0]! - 29).toBeCloseTo(expected, 4);
  });

  it.each([
    ["1.5 steps are no gap", 3.5, { "low_coverage:vib": 1 }],
    ["a nanosecond more is one", 3.500000001, { scored: 1 }],
  ])("%s", async (_, fourth, expected) => {
    const seconds = [0, 1, 2, fourth, 4.5, 5.5, 6.5, 7.5, 8.5];
    const ones = doubles(seconds.map(() => 1));
    const held = recipe({ signals: [signal("vib", { fill: "hold" }), signal("n1", { fill: "hold" })] });
    // Nine samples of ten are too few: only with one put in is the window covered.
    expect(outcomes(await score({ timestamp: times(secondsAfter(seconds)), vib: ones, n1: ones }, held))).toEqual(
      expected,
    );
  });
});
