import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "../../src/features/recipe.ts";
import type { FlightReport } from "../../src/results/reports.ts";
import type { ResultChunk } from "../../src/results/result-chunk.ts";
import { propertyParameters, randomFrom } from "../properties/random.ts";
import { feature, recipe, SECOND, START, secondsAfter, signal, steps } from "../support/record.ts";
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

/** A damaged recording as a plan. */
const damage = fc.record({
  seed: fc.integer(),
  rows: fc.oneof(fc.nat(4), fc.integer({ min: 50, max: 900 })),
  jitter: fc.constantFrom(0, 0.5),
  gaps: fc.array(fc.record({ row: fc.nat(900), seconds: fc.double({ min: 0.1, max: 40, noNaN: true }) }), {
    maxLength: 3,
  }),
  flights: fc.constantFrom(1, 1, 3),
  disorder: fc.constantFrom(0, 0, 0.05),
  badShare: fc.constantFrom(0, 0.02, 0.3),
  filter: fc.constantFrom(null, null, "flight_phase==cruise", "timestamp<2025-10-11T06:00:31Z"),
  window: fc.constantFrom([10, 5], [10, 10], [10, 4], [5, 8]),
});

type Damage = typeof damage extends fc.Arbitrary<infer P> ? P : never;

interface DamagedRow {
  time: bigint | null;
  flight: string;
  vib: number | null;
  quality: string | null;
  phase: number | null;
}

function damagedRows({ seed, rows, jitter, gaps, flights, disorder, badShare }: Damage): DamagedRow[] {
  const random = randomFrom(seed);
  let bad = 0;
  return steps(rows).map((i) => {
    const late = gaps.filter(({ row }) => row <= i).reduce((sum, { seconds }) => sum + seconds, 0);
    const at = START + BigInt(Math.round((i * 0.1 + late + 0.1 * jitter * (random.unit() - 0.5)) * 1e9));
    // What is bad is so for a while.
    bad = random.unit() < badShare / 30 ? 30 : bad - 1;
    const isBad = bad > 0;
    const kind = Math.floor(4 * random.unit());
    return {
      time: random.unit() < disorder ? [null, at - 3n * SECOND, at + 30n * 86_400n * SECOND][i % 3]! : at,
      flight: `F${Math.floor(random.unit() * flights)}`,
      vib: isBad ? [null, Number.NaN, 99, 1][kind]! : random.unit(),
      quality: isBad && kind === 3 ? "SENSOR_ERROR" : random.unit() < 0.1 ? null : "VALID",
      phase: random.unit() < 0.5 ? null : 4 + (i > rows / 2 ? 1 : 0),
    };
  });
}

function tableOf(rows: DamagedRow[]): TestTable {
  return {
    timestamp: times(rows.map(({ time }) => time)),
    flight_id: texts(rows.map(({ flight }) => flight)),
    vib: doubles(rows.map(({ vib }) => vib)),
    vib_quality: texts(rows.map(({ quality }) => quality)),
    n1: doubles(rows.map(() => 2)),
    flight_phase: ints(rows.map(({ phase }) => phase)),
  };
}

/** By flight its distinct usable times, ascending. */
function usableTimes(rows: DamagedRow[]): Map<string, bigint[]> {
  const all = rows.flatMap(({ time }) => (time === null ? [] : [time])).sort((a, b) => Number(a - b));
  const median = all[(all.length - 1) >> 1]!;
  const usable = rows.filter(
    ({ time }) => time !== null && (time > median ? time - median : median - time) <= 7n * 86_400n * SECOND,
  );
  const byFlight = new Map<string, bigint[]>();
  for (const { time, flight } of usable) byFlight.set(flight, [...(byFlight.get(flight) ?? []), time!]);
  return new Map([...byFlight].map(([id, own]) => [id, [...new Set(own)].sort((a, b) => Number(a - b))]));
}

function spanOf(own: bigint[]): bigint {
  if (own.length < 2) return 0n;
  const sorted = own
    .slice(1)
    .map((time, i) => time - own[i]!)
    .sort((a, b) => Number(a - b));
  const twice = sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!;
  return own.at(-1)! - own[0]! + (twice + 1n) / 2n;
}

/** Time of the hops that a scored window holds, by looking at every hop and every window. */
function scoredTime(own: bigint[], windows: bigint[], [length, hop]: readonly number[]): bigint {
  const [lengthNs, hopNs] = [BigInt(length!) * SECOND, BigInt(hop!) * SECOND];
  const end = own[0]! + spanOf(own);
  let sum = 0n;
  for (let start = own[0]!; start < end; start += hopNs) {
    const whole = start + (hopNs < lengthNs ? hopNs : lengthNs);
    const until = [whole, end].sort((a, b) => Number(a - b))[0]!;
    if (windows.some((w) => w <= start && until <= w + lengthNs)) sum += until - start;
  }
  return sum;
}

function expectWhole(flight: FlightReport, own: bigint[], chunk: ResultChunk, window: readonly number[]): void {
  const sum = flight.time.reduce((total, { ns }) => total + BigInt(ns), 0n);
  expect(sum).toBe(spanOf(own));
  const scored = flight.time
    .filter(({ reason }) => reason === "scored")
    .reduce((total, { ns }) => total + BigInt(ns), 0n);
  expect(scored).toBe(own.length < 2 ? 0n : scoredTime(own, [...chunk.timestamps], window));
}

describe("the ledger of a file", () => {
  it("adds up to each flight's recording, and to its scored hops, whatever the damage", async () => {
    const property = fc.asyncProperty(damage, async (plan) => {
      const rows = damagedRows(plan);
      const [lengthSeconds, hopSeconds] = plan.window;
      const ofRecipe = recipe({
        window: { lengthSeconds: lengthSeconds!, hopSeconds: hopSeconds!, minCoverage: 0.95 },
        signals: [signal("vib", { range: [-10, 10] }), signal("n1")],
      });
      const { report, chunks } = await scorer.scoreTable(tableOf(rows), {
        bundle: { recipe: ofRecipe },
        kind: "interim",
        ...(plan.filter !== null && { filter: plan.filter }),
      });
      const timesOf = usableTimes(rows);
      report.flights.forEach((flight, i) => {
        expectWhole(flight, timesOf.get(flight.flightId) ?? [], chunks[i]!, plan.window);
      });
      const whole = [...timesOf.values()].reduce((total, own) => total + spanOf(own), 0n);
      expect(report.time.lengthNs).toBe(rows.length > 0 && timesOf.size === 0 ? null : Number(whole));
    });
    await fc.assert(property, propertyParameters());
  });
});
