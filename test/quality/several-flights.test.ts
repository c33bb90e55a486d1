import { describe, expect, it } from "vitest";
import { feature } from "../support/record.ts";
import { find, names, only, shaft, vibration } from "./flights.ts";

/** A recipe that knows n1 as the speed of a slow shaft. */
const TRACKED = {
  features: [feature("share", { op: "order_ratio", signal: "n1", speed: "n1", order: 1, ratedRpm: 100 })],
};

/** A shaft that runs, but for some seconds. */
function stopped(from: number, to: number, percent = 0) {
  const running = shaft(30);
  return { ...running, at: (s: number, i: number) => (s >= from && s < to ? percent : running.at(s, i)) };
}

describe("several flights in what is called one", () => {
  it("are told by a shaft that stopped between two runs", () => {
    const finding = only(find({ n1: stopped(300, 600) }, { seconds: 900, recipe: TRACKED }), "several_flights");
    expect(finding).toMatchObject({ signal: null, count: 2 });
    expect(finding.seconds).toBeGreaterThan(260);
    expect(finding.seconds).toBeLessThanOrEqual(300);
    expect(finding.example).toMatch(
      /^the shaft below 5 percent between two runs for 2\d\d s from 2025-10-11T06:05:\d\d\.\d{3}Z$/,
    );
  });

  it.each([
    ["a short stop", stopped(300, 380)],
    ["a start after standing still", stopped(0, 300)],
    ["an end in standstill", stopped(300, 900)],
    ["slow running", stopped(300, 600, 22)],
    [
      "a crank before the start",
      { ...shaft(), at: (s: number, i: number) => (s < 20 ? 12 : s < 400 ? 0 : shaft().at(s, i)) },
    ],
  ])("are not %s", (_, n1) => {
    expect(names(find({ n1 }, { seconds: 900, recipe: TRACKED }))).not.toContain("several_flights");
  });

  it("are told by a gap of more than half an hour in the rows", () => {
    const gap = (to: number) =>
      find({ vib: { ...vibration(), hertz: 2 } }, { seconds: 3000, isThere: (s) => s < 300 || s >= to });
    expect(only(gap(2200), "several_flights")).toMatchObject({ count: 2, seconds: 1900.5, worst: 1900.5 });
    expect(only(gap(2200), "several_flights").example).toBe("no rows for 1900.5 s from 2025-10-11T06:04:59.500Z");
    expect(gap(2000)).toEqual([]);
  });

  it("are counted once where the shaft stopped in such a gap", () => {
    const isThere = (s: number) => s < 400 || s >= 2400;
    const n1 = { ...stopped(200, 2600), hertz: 1, spec: { fill: "linear" as const } };
    expect(only(find({ n1 }, { seconds: 3000, isThere, recipe: TRACKED }), "several_flights")).toMatchObject({
      count: 2,
      worst: 2001,
    });
  });
});
