import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountHops } from "../../src/coverage/account-hops.ts";
import { Reasons } from "../../src/coverage/reasons.ts";
import { recordHops } from "../../src/coverage/record-hops.ts";
import { countWindows } from "../../src/windows/grid.ts";
import { stepsOf } from "../../src/windows/median.ts";
import { propertyParameters, randomFrom, telling } from "../properties/random.ts";
import { type SlowFlight, slowEnd, slowLedger } from "./slow-ledger.ts";

const SIGNALS = ["vib", "n1", "egt"];
const FEATURES = ["rms", "rate"];
const reasons = new Reasons(SIGNALS, FEATURES);

/** A damaged flight as a plan: what is lost where, and what became of the windows. */
const flightPlan = fc.record({
  seed: fc.integer(),
  rows: fc.oneof(fc.nat(3), fc.integer({ min: 20, max: 300 })),
  /** Nanoseconds of a row's step, a hop's and a window's: with and without common factors. */
  stepNs: telling([10, 7, 100], [1, 150]).map(Math.round),
  hopNs: telling([50, 100, 37, 8], [5, 400]).map(Math.ceil),
  lengthShare: telling([2, 1, 3, 2.6, 0.4], [0.2, 5]),
  originNs: fc.constantFrom(0, 5, 8_899_200_000_000_003),
  jitter: fc.constantFrom(0, 0, 0.9),
  gaps: fc.array(fc.record({ row: fc.nat(300), steps: fc.nat(60) }), { maxLength: 4 }),
  /** Shares of the windows' fates: scored, filtered, and what the data causes. */
  scored: fc.constantFrom(0, 0.2, 0.7, 1),
  filtered: fc.constantFrom(0, 0.1, 0.6, 1),
});

type FlightPlan = typeof flightPlan extends fc.Arbitrary<infer P> ? P : never;

function rowTimesOf({ seed, rows, stepNs, originNs, jitter, gaps }: FlightPlan): number[] {
  const random = randomFrom(seed);
  const times: number[] = [];
  for (let i = 0, at = originNs; i < rows; i++) {
    times.push(at);
    const lost = gaps.filter(({ row }) => row === i).reduce((sum, { steps }) => sum + steps, 0);
    at += Math.max(1, Math.round(stepNs * (1 + lost + jitter * (random.unit() - 0.5))));
  }
  return times;
}

function damagedFlight(plan: FlightPlan): SlowFlight {
  const random = randomFrom(plan.seed ^ 0x55);
  const rowTimes = rowTimesOf(plan);
  const lengthNs = Math.max(1, Math.round(plan.hopNs * plan.lengthShare));
  const grid = { lengthNs, hopNs: plan.hopNs };
  const times = Float64Array.from(rowTimes);
  const span = (rowTimes.at(-1) ?? 0) - (rowTimes[0] ?? 0);
  const count = rowTimes.length < 2 ? 0 : countWindows(span, stepsOf(times).median, grid);
  const windows = Array.from({ length: count }, (_, k) => {
    const start = rowTimes[0]! + k * plan.hopNs;
    return { start, end: start + lengthNs, fate: fateOf(plan, random.unit(), random.unit()) };
  });
  const some = () => rowTimes.filter(() => random.unit() < 0.1);
  return {
    ...{ rowTimes, ...grid, windows, signals: SIGNALS, features: FEATURES },
    disowned: [some(), [], some()],
    outside: [some(), some(), []],
  };
}

function fateOf({ scored, filtered }: FlightPlan, share: number, which: number): string {
  if (share < scored) return "scored";
  if (share < scored + (1 - scored) * filtered) return "filtered";
  const data = reasons.names.filter((name) => /^(low_coverage|not_computable|score_not_finite)/.test(name));
  return data[Math.floor(which * data.length)]!;
}

function fastLedger({ rowTimes, lengthNs, hopNs, windows, disowned, outside }: SlowFlight): Record<string, number> {
  const input = {
    rowTimes: Float64Array.from(rowTimes),
    phases: { times: Float64Array.from(rowTimes), codes: Uint8Array.from(rowTimes, (_, i) => i % 8) },
    samples: SIGNALS.map((_, i) => ({
      times: new Float64Array(0),
      values: new Float64Array(0),
      lost: { disowned: Float64Array.from(disowned[i]!), outside: Float64Array.from(outside[i]!) },
    })),
  };
  const entries = accountHops(recordHops(input, { lengthNs, hopNs }), {
    reasons,
    fates: Int16Array.from(windows, ({ fate }) => reasons.names.indexOf(fate)),
    phaseSets: new Uint8Array(windows.length),
    phaseOf: (set) => (set === 0 ? null : 31 - Math.clz32(set)),
  });
  const sums: Record<string, number> = {};
  for (const { reason, ns } of entries) sums[reason] = (sums[reason] ?? 0) + ns;
  return sums;
}

describe("the ledger of a series", () => {
  it("gives every nanosecond of a damaged recording the reason that a slow search finds", () => {
    const seen = new Set<string>();
    const property = fc.property(flightPlan, (plan) => {
      const flight = damagedFlight(plan);
      const fast = fastLedger(flight);
      for (const reason of Object.keys(fast)) seen.add(reason.split(":")[0]!);
      expect(fast).toEqual(slowLedger(flight));
    });
    fc.assert(property, propertyParameters());
    expect([...seen].sort()).toEqual([
      ...["between_windows", "filtered", "gap", "low_coverage", "not_computable"],
      ...["out_of_range", "score_not_finite", "scored", "sensor_error", "tail"],
    ]);
  });

  it("adds up to the recording, to the nanosecond", () => {
    const property = fc.property(flightPlan, (plan) => {
      const flight = damagedFlight(plan);
      const { rowTimes } = flight;
      const span = rowTimes.length < 2 ? 0 : slowEnd(rowTimes) - rowTimes[0]!;
      expect(Object.values(fastLedger(flight)).reduce((a, b) => a + b, 0)).toBe(span);
    });
    fc.assert(property, propertyParameters());
  });
});
