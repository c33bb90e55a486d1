import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "../../src/features/recipe.ts";
import type { FlightReport } from "../../src/results/reports.ts";
import { feature, recipe, secondsAfter, signal, steps } from "../support/record.ts";
import { type ScoringOptions, TestScorer } from "../support/scoring.ts";
import { doubles, ints, lists, type TestTable, texts, times } from "../support/write-table.ts";

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make();
});
afterAll(() => scorer.close());

/** Seconds by reason over all phases of a file's first flight. */
async function ledgerOf(
  table: TestTable,
  { ofRecipe = recipe(), ...options }: ScoringOptions & { ofRecipe?: Recipe } = {},
): Promise<Record<string, number>> {
  const { report } = await scorer.scoreTable(table, { ...options, bundle: { recipe: ofRecipe } });
  return secondsByReason(report.flights[0]!);
}

function secondsByReason({ time }: Pick<FlightReport, "time">): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { reason, ns } of time) sums[reason] = (sums[reason] ?? 0) + ns / 1e9;
  return sums;
}

/** A minute of 10 Hz. `vib` by row, null where missing. */
function minute(vib: (row: number) => number | null = () => 1, more: TestTable = {}): TestTable {
  const rows = steps(600);
  return {
    timestamp: times(secondsAfter(steps(600, 0.1))),
    vib: doubles(rows.map(vib)),
    n1: doubles(rows.map(() => 2)),
    ...more,
  };
}

const between = (row: number, from: number, to: number) => row >= from && row < to;

describe("time that was not scored has its reason", () => {
  it("is scored to the end where windows reach it, and tail after that", async () => {
    expect(await ledgerOf(minute())).toEqual({ scored: 60 });
    const shorter = Object.entries(minute()).map(([name, column]) => [
      name,
      { ...column, data: column.data.slice(0, 583) },
    ]);
    expect(await ledgerOf(Object.fromEntries(shorter))).toEqual({ scored: 55, tail: 3.3 });
  });

  it("is tail where the flight is shorter than a window, and nothing where it has no two rows", async () => {
    const rows = (count: number) => ({
      timestamp: times(secondsAfter(steps(count, 0.1))),
      vib: doubles(new Array(count).fill(1)),
      n1: doubles(new Array(count).fill(1)),
    });
    expect(await ledgerOf(rows(50))).toEqual({ tail: 5 });
    expect(await ledgerOf(rows(1))).toEqual({});
  });

  it("is low coverage where values are missing, and of the signal that lacks them", async () => {
    expect(await ledgerOf(minute((row) => (between(row, 200, 230) ? null : 1)))).toEqual({
      scored: 55,
      "low_coverage:vib": 5,
    });
  });

  it("is a gap only where no row stands in all of a hop", async () => {
    const seconds = steps(600, 0.1).filter((s) => s < 18 || s >= 33);
    const ones = doubles(seconds.map(() => 1));
    expect(await ledgerOf({ timestamp: times(secondsAfter(seconds)), vib: ones, n1: ones })).toEqual({
      scored: 15 + 25,
      gap: 10,
      "low_coverage:vib": 5 + 5,
    });
  });

  it("is a sensor error where the quality disowns values, also of a value that is missing", async () => {
    const quality = steps(600).map((row) => (between(row, 200, 250) ? "SENSOR_ERROR" : "VALID"));
    const table = minute((row) => (row === 201 ? null : 1), { vib_quality: texts(quality) });
    expect(await ledgerOf(table)).toEqual({ scored: 55, "sensor_error:vib": 5 });
  });

  it("is out of range where values are, before low coverage and after a sensor error", async () => {
    const ofRecipe = recipe({ signals: [signal("vib", { range: [0, 10] }), signal("n1")] });
    const vib = (row: number) => (between(row, 200, 300) ? 99 : 1);
    expect(await ledgerOf(minute(vib), { ofRecipe })).toEqual({ scored: 50, "out_of_range:vib": 10 });
    const quality = steps(600).map((row) => (row === 220 ? "OUTLIER_REMOVED" : "VALID"));
    expect(await ledgerOf(minute(vib, { vib_quality: texts(quality) }), { ofRecipe })).toEqual({
      ...{ scored: 50, "sensor_error:vib": 5, "out_of_range:vib": 5 },
    });
  });

  it("is low coverage, not out of range, where values are no numbers", async () => {
    const ofRecipe = recipe({ signals: [signal("vib", { range: [0, 10] }), signal("n1")] });
    const vib = (row: number) => (between(row, 200, 300) ? (row % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY) : 1);
    expect(await ledgerOf(minute(vib), { ofRecipe })).toEqual({ scored: 50, "low_coverage:vib": 10 });
  });

  it("is not computable where the recipe skips such a window", async () => {
    const features = [feature("a"), feature("b", { op: "order_ratio", speed: "n1", order: 1, ratedRpm: 6000 })];
    const n1 = doubles(steps(600).map((row) => (row < 300 ? 100 : 0.001)));
    expect(
      await ledgerOf(
        minute((row) => row % 3, { n1 }),
        { ofRecipe: recipe({ features }) },
      ),
    ).toEqual({
      "not_computable:b": 30,
      scored: 30,
    });
  });

  it("is without a finite score where the model gives none", async () => {
    expect(
      await ledgerOf(
        minute((row) => (row < 300 ? 1 : 3e38), { n1: doubles(steps(600).map((row) => (row < 300 ? 1 : 3e38))) }),
      ),
    ).toEqual({ scored: 35, score_not_finite: 25 });
  });

  it("is filtered only where it would have been scored without the filter", async () => {
    const lacking = (row: number) => (between(row, 450, 480) ? null : 1);
    const filter = "timestamp<2025-10-11T06:00:20Z";
    expect(await ledgerOf(minute(lacking), { filter })).toEqual({ scored: 25, filtered: 30, "low_coverage:vib": 5 });
  });

  it("is filtered where one window of the hop is left out and the other lacks samples", async () => {
    const lacking = (row: number) => (between(row, 300, 330) ? null : 1);
    // The window from 20 s is whole, that from 25 s lacks samples: without the filter the hop from 25 s would be scored.
    const filter = "timestamp!=2025-10-11T06:00:20Z";
    expect(await ledgerOf(minute(lacking), { filter })).toEqual({ scored: 50, filtered: 5, "low_coverage:vib": 5 });
  });

  it("lies between windows where the hop is longer than the window", async () => {
    const ofRecipe = recipe({ window: { lengthSeconds: 10, hopSeconds: 16, minCoverage: 0.95 } });
    expect(await ledgerOf(minute(), { ofRecipe })).toEqual({ scored: 40, between_windows: 18, tail: 2 });
  });

  it("is told by phase", async () => {
    const phase = ints(steps(600).map((row) => (row < 220 ? 2 : row < 400 ? 4 : null)));
    const { report } = await scorer.scoreTable(
      minute((row) => (row >= 450 ? null : 1), { flight_phase: phase }),
      {
        bundle: { recipe: recipe() },
      },
    );
    expect(report.flights[0]!.time.map(({ phase: name, reason, ns }) => [name, reason, ns / 1e9])).toEqual([
      ["takeoff", "scored", 20],
      ["cruise", "scored", 20],
      ["unknown", "low_coverage:vib", 15],
      ["unknown", "scored", 5],
    ]);
  });
});

