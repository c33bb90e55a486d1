import type { ResultFile } from "../aggregate/result-file.ts";
import { readFiles, sqlPath, valueColumns } from "../aggregate/rows-sql.ts";
import { readParquetFooter } from "../io/parquet-footer.ts";

/** A file of results, and where what explains its rows is found: in itself, in the `windows.parquet` of its run, or nowhere. */
export interface ExplainedFile {
  file: ResultFile;
  explainedBy: "itself" | "windows" | "nothing";
  /** The features whose squared errors are known. */
  features: string[];
  /** Whether it is known which phases tied. */
  hasTies: boolean;
}

const ERROR_PREFIX = "squared_error_";

/** Looks where the phases and thresholds of a file's rows are. */
export async function explainFile(file: ResultFile): Promise<ExplainedFile> {
  if (file.columns.includes("flight_phase") && file.columns.includes("threshold"))
    return { file, explainedBy: "itself", ...explainingNames(file.columns) };
  if (file.windowsPath === null) return { file, explainedBy: "nothing", features: [], hasTies: false };
  const { metadata } = await readParquetFooter(file.windowsPath);
  return { file, explainedBy: "windows", ...explainingNames(metadata.schema.map(({ name }) => name)) };
}

function explainingNames(columns: readonly string[]): { features: string[]; hasTies: boolean } {
  const errors = columns.filter((name) => name.startsWith(ERROR_PREFIX));
  return {
    features: errors.map((name) => name.slice(ERROR_PREFIX.length)),
    hasTies: columns.includes("tied_phases"),
  };
}

/**
 * A query of a file's rows in their order: `aircraft_id`, `flight_id`, `window_id`, `ns` (start since 1970 UTC), `score`, `is_anomaly`,
 * `severity`, `span` (ns), `phase`, `threshold` and `tied_phases` (null where nothing says them), squared errors as `e0`, `e1` ..., and
 * `is_mismatch` (the row of `windows.parquet` at its place is of another window). With `errors: false` without squared errors.
 */
export function explainedRowsSql(
  { file, explainedBy, ...known }: ExplainedFile,
  { errors }: { errors: boolean },
): string {
  const explaining =
    explainedBy === "nothing"
      ? NOTHING
      : explainingColumns({ ...known, isText: !isParquet(file, explainedBy) }, errors);
  if (explainedBy !== "windows")
    return `SELECT ${[...valueColumns(file), ...explaining, "false AS is_mismatch"].join(", ")} FROM ${readFiles([file])}`;
  const windows = `SELECT window_id AS own_id, anomaly_score AS own_score, ${explaining.join(", ")}
    FROM read_parquet([${sqlPath(file.windowsPath!)}], hive_partitioning = false)`;
  // Row k of windows.parquet is of the same window as row k of the results.
  return `SELECT r.*, w.* EXCLUDE (own_id, own_score), (r.window_id IS DISTINCT FROM coalesce(w.own_id, '') OR r.score IS DISTINCT FROM w.own_score) AS is_mismatch
    FROM (SELECT ${valueColumns(file).join(", ")} FROM ${readFiles([file])}) r POSITIONAL JOIN (${windows}) w`;
}

/** The squared errors of {@link explainedRowsSql} as one list, null where there are none. */
export function errorsList({ features }: ExplainedFile): string {
  return features.length === 0 ? "NULL::FLOAT[]" : `[${features.map((_, i) => `e${i}`).join(", ")}]`;
}

const NOTHING = ["NULL::VARCHAR AS phase", "NULL::DOUBLE AS threshold", "NULL::VARCHAR AS tied_phases"];

function explainingColumns(
  { features, hasTies, isText }: Pick<ExplainedFile, "features" | "hasTies"> & { isText: boolean },
  errors: boolean,
): string[] {
  const number = (column: string, type: string) => (isText ? `TRY_CAST(${column} AS ${type})` : `${column}::${type}`);
  return [
    "coalesce(flight_phase::VARCHAR, 'unknown') AS phase",
    `${number("threshold", "DOUBLE")} AS threshold`,
    `${hasTies ? "tied_phases::VARCHAR" : "NULL::VARCHAR"} AS tied_phases`,
    ...(errors ? features.map((name, i) => `${number(quoted(ERROR_PREFIX + name), "FLOAT")} AS e${i}`) : []),
  ];
}

function isParquet({ format }: ResultFile, explainedBy: ExplainedFile["explainedBy"]): boolean {
  return format === "parquet" || explainedBy === "windows";
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
