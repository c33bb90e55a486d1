import { DATA_SET_FOLDERS, sqlPath, sqlText } from "../results/duckdb.ts";
import { groupBy } from "../results/group-by.ts";
import { isOfDataSet, type ResultFile } from "./result-file.ts";

/** What rows are wanted. */
export interface WantedRows {
  withPhase: boolean;
  /** Only those of these files, by their place in the list. */
  only?: ReadonlySet<number>;
}

/**
 * A query of the rows of all files, in the order of each: `file` (place in `files`), `aircraft_id`, `flight_id`, `window_id`, `ns` (start since
 * 1970 UTC), `score`, `is_anomaly`, `severity`, `span` (length of the window, ns), and with `withPhase` also `flight_phase` and `is_mismatch`
 * (the row of `windows.parquet` at its place is of another window). A value that is none is null.
 */
export function rowsSql(files: readonly ResultFile[], { withPhase, only }: WantedRows): string {
  const numbered = files.map((file, id) => ({ file, id })).filter(({ id }) => only === undefined || only.has(id));
  const together = groupBy(numbered, ({ file, id }) => (withPhase && !hasPhase(file) ? id : file.shape));
  return [...together.values()].map((group) => selectRows(group, withPhase)).join("\nUNION ALL\n");
}

/** Whether results say the phase of each window themselves, as those of `--explain` do. */
export function hasPhase(file: ResultFile): boolean {
  return file.columns.includes("flight_phase");
}

/** A file and its place in the list. */
interface NumberedFile {
  file: ResultFile;
  id: number;
}

/** Rows of files of one shape; where windows.parquet is to say the phases, of one file. */
function selectRows(group: NumberedFile[], withPhase: boolean): string {
  const [{ file, id }] = group as [NumberedFile];
  const joined = withPhase && !hasPhase(file);
  const columns = [
    `${group.length === 1 ? id : `[${group.map((one) => one.id).join(", ")}][r.file_index::INTEGER + 1]`} AS file`,
    ...valueColumns(file),
    ...(withPhase ? [`coalesce(${joined ? "w" : "r"}.flight_phase::VARCHAR, 'unknown') AS flight_phase`] : []),
    ...(withPhase ? [`${joined ? IS_MISMATCH : "false"} AS is_mismatch`] : []),
  ];
  const read = joined ? besideWindows(file) : `${readFiles(group.map((one) => one.file))} r`;
  return onlyWhere(file, `SELECT ${columns.join(", ")} FROM ${read}`);
}

/** The rows that are wanted of a file's, which have the columns of {@link valueColumns}. */
export function onlyWhere({ where }: ResultFile, rows: string): string {
  return where === undefined ? rows : `SELECT * FROM (${rows}) WHERE ${where}`;
}

/** What all of a file's rows have, read as `r`: `aircraft_id` to `span` of {@link rowsSql}. */
export function valueColumns({ hasTimes, windowSeconds }: ResultFile): string[] {
  const time = hasTimes ? `epoch_ns(r."timestamp")` : `epoch_ns(TRY_CAST(r."timestamp"::VARCHAR AS TIMESTAMP_NS))`;
  return [
    `coalesce(r.aircraft_id::VARCHAR, 'unknown') AS aircraft_id`,
    `coalesce(r.flight_id::VARCHAR, 'unknown') AS flight_id`,
    `coalesce(r.window_id::VARCHAR, '') AS window_id`,
    `${time} AS ns`,
    `TRY_CAST(r.anomaly_score AS FLOAT) AS score`,
    `TRY_CAST(r.is_anomaly AS BOOLEAN) AS is_anomaly`,
    `TRY_CAST(r.anomaly_severity AS UTINYINT) AS severity`,
    `${Math.round(windowSeconds * 1e9)} AS span`,
  ];
}

/**
 * A file's rows as `r`, each beside the row of `windows.parquet` at its place as `w`: row k is of the same window in both. The two are joined as
 * they are read, and values made of them only then: DuckDB streams plain scans, of all else it would keep one side in memory.
 */
export function besideWindows(file: ResultFile): string {
  return `${readFiles([file])} r POSITIONAL JOIN read_parquet([${sqlPath(file.windowsPath!)}], hive_partitioning = false) w`;
}

/** Whether the two rows of {@link besideWindows} are not of the same window. */
export const IS_MISMATCH = `(coalesce(r.window_id::VARCHAR, '') IS DISTINCT FROM coalesce(w.window_id::VARCHAR, '')
  OR TRY_CAST(r.anomaly_score AS FLOAT) IS DISTINCT FROM w.anomaly_score)`;

/** Files of one shape as DuckDB reads them: all their columns, those of text forms as texts. */
export function readFiles(files: readonly ResultFile[]): string {
  const [{ path, format, columns, dataSet }] = files as readonly [ResultFile];
  if (dataSet !== undefined) return readDataSet(dataSet.paths, columns);
  const paths = `[${files.map(({ path }) => sqlPath(path)).join(", ")}]`;
  if (format === "parquet")
    return `read_parquet(${paths}, ${isOfDataSet(path) ? DATA_SET_FOLDERS : "hive_partitioning = false"})`;
  const texts = `columns = {${columns.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(", ")}}`;
  if (format === "json") return `read_json(${paths}, ${texts}, format = 'array', hive_partitioning = false)`;
  if (format === "jsonl")
    return `read_json(${paths}, ${texts}, format = 'newline_delimited', hive_partitioning = false)`;
  const compression = format === "csv.gz" ? "gzip" : "none";
  return `read_csv(${paths}, ${texts}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    allow_quoted_nulls = false, compression = '${compression}', hive_partitioning = false)`;
}

/** The order of rows is that of the files. A data set without rows has none to read. */
function readDataSet(paths: readonly string[], columns: readonly string[]): string {
  if (paths.length === 0) {
    const nothing = columns.map((name) => `NULL::VARCHAR AS "${name}"`);
    return `(SELECT ${nothing.join(", ")} LIMIT 0)`;
  }
  return `read_parquet([${paths.map(sqlPath).join(", ")}], ${DATA_SET_FOLDERS})`;
}
