import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureSpec } from "../../src/features/recipe.ts";
import { windowsOfChunk } from "../../src/library/scored-window.ts";
import { feature, recipe, secondsAfter, steps } from "../support/record.ts";
import { NO_SCALING, outcomes, TestScorer } from "../support/scoring.ts";
import { doubles, type TestTable, texts, times } from "../support/write-table.ts";

const scaler = JSON.stringify({ ...JSON.parse(NO_SCALING), mean: [10, 20] });
let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make({ scaler });
});
afterAll(() => scorer.close());

const { NaN: nan } = Number;
const of = (first: Partial<FeatureSpec>, second: Partial<FeatureSpec>) =>
  recipe({ features: [feature("a", first), feature("b", { signal: "n1", ...second })] });
const skip = { onMissing: "skip" } as const;
const impute = { onMissing: "impute" } as const;

const table = (a: (number | null)[], b: (number | null)[]): TestTable => ({
  timestamp: times(secondsAfter(steps(a.length, 5))),
  a: doubles(a),
  b: doubles(b),
});

describe("a feature that is missing skips its window, or is imputed", () => {
  const values = [1, null, nan, Number.POSITIVE_INFINITY, 5] as const;
  const sound = [1, 2, 3, 4, 5];

  it("skip: the window has no score, and the feature is named", async () => {
    const scored = await scorer.scoreTable(table([...values], sound), { bundle: { recipe: of(skip, skip) } });
    expect(outcomes(scored)).toEqual({ scored: 2, "not_computable:a": 3 });
  });

  it("impute: the scaler's typical value stands in, is counted and named", async () => {
    const scored = await scorer.scoreTable(table([...values], sound), { bundle: { recipe: of(impute, skip) } });
    expect(outcomes(scored)).toEqual({ scored: 5 });
    expect(scored.report.flights[0]!.imputed).toEqual({ a: 3 });
    expect(scored.chunks[0]!.imputed).toEqual(["", "a", "a", "a", ""]);
    expect(Array.from(scored.chunks[0]!.scores)).toEqual([1 - 10 + 1 - 20, 2 - 20, 3 - 20, 4 - 20, 5 - 10 + 5 - 20]);
  });

  it.each([
    ["both skip: the recipe's first is named", of(skip, skip), { "not_computable:a": 1 }],
    ["the first is imputed, the second skips", of(impute, skip), { "not_computable:b": 1 }],
    ["the second is imputed, the first skips", of(skip, impute), { "not_computable:a": 1 }],
    ["both are imputed", of(impute, impute), { scored: 1 }],
  ])("%s", async (_, own, expected) => {
    const scored = await scorer.scoreTable(table([null], [null]), { bundle: { recipe: own } });
    expect(outcomes(scored)).toEqual(expected);
    expect(scored.report.flights[0]!.imputed).toEqual("scored" in expected ? { a: 1, b: 1 } : {});
  });

  it("the first in the recipe is named, whatever the order of the model", async () => {
    const scored = await scorer.scoreTable(table([null], [null]), {
      bundle: { recipe: of(skip, skip), featureOrder: ["b", "a"] },
    });
    expect(outcomes(scored)).toEqual({ "not_computable:a": 1 });
  });

  it("names with commas and quotes stay one name each", async () => {
    const names = ["vib, fan", 'the "b"'] as const;
    const features = names.map((name, i) =>
      feature(name, { signal: ["vib", "n1"][i]!, op: "rate", seconds: 9.95, ...impute }),
    );
    const ones = doubles(new Array<number>(100).fill(1));
    const recording = { timestamp: times(secondsAfter(steps(100, 0.1))), vib: ones, n1: ones };
    const scored = await scorer.scoreTable(recording, {
      bundle: { recipe: recipe({ features }), featureOrder: [...names] },
    });
    expect(scored.chunks[0]!.imputed).toEqual(['"vib, fan","the ""b"""']);
    expect(scored.report.flights[0]!.imputed).toEqual({ "vib, fan": 1, 'the "b"': 1 });
    expect(windowsOfChunk(scored.chunks[0]!)[0]!.imputedFeatures).toEqual(names);
  });

  it("typical values follow the order of the model", async () => {
    const scored = await scorer.scoreTable(table([null], [7]), {
      bundle: { recipe: of(impute, skip), featureOrder: ["b", "a"] },
    });
    // In the model's order the scaler is that of b, then a: means 10 and 20.
    expect(Array.from(scored.chunks[0]!.scores)).toEqual([7 - 10 + 0]);
  });
});

it("a recording's feature that cannot be computed is treated alike", async () => {
  const ones = doubles(new Array<number>(100).fill(1));
  const recording = { timestamp: times(secondsAfter(steps(100, 0.1))), vib: ones, n1: ones };
  const rate = { op: "rate", seconds: 9.95 } as const;
  const skipped = await scorer.scoreTable(recording, { bundle: { recipe: of({ ...rate, ...skip }, skip) } });
  expect(outcomes(skipped)).toEqual({ "not_computable:a": 1 });
  const imputed = await scorer.scoreTable(recording, { bundle: { recipe: of({ ...rate, ...impute }, skip) } });
  expect(outcomes(imputed)).toEqual({ scored: 1 });
});

it("a score that is not finite is none: neither normal nor an anomaly", async () => {
  const scored = await scorer.scoreTable(table([1e300, 1, -1e300, 2], [1, 1, 1, 1]), {
    bundle: { recipe: of(skip, skip) },
  });
  expect(outcomes(scored)).toEqual({ scored: 2, score_not_finite: 2 });
  expect(scored.report.flights[0]!.anomalies).toBe(0);
  expect(scored.chunks[0]!.windowIds).toEqual(["unknown_1760162405", "unknown_1760162415"]);
});

it("a row that is filtered out is counted as such, whatever else it lacks", async () => {
  const ids = { aircraft_id: texts(["A", "A", "B", "B"]) };
  const scored = await scorer.scoreTable(
    { ...table([null, 1, null, 1], [1, 1, 1, 1]), ...ids },
    { filter: "aircraft_id == A", bundle: { recipe: of(skip, skip) } },
  );
  expect(scored.report.flights.map(({ skipped, scored: count }) => ({ ...skipped, count }))).toEqual([
    { "not_computable:a": 1, count: 1 },
    { filtered: 2, count: 0 },
  ]);
});
