import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareResults } from "../../src/compare/compare-results.ts";
import type { Comparison, GroupComparison } from "../../src/compare/comparison.ts";
import { shapleyValues } from "../../src/compare/shapley.ts";
import { scratch } from "../support/run.ts";
import { writeCsv } from "./write-results.ts";

interface Case extends Record<"ks" | "wasserstein" | "psi" | "mean" | "largest", number> {
  name: string;
  a: number[];
  b: number[];
  pearson: number | null;
  spearman: number | null;
  quantiles: number[];
}

const KNOWN = JSON.parse(readFileSync(join(import.meta.dirname, "statistics-cases.json"), "utf8")) as {
  cases: Case[];
  shapley: { n: number; worth: number[]; values: number[] }[];
};

/** All cases in one file, an aircraft and a phase each; the other file has the windows the other way round. */
const PHASES = ["ground", "taxi", "takeoff", "climb", "cruise", "descent", "approach", "landing"];

function rowsOf(side: "a" | "b") {
  return KNOWN.cases.flatMap(({ name, [side]: scores }, i) =>
    scores.map((score, k) => ({
      aircraft: name,
      window: `w${k}`,
      second: 5 * k,
      score,
      phase: PHASES[i]!,
      threshold: 1,
    })),
  );
}

function expectStatistics(found: GroupComparison, known: Omit<Case, "name">): void {
  const expectClose = (value: number | null, wanted: number | null) =>
    wanted === null ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted, 9);
  expect(found.windows).toBe(known.a.length);
  expectClose(found.pearson, known.pearson);
  expectClose(found.spearman, known.spearman);
  expectClose(found.distance.ks, known.ks);
  expectClose(found.distance.wasserstein, known.wasserstein);
  expectClose(found.distance.psi, known.psi);
  expectClose(found.difference.mean, known.mean);
  expectClose(found.difference.largest_absolute, known.largest);
  const quantiles = Object.values(found.difference.quantiles);
  expect(quantiles).toHaveLength(known.quantiles.length);
  for (const [i, wanted] of known.quantiles.entries()) expectClose(quantiles[i]!, wanted);
}

describe("statistics against SciPy", () => {
  let comparison: Comparison;
  beforeAll(async () => {
    const folder = scratch();
    const a = writeCsv(folder, "a.csv", rowsOf("a"));
    const b = writeCsv(folder, "b.csv", rowsOf("b").reverse());
    comparison = await compareResults({ a, b });
  });

  it.each(KNOWN.cases)("finds those of $name by aircraft and by phase", (known) => {
    expectStatistics(comparison.by_aircraft[known.name]!, known);
    expectStatistics(comparison.by_phase![PHASES[KNOWN.cases.indexOf(known)]!]!, known);
  });

  it("finds those of one case alone, where it is all there is", async () => {
    const folder = scratch();
    const [known] = KNOWN.cases as [Case];
    const rows = (scores: number[]) => scores.map((score, k) => ({ window: `w${k}`, score }));
    const files = { a: writeCsv(folder, "a.csv", rows(known.a)), b: writeCsv(folder, "b.csv", rows(known.b)) };
    expectStatistics((await compareResults(files)).overall, known);
  });
});

describe("shapleyValues", () => {
  it.each(KNOWN.shapley)("is the mean over all orders, for $n players with $worth", ({ n, worth, values }) => {
    const found = shapleyValues(n, worth);
    for (const [i, value] of values.entries()) expect(found[i]).toBeCloseTo(value, 12);
    expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(worth.at(-1)! - worth[0]!, 12);
  });

  it("shares a worth that needs both of two players, and gives nothing to one who adds nothing", () => {
    expect(shapleyValues(2, [0, 0, 0, 1])).toEqual([0.5, 0.5]);
    expect(shapleyValues(2, [0, 1, 0, 1])).toEqual([1, 0]);
    // The first player alone undoes what the second does: -1/2 and 3/2.
    expect(shapleyValues(2, [1, 0, 2, 2])).toEqual([-0.5, 1.5]);
  });
});
