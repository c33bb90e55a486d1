import { expect, it } from "vitest";
import type { GroupSummary } from "../../src/aggregate/summary.ts";
import type { FlightEvent } from "../../src/events/event.ts";
import { renderPage } from "../../src/page/render-page.ts";
import { MOST } from "../../src/report/caps.ts";
import type { Point } from "../../src/report/decimate.ts";
import type { FlightInDepth, Report } from "../../src/report/model.ts";
import { reportPage } from "../../src/report/report-page.ts";

/** As long as ids mostly get. */
const ID = "AIRCRAFT-0123456789-";
const START_MS = Date.UTC(2025, 9, 6);

const points = (count: number): Point[] =>
  Array.from({ length: count }, (_, i) => [START_MS + i * 5000.123, 1000.123456 + i]);
const list = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const GROUP: GroupSummary = {
  flights: 100,
  windows: 100_000,
  anomalies: 12_345,
  anomaly_rate: 0.12345,
  max_anomaly_score: 1234.5678,
  first_anomaly: "2025-10-06",
  max_anomaly_severity: 3,
  anomaly_rate_interval: [0.1, 0.2],
  scored_flights: 100,
  anomalies_per_flight: 123.45,
  anomalies_per_flight_interval: [100, 150],
  scored_hours: 138.9,
  anomalies_per_100_hours: 8888.8,
  anomalies_per_100_hours_interval: [8000, 9000],
};
const TREND = {
  n: 62,
  slope: 0.01,
  slope_interval: [0.005, 0.015] as [number, number],
  rises: true,
  line: [0.1, 0.6] as [number, number],
};
const days = list(MOST.heatColumns, (i) => new Date(START_MS + i * 86_400_000).toISOString().slice(0, 10));

function event(i: number): FlightEvent {
  const startTimeNs = BigInt(START_MS + i * 1000) * 1_000_000n;
  const words = "a sentence of the model's authors that says what may be wrong";
  return {
    eventId: i.toString(16).padStart(16, "0"),
    ...{ aircraftId: `${ID}${i}`, flightId: `FLIGHT-${ID}${i}`, model: "detector/1" },
    ...{
      startTimeNs,
      endTimeNs: startTimeNs + 60_000_000_000n,
      durationSeconds: 60,
      windowCount: 11,
      anomalousWindowCount: 10,
    },
    ...{
      peakScore: 1234.5678,
      peakRatio: 345.6,
      peakTimeNs: startTimeNs,
      severity: 3,
      flightPhases: ["climb", "cruise", "descent"],
    },
    topFeatures: list(3, (k) => ({
      name: `a_feature_with_a_name_${k}`,
      share: 0.33,
      level: "high",
      interpretation: words,
    })),
    ...{ confidence: "high", status: "raised", rule: "3 anomalies within 30 s", windowIds: ["a", "b"] },
  };
}

function flight(i: number): FlightInDepth {
  return {
    ...{ aircraftId: `${ID}${i}`, flightId: `FLIGHT-${ID}${i}`, windows: 7000, anomalies: 3000, maxScore: 1234.5678 },
    ...{ events: list(MOST.marks, event), eventCount: 100 },
    ...{ scores: points(MOST.scorePoints), anomalousScores: points(MOST.scorePoints / 2), thresholds: points(20) },
    phases: list(20, (k) => ({ from: START_MS + k * 1e5, to: START_MS + (k + 1) * 1e5, label: "cruise" })),
    unexamined: list(20, (k) => ({ from: START_MS + k * 1e5, to: START_MS + k * 1e5 + 5000, label: "not examined" })),
    contributions: list(MOST.features, (k) => ({
      feature: `a_feature_with_a_name_${k}`,
      share: 0.1,
      level: null,
      interpretation: null,
    })),
    signals: list(MOST.signals, (k) => ({ name: `signal_${k}`, unit: "mils", points: points(MOST.signalPoints) })),
    notes: [],
  };
}

it("stays below 5 MB where every limit is reached", () => {
  const aircraft = list(5000, (i) => ({
    id: `${ID}${i}`,
    summary: GROUP,
    trend: { ...TREND, rates: {} },
    time: { recordedSeconds: 1e6, scoredSeconds: 9e5, unknownFiles: 3 },
  }));
  const cell = { flights: 3, windows: 3000, anomalies: 123, unexamined: 2, notScored: 0.0789 };
  const failure = {
    code: "FILE_CORRUPT",
    path: `flights/${ID.repeat(5)}.parquet`,
    found: ID.repeat(4),
    expected: "x",
    hint: ID.repeat(4),
  } as const;
  const report: Report = {
    ...{ resultsPath: "results.parquet", model: "detector/1", missing: list(6, () => ID.repeat(5)) },
    coverage: {
      summary: null,
      failures: { shown: list(MOST.failures, () => failure), total: 9999 },
      findings: {
        shown: list(MOST.findings, () => ({
          path: failure.path,
          check: "frozen",
          signal: "n1",
          example: ID.repeat(4),
        })),
        total: 9999,
      },
    },
    fleet: {
      summary: {
        ...GROUP,
        total_windows: 1e9,
        total_flights: 1e6,
        date_range: ["2025-10-06", "2025-12-06"],
        anomaly_rate: 0.1,
        anomalies: 1e8,
      },
      ...{ period: "day", aircraft, aircraftCount: 5000, periods: days, earlierPeriods: 5 },
      cells: list(MOST.heatRows, () => days.map(() => cell)),
      trends: list(MOST.trends, (i) => ({
        id: `${ID}${i}`,
        trend: { ...TREND, rates: Object.fromEntries(days.map((day) => [day, 0.123456])) },
      })),
    },
    events: {
      top: list(MOST.events, event),
      raised: 1e6,
      suppressed: 1e6,
      byAircraft: new Map(aircraft.map(({ id }) => [id, 200])),
    },
    flights: list(MOST.flights, flight),
    making: {
      facts: list(15, (i) => ({ name: `fact ${i}`, value: ID.repeat(10) })),
      madeAt: "2025-12-07T00:00:00Z",
      flightbatch: "1.0.0",
    },
  };
  const bytes = Buffer.byteLength(renderPage(reportPage(report)));
  expect(bytes).toBeGreaterThan(2_000_000);
  expect(bytes).toBeLessThan(5_000_000);
});
