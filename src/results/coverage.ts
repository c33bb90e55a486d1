import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { FileReport, FlightReport } from "./reports.ts";

/** The reasons a window of the grid may have no score, as columns of `coverage.parquet`. */
export const SKIP_REASONS = ["filtered", "no_extent", "low_coverage", "not_computable", "score_not_finite"] as const;

/** A row of `coverage.parquet`: what was examined of one flight of one file, or that the file failed. */
type CoverageRow = Record<string, string | number | null>;

const TEXT_COLUMNS = ["path", "kind", "aircraft_id", "flight_id"];
const COUNT_COLUMNS = [
  "windows",
  "scored",
  "anomalies",
  ...SKIP_REASONS.map((reason) => `skipped_${reason}`),
  "rows",
  "rows_no_time",
  "rows_time_implausible",
  "rows_duplicate_time",
  "values_out_of_range",
  "values_unknown_quality",
];
const LAST_COLUMNS = ["skipped_detail", "imputed_detail", "failure"];

/** `coverage.parquet`: a row per flight of each file, one for a file without flights. Counts of rows stand in a file's first row. */
export function encodeCoverage(files: readonly FileReport[]): Uint8Array {
  const rows = files.filter((file) => !file.passedOver).flatMap(rowsOfFile);
  const schema: SchemaElement[] = [
    { name: "schema", num_children: TEXT_COLUMNS.length + COUNT_COLUMNS.length + LAST_COLUMNS.length },
    ...TEXT_COLUMNS.map(textElement),
    ...COUNT_COLUMNS.map((name): SchemaElement => ({ name, type: "INT64", repetition_type: "OPTIONAL" })),
    ...LAST_COLUMNS.map(textElement),
  ];
  const columnOf = (name: string) => rows.map((row) => row[name] ?? null);
  const columnData = [
    ...[...TEXT_COLUMNS, ...LAST_COLUMNS].map((name) => ({ name, data: columnOf(name) })),
    ...COUNT_COLUMNS.map((name) => ({
      name,
      data: columnOf(name).map((count) => (count === null ? null : BigInt(count))),
    })),
  ].sort((a, b) => orderOf(schema, a.name) - orderOf(schema, b.name));
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, rowGroupSize: Math.max(1, rows.length) }));
}

function orderOf(schema: SchemaElement[], name: string): number {
  return schema.findIndex((element) => element.name === name);
}

function textElement(name: string): SchemaElement {
  return {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    logical_type: { type: "STRING" },
    repetition_type: "OPTIONAL",
  };
}

function rowsOfFile(file: FileReport): CoverageRow[] {
  const flights: (FlightReport | null)[] = file.flights.length === 0 ? [null] : file.flights;
  return flights.map((flight, i) => ({
    path: file.path,
    kind: file.kind,
    failure: file.failure?.code ?? null,
    ...(i === 0 ? countsOfFile(file) : {}),
    ...(flight === null ? {} : countsOfFlight(flight)),
  }));
}

function countsOfFile({ counts }: FileReport): CoverageRow {
  if (counts === null) return {};
  return {
    rows: counts.rows,
    rows_no_time: counts.noTime,
    rows_time_implausible: counts.timeImplausible,
    rows_duplicate_time: counts.duplicateTime,
    values_out_of_range: Object.values(counts.outOfRange).reduce((a, b) => a + b, 0),
    values_unknown_quality: counts.unknownQuality,
  };
}

function countsOfFlight(flight: FlightReport): CoverageRow {
  const { aircraftId, flightId, windows, scored, anomalies, skipped, imputed } = flight;
  const byReason = SKIP_REASONS.map((reason) => [`skipped_${reason}`, sumOfReason(skipped, reason)]);
  return {
    aircraft_id: aircraftId,
    flight_id: flightId,
    windows,
    scored,
    anomalies,
    ...Object.fromEntries(byReason),
    skipped_detail: JSON.stringify(skipped),
    imputed_detail: JSON.stringify(imputed),
  };
}

function sumOfReason(skipped: Record<string, number>, reason: string): number {
  return Object.entries(skipped).reduce(
    (sum, [key, count]) => (key === reason || key.startsWith(`${reason}:`) ? sum + count : sum),
    0,
  );
}
