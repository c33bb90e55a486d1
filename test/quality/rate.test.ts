import { describe, expect, it } from "vitest";
import { findInFlight } from "../../src/quality/find-in-flight.ts";
import { find, flightOf, names, noise, only, recipeOf, shaft, vibration } from "./flights.ts";

describe("a rate of which nothing can be made", () => {
  it("is too slow for the order at every speed of the running shaft", () => {
    const finding = only(find({ vib: { ...vibration(), hertz: 10 }, n1: shaft(30) }), "rate");
    expect(finding).toMatchObject({ signal: "vib", worst: 0.1, count: 2400 });
    expect(finding.example).toMatch(
      /^a sample every 0\.1 s: share can at no speed be told from it, since order 1 is at 12\.\d+ Hz or more$/,
    );
  });

  it("is not one at which slow running can be tracked, or of a shaft that stands still", () => {
    const slow = { ...shaft(), at: (s: number, i: number) => shaft(s < 60 ? 11 : 84).at(s, i) };
    expect(names(find({ vib: { ...vibration(), hertz: 10 }, n1: slow }))).toEqual([]);
    expect(names(find({ vib: { ...vibration(), hertz: 10 }, n1: shaft(0) }))).toEqual([]);
  });

  it("leaves rows without a value where the recipe does not fill", () => {
    const egt = { hertz: 1, at: (s: number, i: number) => 500 + s + noise(i) };
    expect(only(find({ vib: vibration(), n1: shaft(), egt }), "rate")).toMatchObject({ signal: "egt", worst: 1 });
    expect(find({ vib: vibration(), n1: shaft(), egt: { ...egt, spec: { fill: "hold" } } })).toEqual([]);
  });

  it("gives fewer than two samples in a window", () => {
    const oil = {
      hertz: 0.125,
      spec: { fill: "hold" as const },
      at: (s: number, i: number) => 50 + s / 100 + noise(i),
    };
    expect(only(find({ n1: shaft(), oil }, { seconds: 2400 }), "rate").example).toBe(
      "a sample every 8 s: fewer than two in a window of 10 s",
    );
  });
});

describe("irregular steps", () => {
  const lost = (share: number) => (seconds: number) => noise(Math.round(seconds * 100), 9) >= share;

  it("are told of the rows, once for all signals at their times", () => {
    const finding = only(find({ vib: vibration() }, { isThere: lost(0.2) }), "irregular");
    expect(finding).toMatchObject({ signal: null, seconds: null });
    expect(finding.count / 19_200).toBeCloseTo(0.2, 1);
    expect(finding.worst).toBeGreaterThanOrEqual(0.03);
  });

  it("are told of a signal whose own they are", () => {
    const egt = {
      at: (s: number, i: number) => (noise(i, 5) < 0.2 ? Number.NaN : 500 + s + noise(i)),
      spec: { fill: "linear" as const },
    };
    expect(names(find({ vib: vibration(), n1: shaft(), egt }))).toEqual(["irregular egt"]);
  });

  it("are none where signals are recorded regularly, but between each other's times", () => {
    const late = { hertz: 10, spec: { fill: "linear" as const }, at: (s: number, i: number) => 500 + s + noise(i) };
    const flight = flightOf({ vib: vibration(), n1: shaft(), late });
    const shifted = {
      ...flight.input.samples[2]!,
      times: flight.input.samples[2]!.times.map((time) => time + 3_000_000),
    };
    const rowTimes = Float64Array.from([...flight.input.rowTimes, ...shifted.times]).sort();
    const samples = [...flight.input.samples.slice(0, 2), shifted];
    const signals = recipeOf({ vib: vibration(), n1: shaft(), late });
    expect(names(findInFlight({ ...flight, input: { rowTimes, rowSteps: null, samples } }, signals))).toEqual([]);
  });

  it("are not a few lost rows, nor one long gap", () => {
    expect(find({ vib: vibration() }, { isThere: lost(0.02) })).toEqual([]);
    expect(find({ vib: vibration() }, { isThere: (s) => s < 60 || s > 100 })).toEqual([]);
  });
});
