import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bootstrapByFlight, type FlightTotals, type RateIntervals } from "../../src/aggregate/bootstrap-by-flight.ts";
import { seededRandom } from "../../src/aggregate/seeded-random.ts";
import { theilSen } from "../../src/aggregate/theil-sen.ts";

interface BootstrapCase {
  flights: Record<keyof FlightTotals, number[]>;
  perWindow: [number, number];
  perFlight: [number, number];
  perSecond: [number, number];
}

/** Made by scripts/make_aggregate_cases.py with SciPy and NumPy. */
const cases = JSON.parse(readFileSync(new URL("statistics-cases.json", import.meta.url), "utf8")) as {
  theil_sen: {
    shape: string;
    x: number[];
    y: number[];
    slope: number;
    intercept: number;
    interval: [number, number];
  }[];
  bootstrap_exact: BootstrapCase[];
  bootstrap_scipy: BootstrapCase[];
};

function totals({ anomalies, windows, seconds }: BootstrapCase["flights"]): FlightTotals {
  return {
    anomalies: Float64Array.from(anomalies),
    windows: Float64Array.from(windows),
    seconds: Float64Array.from(seconds),
  };
}

/** The largest difference of two sets of intervals, in widths of the interval. */
function largestDifference(ours: RateIntervals, theirs: BootstrapCase): number {
  const keys = ["perWindow", "perFlight", "perSecond"] as const;
  return Math.max(
    ...keys.flatMap((key) => {
      const width = theirs[key][1] - theirs[key][0];
      return [0, 1].map((i) => Math.abs(ours[key]![i]! - theirs[key][i]!) / width);
    }),
  );
}

describe("the robust slope", () => {
  it.each(cases.theil_sen)("is that of SciPy, with its interval: $shape", ({ x, y, slope, intercept, interval }) => {
    const found = theilSen(x, y);
    expect(found.n).toBe(x.length);
    expect(found.slope).toBeCloseTo(slope, 14);
    expect(found.intercept).toBeCloseTo(intercept, 9);
    expect(found.interval![0]).toBeCloseTo(interval[0], 14);
    expect(found.interval![1]).toBeCloseTo(interval[1], 14);
  });

  it("has no interval of fewer than five points, and no slope of a single time", () => {
    expect(theilSen([1, 2, 3, 4], [1, 2, 3, 4])).toEqual({ n: 4, slope: 1, intercept: 0, interval: null });
    expect(theilSen([7], [0.1])).toEqual({ n: 1, slope: null, intercept: null, interval: null });
    expect(theilSen([], [])).toEqual({ n: 0, slope: null, intercept: null, interval: null });
    expect(theilSen([3, 3], [1, 2])).toEqual({ n: 2, slope: null, intercept: null, interval: null });
  });

  it("is not moved by one wild day", () => {
    const x = Array.from({ length: 11 }, (_, i) => i);
    const y = x.map((day) => (day === 9 ? 0.9 : 0.01));
    expect(theilSen(x, y).slope).toBe(0);
  });

  it("is flat where all rates are equal", () => {
    expect(theilSen([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0])).toEqual({
      n: 6,
      slope: 0,
      intercept: 0,
      interval: [0, 0],
    });
  });
});

describe("the interval by flight", () => {
  it.each(cases.bootstrap_exact)("comes to that of every possible resample (%#)", (one) => {
    const found = bootstrapByFlight(totals(one.flights), { resamples: 100_000, seed: 1, confidence: 0.95 });
    expect(largestDifference(found!, one)).toBeLessThan(0.03);
  });

  it.each(cases.bootstrap_scipy)("comes to that of SciPy (%#)", (one) => {
    const found = bootstrapByFlight(totals(one.flights), { resamples: 20_000, seed: 1, confidence: 0.95 });
    expect(largestDifference(found!, one)).toBeLessThan(0.03);
  });

  it("is the same for the same seed, and another for another", () => {
    const flights = totals(cases.bootstrap_scipy[0]!.flights);
    const make = (seed: number) => bootstrapByFlight(flights, { resamples: 100, seed, confidence: 0.95 });
    expect(make(5)).toEqual(make(5));
    expect(make(5)).not.toEqual(make(6));
  });

  it("does not exist of one flight, and is a point where nothing was found", () => {
    const zeros = (n: number) => ({
      anomalies: new Float64Array(n),
      windows: new Float64Array(n).fill(10),
      seconds: new Float64Array(n).fill(60),
    });
    expect(bootstrapByFlight(zeros(1))).toBeNull();
    expect(bootstrapByFlight(zeros(0))).toBeNull();
    expect(bootstrapByFlight(zeros(3))).toEqual({ perWindow: [0, 0], perFlight: [0, 0], perSecond: [0, 0] });
  });

  it("has no rate of time where there is no time", () => {
    const flights = { anomalies: Float64Array.of(1, 2), windows: Float64Array.of(3, 4), seconds: new Float64Array(2) };
    expect(bootstrapByFlight(flights)!.perSecond).toBeNull();
  });
});

it("draws every number as often as any other", () => {
  const random = seededRandom(1);
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < 160_000; i++) counts[random() >>> 28]!++;
  // Chi squared of 15 degrees of freedom: above 37.7 in one of 1000.
  expect(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(37.7);
});
