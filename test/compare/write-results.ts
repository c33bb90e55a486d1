import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A row of results; what is left out is of a usual window. */
export interface ResultRow {
  aircraft?: string;
  flight?: string;
  window: string;
  /** Seconds after 2025-10-06T00:00:00Z; default 0. */
  second?: number;
  score: number;
  anomaly?: boolean;
  severity?: number;
  phase?: string;
  threshold?: number;
}

const COLUMNS = [
  "window_id",
  "aircraft_id",
  "flight_id",
  "timestamp",
  "anomaly_score",
  "is_anomaly",
  "anomaly_severity",
];

/** Writes results as CSV, with phases and thresholds where the first row has a phase; gives the path. */
export function writeCsv(folder: string, name: string, rows: readonly ResultRow[]): string {
  const explains = rows[0]?.phase !== undefined;
  const header = [...COLUMNS, "inference_latency_ms", ...(explains ? ["flight_phase", "threshold"] : [])];
  const lines = rows.map((row) => [...cellsOf(row), 0, ...(explains ? [row.phase, row.threshold] : [])]);
  const path = join(folder, name);
  writeFileSync(path, [header, ...lines].map((cells) => `${cells.map(quoted).join(",")}\n`).join(""));
  return path;
}

/** The same as a list of objects. */
export function writeJson(folder: string, name: string, rows: readonly ResultRow[]): string {
  const path = join(folder, name);
  const objects = rows.map((row) => Object.fromEntries(cellsOf(row).map((cell, i) => [COLUMNS[i]!, cell])));
  writeFileSync(path, JSON.stringify(objects));
  return path;
}

function cellsOf({ aircraft = "AC001", flight = "F1", window, second = 0, score, ...row }: ResultRow) {
  const time = new Date(Date.UTC(2025, 9, 6) + 1000 * second).toISOString().replace("Z", "000000");
  const anomaly = row.anomaly ?? (row.severity ?? 0) > 0;
  return [window, aircraft, flight, time, score, anomaly, row.severity ?? Number(anomaly)];
}

function quoted(value: unknown): string {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
