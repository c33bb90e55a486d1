import { encodeReportTable, type ReportColumn } from "./parquet/report-table.ts";
import type { FileReport, FlightReport, FlightTime } from "./reports.ts";
import { failedTime, secondsOf, splitReason, TIME_REASONS } from "./time-shares.ts";

/** The reasons a window of the grid may have no score, as columns of `coverage.parquet`. */
export const SKIP_REASONS = ["filtered", "no_extent", "low_coverage", "not_computable", "score_not_finite"] as const;

/** A row of `coverage.parquet`: what was examined of one flight of one file, or that the file failed. */
interface CoverageRow {
  file: FileReport;
  /** Null of a file without flights. */
  flight: FlightReport | null;
  /** The file itself in its first row, so that sums over its columns are right. */
  firstOf: FileReport | null;
  /** By reason without its signal; null where the file's length is not known. */
  time: Map<string, number> | null;
}

const COLUMNS: ReportColumn<CoverageRow>[] = [
  { name: "path", type: "text", of: ({ file }) => file.path },
  { name: "kind", type: "text", of: ({ file }) => file.kind },
  { name: "aircraft_id", type: "text", of: ({ file, flight }) => flight?.aircraftId ?? file.time.aircraftId },
  { name: "flight_id", type: "text", of: ({ file, flight }) => flight?.flightId ?? file.time.flightId },
  { name: "windows", type: "whole", of: ({ flight }) => flight?.windows },
  { name: "scored", type: "whole", of: ({ flight }) => flight?.scored },
  { name: "anomalies", type: "whole", of: ({ flight }) => flight?.anomalies },
  ...SKIP_REASONS.map(
    (reason): ReportColumn<CoverageRow> => ({
      name: `skipped_${reason}`,
      type: "whole",
      of: ({ flight }) => flight && sumOfReason(flight.skipped, reason),
    }),
  ),
  { name: "rows", type: "whole", of: ({ firstOf }) => firstOf?.counts?.rows },
  { name: "rows_no_time", type: "whole", of: ({ firstOf }) => firstOf?.counts?.noTime },
  { name: "rows_time_implausible", type: "whole", of: ({ firstOf }) => firstOf?.counts?.timeImplausible },
  { name: "rows_duplicate_time", type: "whole", of: ({ firstOf }) => firstOf?.counts?.duplicateTime },
  {
    name: "values_out_of_range",
    type: "whole",
    of: ({ firstOf }) => firstOf?.counts && sumOf(firstOf.counts.outOfRange),
  },
  { name: "values_unknown_quality", type: "whole", of: ({ firstOf }) => firstOf?.counts?.unknownQuality },
  { name: "skipped_detail", type: "text", of: ({ flight }) => flight && JSON.stringify(flight.skipped) },
  { name: "imputed_detail", type: "text", of: ({ flight }) => flight && JSON.stringify(flight.imputed) },
  { name: "failure", type: "text", of: ({ file }) => file.failure?.code },
  { name: "recorded_seconds", type: "real", of: ({ time }) => time && secondsOf(total(time)) },
  { name: "scored_seconds", type: "real", of: ({ time }) => time && secondsOf(time.get("scored") ?? 0) },
  {
    name: "not_scored_seconds",
    type: "real",
    of: ({ time }) => time && secondsOf(total(time) - (time.get("scored") ?? 0)),
  },
  ...TIME_REASONS.map(
    (reason): ReportColumn<CoverageRow> => ({
      name: `${reason}_seconds`,
      type: "real",
      of: ({ time }) => time && secondsOf(time.get(reason) ?? 0),
    }),
  ),
  { name: "absent_seconds", type: "real", of: ({ firstOf }) => firstOf && secondsOf(firstOf.time.absentNs) },
  { name: "absent_rows", type: "whole", of: ({ firstOf }) => firstOf?.time.absentRows },
  { name: "verified", type: "text", of: ({ file }) => file.time.verified },
];

/** `coverage.parquet`: a row per flight of each file, one for a file without flights. What is of the whole file stands in its first row. */
export function encodeCoverage(files: readonly FileReport[]): Uint8Array {
  return encodeReportTable(COLUMNS, rowsOf(files));
}

function* rowsOf(files: readonly FileReport[]): Generator<CoverageRow> {
  for (const file of files) if (!file.passedOver) yield* rowsOfFile(file);
}

function rowsOfFile(file: FileReport): CoverageRow[] {
  const flights: (FlightReport | null)[] = file.flights.length === 0 ? [null] : file.flights;
  return flights.map((flight, i) => ({
    file,
    flight,
    firstOf: i === 0 ? file : null,
    time: file.time.lengthNs === null ? null : sumByReason(flight?.time ?? failedTime(file)),
  }));
}

function sumByReason(entries: readonly FlightTime[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { reason: named, ns } of entries) {
    const { reason } = splitReason(named);
    sums.set(reason, (sums.get(reason) ?? 0) + ns);
  }
  return sums;
}

function total(time: Map<string, number>): number {
  let sum = 0;
  for (const ns of time.values()) sum += ns;
  return sum;
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

function sumOfReason(skipped: Record<string, number>, reason: string): number {
  return Object.entries(skipped).reduce((sum, [key, n]) => (splitReason(key).reason === reason ? sum + n : sum), 0);
}
