import { existsSync, statSync } from "node:fs";
import { type CandidateFile, findResults } from "../aggregate/find-results.ts";
import { describeResultFile, type ResultFile } from "../aggregate/result-file.ts";
import { onlyWhere, readFiles } from "../aggregate/rows-sql.ts";
import { Fault } from "../faults/fault.ts";
import { sqlPath } from "../results/duckdb.ts";
import { FLIGHT_PHASES } from "../verdict/thresholds.ts";

/** Which of the two files. */
export type Side = "a" | "b";

/** A phase as one byte in DuckDB. */
export const PHASE_ENUM = `CREATE TYPE phase AS ENUM (${[...FLIGHT_PHASES, "unknown"].map((name) => `'${name}'`).join(", ")})`;

/** Looks at a file of results. @throws Fault `USAGE` where there is none, or columns are missing */
export async function describeSide(path: string): Promise<ResultFile> {
  const candidates: CandidateFile[] = await findResults([path]);
  const isDataSet = candidates.length === 1 && candidates[0]!.isDataSet === true;
  if (!isDataSet && existsSync(path) && statSync(path).isDirectory()) throw notOneFile(path, "a folder");
  if (candidates.length !== 1) throw notOneFile(path, `${candidates.length} files`);
  // Named by itself, if only by a pattern: then it has to be results.
  return (await describeResultFile({ ...candidates[0]!, isNamed: true }))!;
}

/** Whether anything says the phases and thresholds of the windows. */
export function isExplained(file: ResultFile): boolean {
  return explainsItself(file) || file.windowsPath !== null;
}

/**
 * A query of all rows of a side: `aircraft_id`, `flight_id`, `window_id`, `ns` (start since 1970 UTC), `score`, `is_anomaly`, `severity`,
 * `phase` and `threshold` (null where nothing says them), `is_mismatch` (the row of `windows.parquet` at its place is of another window).
 */
export function sideSql(file: ResultFile): string {
  const explains = explainsItself(file);
  const rows = `SELECT ${[...rowColumns(file), ...(explains ? EXPLAINING : NOT_EXPLAINED), "false AS is_mismatch"].join(", ")} FROM ${readFiles([file])}`;
  if (explains || file.windowsPath === null) return onlyWhere(file, rows);
  const windows = `SELECT window_id, anomaly_score, ${EXPLAINING.join(", ")}
    FROM read_parquet([${sqlPath(file.windowsPath)}], hive_partitioning = false)`;
  // Row k of windows.parquet is of the same window as row k of the results.
  return onlyWhere(
    file,
    `SELECT r.* REPLACE (w.phase AS phase, w.threshold AS threshold,
      (r.window_id IS DISTINCT FROM w.window_id OR r.score IS DISTINCT FROM w.anomaly_score) AS is_mismatch)
    FROM (${rows}) r POSITIONAL JOIN (${windows}) w`,
  );
}

const EXPLAINING = [
  "coalesce(TRY_CAST(flight_phase AS phase), 'unknown') AS phase",
  "TRY_CAST(threshold AS DOUBLE) AS threshold",
];
const NOT_EXPLAINED = ["NULL::phase AS phase", "NULL::DOUBLE AS threshold"];

function explainsItself({ columns }: ResultFile): boolean {
  return columns.includes("flight_phase") && columns.includes("threshold");
}

function rowColumns({ hasTimes }: ResultFile): string[] {
  const time = hasTimes ? `epoch_ns("timestamp")` : `epoch_ns(TRY_CAST("timestamp" AS TIMESTAMP_NS))`;
  return [
    "coalesce(aircraft_id::VARCHAR, 'unknown') AS aircraft_id",
    "coalesce(flight_id::VARCHAR, 'unknown') AS flight_id",
    "window_id::VARCHAR AS window_id",
    `${time} AS ns`,
    "TRY_CAST(anomaly_score AS FLOAT) AS score",
    "TRY_CAST(is_anomaly AS BOOLEAN) AS is_anomaly",
    "TRY_CAST(anomaly_severity AS UTINYINT) AS severity",
  ];
}

function notOneFile(path: string, found: string): Fault {
  return new Fault({
    code: "USAGE",
    path,
    found,
    expected: "one file of results, or the folder of a data set",
    hint: "Give the --output of a run: .parquet, .csv, .csv.gz, .jsonl or .json.",
  });
}
