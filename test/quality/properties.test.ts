import fc from "fast-check";
import { expect, it } from "vitest";
import { findInFlight } from "../../src/quality/find-in-flight.ts";
import { QUALITY_CHECKS, type QualityFinding } from "../../src/quality/finding.ts";
import { seriesOfLists } from "../../src/quality/list-series.ts";
import { evenStride } from "../../src/quality/sketch.ts";
import { listPlans, listRowsOf } from "../properties/list-rows.ts";
import { propertyParameters } from "../properties/random.ts";
import { flightPlans, flightOf as randomFlightOf } from "../properties/recordings.ts";
import { START } from "../support/record.ts";
import { find, noise, shaft, vibration } from "./flights.ts";

const FLIGHT = { aircraftId: "A", flightId: "F", originNs: START };

function expectWellFormed(findings: readonly QualityFinding[], signals: readonly string[]): void {
  for (const { check, count, seconds, worst, signal, example } of findings) {
    expect(QUALITY_CHECKS).toContain(check);
    expect(Number.isInteger(count) && count > 0, `count ${count}`).toBe(true);
    for (const number of [seconds ?? 0, worst ?? 0]) expect(Number.isFinite(number), example).toBe(true);
    expect(seconds ?? 0).toBeGreaterThanOrEqual(0);
    expect(signal === null || signals.includes(signal)).toBe(true);
    expect(example).not.toMatch(/NaN|Infinity|undefined|null/);
  }
}

it("says of any flight what can be written down, and the same each time", () => {
  fc.assert(
    fc.property(flightPlans, (plan) => {
      const { input, recipe } = randomFlightOf(plan);
      const flight = { ...FLIGHT, input, outside: recipe.signals.map(() => null) };
      const findings = findInFlight(flight, recipe);
      expectWellFormed(
        findings,
        recipe.signals.map(({ name }) => name),
      );
      expect(findInFlight(flight, recipe)).toEqual(findings);
    }),
    propertyParameters(),
  );
});

it("counts what is clipped and frozen as a plain look at all samples does", () => {
  fc.assert(
    fc.property(flightPlans, (plan) => {
      const { input, recipe } = randomFlightOf(plan);
      for (const { check, signal, count, worst } of findInFlight(
        { ...FLIGHT, input, outside: recipe.signals.map(() => null) },
        recipe,
      )) {
        const { times, values } = input.samples[recipe.signals.findIndex(({ name }) => name === signal)] ?? {
          times: input.rowTimes,
          values: [],
        };
        if (check === "clipped") {
          expect([Math.min(...values), Math.max(...values)]).toContain(worst);
          expect(values.filter((value) => value === worst)).toHaveLength(count);
        }
        if (check === "frozen") expect(longestStretch(times, values)).toBeGreaterThanOrEqual(worst!);
      }
    }),
    propertyParameters(),
  );
});

/** Seconds of the longest stretch of one value. */
function longestStretch(times: Float64Array, values: ArrayLike<number>): number {
  let longest = 0;
  for (let i = 1, from = 0; i < values.length; i++) {
    if (values[i] !== values[i - 1]) from = i;
    longest = Math.max(longest, (times[i]! - times[from]!) / 1e9);
  }
  return longest;
}

it("finds a stuck sensor wherever it is stuck, for 10 seconds or more and never for less", () => {
  const stretch = fc.record({ from: fc.integer({ min: 0, max: 4000 }), length: fc.integer({ min: 1, max: 1990 }) });
  fc.assert(
    fc.property(stretch, fc.integer(), ({ from, length }, seed) => {
      const at = (_: number, i: number) => (i >= from && i < from + length ? 1.5 : 2 + noise(i, seed));
      const findings = find({ vib: { ...vibration(), at }, n1: shaft() }, { seconds: 60 });
      const seconds = (length - 1) / 100;
      expect(findings.map(({ check, worst }) => [check, worst])).toEqual(
        seconds >= 10 ? [["frozen", expect.closeTo(seconds, 9)]] : [],
      );
    }),
    propertyParameters(),
  );
});

it("puts rows of lists one after another, none over another", () => {
  fc.assert(
    fc.property(listPlans, (plan) => {
      const { input, recipe } = listRowsOf(plan);
      const series = seriesOfLists(input);
      for (const { times } of [{ times: series.rowTimes }, ...series.samples]) {
        for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!);
      }
      const flight = { ...FLIGHT, input: { ...series, rowSteps: null }, outside: recipe.signals.map(() => null) };
      expectWellFormed(
        findInFlight(flight, recipe),
        recipe.signals.map(({ name }) => name),
      );
    }),
    propertyParameters(),
  );
});

it("looks at places that share no turn with what comes in twos, threes or fives", () => {
  for (const [count, most] of [
    [1, 1024],
    [24_000, 1024],
    [500_000, 1024],
    [36_000, 257],
  ] as const) {
    const stride = evenStride(count, most);
    expect([2, 3, 5].filter((factor) => stride % factor === 0)).toEqual([]);
    expect(Math.ceil(count / stride)).toBeLessThanOrEqual(most);
    expect(stride).toBeLessThan(count / most + 6);
  }
});
