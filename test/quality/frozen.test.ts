import { describe, expect, it } from "vitest";
import { find, names, noise, only, quantise, shaft, vibration } from "./flights.ts";

/** The signal, but of one value from a time to another. */
function stuck<T extends { at: (seconds: number, i: number) => number }>(
  signal: T,
  from: number,
  to: number,
  value: number,
): T {
  return { ...signal, at: (seconds, i) => (seconds >= from && seconds < to ? value : signal.at(seconds, i)) };
}

const oil = (level: (seconds: number, i: number) => number) => ({
  hertz: 1,
  spec: { range: [0, 200] as [number, number], fill: "hold" as const },
  at: level,
});

describe("a frozen signal", () => {
  it("keeps exactly one value for 10 s or more while the shaft turns", () => {
    const finding = only(find({ vib: stuck(vibration(), 100, 130, 1.5), n1: shaft() }), "frozen");
    expect(finding).toMatchObject({ signal: "vib", count: 1, seconds: 29.99, worst: 29.99, aircraftId: "AC001" });
    expect(finding.example).toBe("stays at exactly 1.5 for 29.99 s from 2025-10-11T06:01:40.000Z");
  });

  it("may be so several times, and at 0 too", () => {
    const twice = stuck(stuck(vibration(), 20, 35, 0), 150, 190, 0);
    expect(only(find({ vib: twice, n1: shaft() }), "frozen")).toMatchObject({
      count: 2,
      seconds: expect.closeTo(54.98),
      worst: 39.99,
    });
  });

  it("may be the speed itself, and so for all of the flight", () => {
    expect(names(find({ vib: vibration(), n1: stuck(shaft(), 60, 120, 84) }))).toEqual(["frozen n1"]);
    expect(names(find({ vib: vibration(), n1: stuck(shaft(), 0, 240, 84) }))).toEqual(["frozen n1"]);
  });

  it("is told without a shaft speed where another signal moves", () => {
    expect(
      names(
        find({
          vib: stuck(vibration(), 100, 130, 1.5),
          egt: { spec: { fill: "linear" }, at: (s, i) => 500 + s + noise(i) },
        }),
      ),
    ).toEqual(["frozen vib"]);
    const parked = { spec: { fill: "linear" as const }, at: () => 15 };
    expect(find({ vib: stuck(vibration(), 0, 240, 0.1), egt: parked })).toEqual([]);
  });

  it.each([9, 5, 1])("is not one of %i s", (seconds) => {
    expect(find({ vib: stuck(vibration(), 100, 100 + seconds, 1.5), n1: shaft() })).toEqual([]);
  });

  it("is not one that rests while the shaft stands still", () => {
    const still = (s: number) => s < 90 || s >= 200;
    const n1 = { ...shaft(), at: (s: number, i: number) => (still(s) ? 0 : shaft().at(s, i)) };
    const vib = { ...vibration(), at: (s: number, i: number) => (still(s) ? 0 : vibration().at(s, i)) };
    expect(find({ vib, n1 })).toEqual([]);
  });

  it("is not a slow and coarse one that keeps each value for long", () => {
    const slow = oil((s) => quantise(90 + 3 * Math.sin(s / 200), 1));
    expect(find({ vib: vibration(), n1: shaft(), slow }, { seconds: 1800 })).toEqual([]);
    const steps = {
      hertz: 10,
      spec: { fill: "linear" as const },
      at: (_: number, i: number) => quantise(600 + 20 * noise(Math.floor(i / 40)), 1),
    };
    expect(find({ vib: vibration(), n1: shaft(), steps }, { seconds: 1800 })).toEqual([]);
  });

  it("is one that was written on at the rate of a faster one, and then stopped", () => {
    const held = { hertz: 100, at: (s: number) => 600 + 20 * noise(Math.floor(10 * Math.min(s, 200))) };
    expect(names(find({ vib: vibration(), n1: shaft(), held }))).toEqual(["frozen held"]);
  });
});
