import { encodeReportTable, type ReportColumn } from "./parquet/report-table.ts";
import type { FileReport, FlightTime } from "./reports.ts";
import { failedTime, secondsOf, splitReason } from "./time-shares.ts";

/** A part of a flight's recorded time. */
interface DetailRow extends FlightTime {
  path: string;
  aircraftId: string | null;
  flightId: string | null;
}

const COLUMNS: ReportColumn<DetailRow>[] = [
  { name: "path", type: "text", of: ({ path }) => path },
  { name: "aircraft_id", type: "text", of: ({ aircraftId }) => aircraftId },
  { name: "flight_id", type: "text", of: ({ flightId }) => flightId },
  { name: "flight_phase", type: "text", of: ({ phase }) => phase },
  { name: "reason", type: "text", of: ({ reason }) => splitReason(reason).reason },
  { name: "signal", type: "text", of: ({ reason }) => splitReason(reason).signal },
  { name: "seconds", type: "real", of: ({ ns }) => secondsOf(ns) },
];

/** `coverage_detail.parquet`: all recorded time, a row per file, flight, phase, reason and signal. */
export function encodeCoverageDetail(files: readonly FileReport[]): Uint8Array {
  return encodeReportTable(COLUMNS, rowsOf(files));
}

function* rowsOf(files: readonly FileReport[]): Generator<DetailRow> {
  for (const file of files) yield* rowsOfFile(file);
}

function rowsOfFile(file: FileReport): DetailRow[] {
  const { path, flights, time } = file;
  const rowsOf = (ids: { aircraftId: string | null; flightId: string | null }, entries: readonly FlightTime[]) =>
    entries.map((entry) => ({ path, aircraftId: ids.aircraftId, flightId: ids.flightId, ...entry }));
  return [...flights.flatMap((flight) => rowsOf(flight, flight.time)), ...rowsOf(time, failedTime(file))];
}
