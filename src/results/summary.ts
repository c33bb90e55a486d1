import { compareCodePoints } from "../filter/text-order.ts";
import { type CoverageSummary, summariseCoverage } from "./coverage-summary.ts";
import { groupBy } from "./group-by.ts";
import { type QualitySummary, summariseQuality } from "./quality.ts";
import type { AbsentFile, FileReport, FlightReport } from "./reports.ts";

/** Windows and anomalies of a part of the results. */
export interface DayTally {
  windows: number;
  anomalies: number;
}

/** The summary of a run; no number in it is ever NaN or infinite. Rates are null where nothing was scored. */
export interface Summary {
  total_windows: number;
  total_flights: number;
  /** First and last UTC day with a scored window, or null. */
  date_range: [string, string] | null;
  anomaly_rate: number | null;
  anomalies: number;
  by_aircraft: Record<string, AircraftSummary>;
  by_date: Record<string, { windows: number; anomalies: number; anomaly_rate: number | null }>;
  windows_of_grid: number;
  windows_skipped: number;
  /** By reason, and by the signal or feature at fault. */
  skipped_by_reason: Record<string, number>;
  /** Windows that stand in the results more than once, with the same score. */
  repeated_windows: number;
  /** What became of all recorded time. */
  coverage: CoverageSummary;
  /** What is odd in the data. */
  quality: QualitySummary;
  files: { total: number; scored: number; failed: number; pruned: number; passed_over: number };
}

/** What a summary says of an aircraft. */
export interface AircraftSummary {
  flights: number;
  windows: number;
  anomalies: number;
  anomaly_rate: number | null;
  max_anomaly_score: number | null;
  /** First UTC day with an anomaly, or null. */
  first_anomaly: string | null;
}

/** Sums up what came of the files of a run. A flight is a distinct (aircraft_id, flight_id), counted even if no window of it was scored. */
export function summarise(
  files: readonly FileReport[],
  {
    prunedFiles,
    repeatedWindows,
    absentFiles = [],
  }: { prunedFiles: number; repeatedWindows: number; absentFiles?: readonly AbsentFile[] },
): Summary {
  const flights = files.flatMap((file) => file.flights);
  const total = tallyOf(flights);
  const days = sumDays(flights);
  const scoredDays = [...days.keys()].sort();
  return {
    total_windows: total.windows,
    total_flights: countFlights(flights),
    date_range: scoredDays.length === 0 ? null : [scoredDays[0]!, scoredDays[scoredDays.length - 1]!],
    anomaly_rate: rateOf(total),
    anomalies: total.anomalies,
    by_aircraft: summariseAircraft(flights),
    by_date: Object.fromEntries(
      scoredDays.map((day) => [day, { ...days.get(day)!, anomaly_rate: rateOf(days.get(day)!) }]),
    ),
    windows_of_grid: flights.reduce((sum, { windows }) => sum + windows, 0),
    windows_skipped: flights.reduce((sum, { windows, scored }) => sum + windows - scored, 0),
    skipped_by_reason: sumCounts(flights.map(({ skipped }) => skipped)),
    repeated_windows: repeatedWindows,
    coverage: summariseCoverage(files, absentFiles),
    quality: summariseQuality(files),
    files: countFiles(files, prunedFiles),
  };
}

/** Adds up counts by their keys, the largest first. */
export function sumCounts(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const one of counts) for (const [key, count] of Object.entries(one)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a, x], [b, y]) => y - x || compareCodePoints(a, b)));
}

function countFiles(files: readonly FileReport[], pruned: number): Summary["files"] {
  const failed = files.filter(({ failure }) => failure !== null).length;
  const passedOver = files.filter((file) => file.passedOver).length;
  return {
    total: files.length + pruned,
    scored: files.length - failed - passedOver,
    failed,
    pruned,
    passed_over: passedOver,
  };
}

function summariseAircraft(flights: readonly FlightReport[]): Record<string, AircraftSummary> {
  const byAircraft = groupBy(flights, ({ aircraftId }) => aircraftId);
  return Object.fromEntries(
    [...byAircraft].sort(([a], [b]) => compareCodePoints(a, b)).map(([id, own]) => [id, summariseOne(own)]),
  );
}

function summariseOne(flights: readonly FlightReport[]): AircraftSummary {
  const total = tallyOf(flights);
  const scores = flights.flatMap(({ maxScore }) => (maxScore === null ? [] : [maxScore]));
  const days = [...sumDays(flights)].filter(([, { anomalies }]) => anomalies > 0).map(([day]) => day);
  return {
    flights: countFlights(flights),
    ...total,
    anomaly_rate: rateOf(total),
    max_anomaly_score: scores.length === 0 ? null : scores.reduce((a, b) => Math.max(a, b)),
    first_anomaly: days.sort()[0] ?? null,
  };
}

function countFlights(flights: readonly FlightReport[]): number {
  return new Set(flights.map(({ aircraftId, flightId }) => JSON.stringify([aircraftId, flightId]))).size;
}

function tallyOf(flights: readonly FlightReport[]): DayTally {
  return flights.reduce(
    (sum, { scored, anomalies }) => ({ windows: sum.windows + scored, anomalies: sum.anomalies + anomalies }),
    { windows: 0, anomalies: 0 },
  );
}

/** Scored windows and anomalies of these flights by UTC day. */
export function sumDays(flights: readonly FlightReport[]): Map<string, DayTally> {
  const days = new Map<string, DayTally>();
  for (const flight of flights) {
    for (const [day, { windows, anomalies }] of Object.entries(flight.days)) {
      const sum = days.get(day) ?? { windows: 0, anomalies: 0 };
      days.set(day, { windows: sum.windows + windows, anomalies: sum.anomalies + anomalies });
    }
  }
  return days;
}

function rateOf({ windows, anomalies }: DayTally): number | null {
  return windows === 0 ? null : anomalies / windows;
}