describe("time of window rows", () => {
  it("is what the rows cover together, each second once", async () => {
    const start = [0, 5, 10, 40];
    const list = (missing: number) => steps(10).map((i) => (i < missing ? null : 1));
    const table = {
      timestamp_start: times(secondsAfter(start)),
      timestamp_end: times(secondsAfter([10, 15, 20, 39])),
      vib: lists([list(0), list(9), list(9), list(0)]),
      n1: lists(start.map(() => list(0))),
    };
    expect(await ledgerOf(table)).toEqual({ scored: 10, "low_coverage:vib": 10 });
  });

  it("is out of range where a list's values are", async () => {
    const ofRecipe = recipe({ signals: [signal("vib", { range: [0, 10] }), signal("n1")] });
    const table = {
      timestamp_start: times(secondsAfter([0, 10])),
      timestamp_end: times(secondsAfter([10, 20])),
      vib: lists([new Array(10).fill(1), new Array(10).fill(11)]),
      n1: lists([new Array(10).fill(1), new Array(10).fill(1)]),
    };
    expect(await ledgerOf(table, { ofRecipe })).toEqual({ scored: 10, "out_of_range:vib": 10 });
  });

  it("is a window's length a row of features", async () => {
    const table = {
      timestamp: times(secondsAfter([0, 5, 30])),
      window_id: texts(["x", "y", "z"]),
      a: doubles([1, 1, null]),
      b: doubles([1, 1, 1]),
    };
    expect(await ledgerOf(table)).toEqual({ scored: 15, "not_computable:a": 10 });
  });
});
