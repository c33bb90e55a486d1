import type { ResultFile } from "../aggregate/result-file.ts";
import { besideWindows, IS_MISMATCH, readFiles, valueColumns } from "../aggregate/rows-sql.ts";
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
 * `is_mismatch` (the row of `windows.parquet` at its place is of another window). With `errors: false` without squared errors. `more`: other
 * columns, of the file's as `r`.
 */
export function explainedRowsSql(
  { file, explainedBy, ...known }: ExplainedFile,
  { errors, more = [] }: { errors: boolean; more?: readonly string[] },
): string {
  const isBeside = explainedBy === "windows";
  const isText = !isBeside && file.format !== "parquet";
  const explaining =
    explainedBy === "nothing" ? NOTHING : explainingColumns({ ...known, isText, from: isBeside ? "w" : "r" }, errors);
  const mismatch = `${isBeside ? IS_MISMATCH : "false"} AS is_mismatch`;
  return `SELECT ${[...valueColumns(file), ...explaining, mismatch, ...more].join(", ")} FROM ${isBeside ? besideWindows(file) : `${readFiles([file])} r`}`;
}

/** The squared errors of {@link explainedRowsSql} as one list, null where there are none. */
export function errorsList({ features }: ExplainedFile): string {
  return features.length === 0 ? "NULL::FLOAT[]" : `[${features.map((_, i) => `e${i}`).join(", ")}]`;
}

const NOTHING = ["NULL::VARCHAR AS phase", "NULL::DOUBLE AS threshold", "NULL::VARCHAR AS tied_phases"];

function explainingColumns(
  {
    features,
    hasTies,
    isText,
    from,
  }: Pick<ExplainedFile, "features" | "hasTies"> & { isText: boolean; from: "r" | "w" },
  errors: boolean,
): string[] {
  const number = (column: string, type: string) =>
    isText ? `TRY_CAST(${from}.${column} AS ${type})` : `${from}.${column}::${type}`;
  return [
    `coalesce(${from}.flight_phase::VARCHAR, 'unknown') AS phase`,
    `${number("threshold", "DOUBLE")} AS threshold`,
    `${hasTies ? `${from}.tied_phases::VARCHAR` : "NULL::VARCHAR"} AS tied_phases`,
    ...(errors ? features.map((name, i) => `${number(quoted(ERROR_PREFIX + name), "FLOAT")} AS e${i}`) : []),
  ];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
