import { expect, it } from "vitest";
import type { FlightWindow } from "../../src/report/read-flights.ts";
import { traceFlight } from "../../src/report/trace-flight.ts";

const SECOND = 1_000_000_000n;
const HOP = 5n * SECOND;

/** A window of ten seconds that begins `at` seconds. */
function windowAt(at: number, more: Partial<FlightWindow> = {}): FlightWindow {
  const startNs = BigInt(at) * SECOND;
  const base = {
    windowId: `w${at}`,
    startNs,
    endNs: startNs + 10n * SECOND,
    score: 1,
    isAnomaly: false,
    severity: 0,
  } as const;
  return { ...base, threshold: 3, phase: "climb", errors: null, ...more };
}

it("breaks the line where a window is missing, and shows only uncovered time as not examined", () => {
  const trace = traceFlight(
    [0, 5, 15, 20, 60, 65].map((at) => windowAt(at)),
    HOP,
    null,
  );
  expect(trace.scores.map(([at, value]) => [at / 1000, value])).toEqual([
    [0, 1],
    [5, 1],
    [10, null],
    [15, 1],
    [20, 1],
    [40, null],
    [60, 1],
    [65, 1],
  ]);
  expect(trace.unexamined).toEqual([{ from: 30_000, to: 60_000, label: "not examined" }]);
});

it("shows what was recorded before the first and after the last window", () => {
  const recorded = { fromNs: 0n, toNs: 100n * SECOND };
  expect(traceFlight([windowAt(20), windowAt(25)], HOP, recorded).unexamined).toEqual([
    { from: 0, to: 20_000, label: "not examined" },
    { from: 35_000, to: 100_000, label: "not examined" },
  ]);
});

it("has phases from their first window to the next phase, and to the end before a gap", () => {
  const phases = ["taxi", "taxi", "climb", "climb", "cruise"];
  const windows = [0, 5, 10, 15, 60].map((at, i) => windowAt(at, { phase: phases[i]! }));
  expect(traceFlight(windows, HOP, null).phases).toEqual([
    { from: 0, to: 10_000, label: "taxi" },
    { from: 10_000, to: 25_000, label: "climb" },
    { from: 60_000, to: 70_000, label: "cruise" },
  ]);
});

it("has the threshold where it changes, and the anomalies by themselves", () => {
  const windows = [
    windowAt(0),
    windowAt(5, { threshold: 4 }),
    windowAt(10, { threshold: 4, score: 9, isAnomaly: true }),
  ];
  const { thresholds, anomalousScores, anomalies, maxScore } = traceFlight(windows, HOP, null);
  expect(thresholds).toEqual([
    [0, 3],
    [5000, 4],
    [20_000, 4],
  ]);
  expect(anomalousScores).toEqual([[10_000, 9]]);
  expect([anomalies, maxScore]).toEqual([1, 9]);
});

it("says nothing of a flight without windows", () => {
  expect(traceFlight([], HOP, null)).toEqual({
    windows: 0,
    anomalies: 0,
    maxScore: null,
    scores: [],
    anomalousScores: [],
    thresholds: [],
    phases: [],
    unexamined: [],
  });
});
