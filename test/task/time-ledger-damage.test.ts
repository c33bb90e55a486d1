import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FlightReport } from "../../src/results/reports.ts";
import type { ResultChunk } from "../../src/results/result-chunk.ts";
import { propertyParameters, randomFrom } from "../properties/random.ts";
import { recipe, SECOND, START, signal, steps } from "../support/record.ts";
import { TestScorer } from "../support/scoring.ts";
import { doubles, ints, type TestTable, texts, times } from "../support/write-table.ts";

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make();
});
afterAll(() => scorer.close());

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
