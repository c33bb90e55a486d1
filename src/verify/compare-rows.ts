import { runSql, sqlText } from "../results/duckdb.ts";
import type { ResultColumn } from "../results/parquet/columns.ts";

/** How far scores may be apart where versions or the processor differ: those of the agreement with the reference. */
export const TOLERANCE = { relative: 1e-4, absolute: 1e-5 };

/** A file's rows, from (inclusive) and to (exclusive), in the results and in the part that was scored again. */
export interface RowRanges {
  /** Place of the file among the inputs. */
  index: number;
  was: [number, number];
  now: [number, number];
  /** Path of the part. */
  part: string;
}

/** What to compare. */
export interface Comparison {
  /** The results as Parquet. */
  was: string;
  ranges: readonly RowRanges[];
  /** Whether the rows in the results are where the run put them; else they are looked for by their ids alone. */
  inPlace: boolean;
  /** Columns of the results that must be the same, bit for bit. */
  columns: readonly ResultColumn[];
  /** Lowest scores of the severities; null: nothing but the same bits will do. */
  tolerant: { severityScores: readonly number[] } | null;
}

/** Rows by what came of them. */
export interface RowCounts {
  /** The same bits. */
  equal: number;
  /** Within the tolerance, where there is one. */
  close: number;
  different: number;
  /** In the results, but not found again; found, but not in the results. */
  onlyInResults: number;
  onlyNow: number;
}

/** A row that is not the same. */
export interface RowExample {
  /** Place of its file among the inputs. */
  index: number;
  aircraftId: string;
  flightId: string;
  windowId: string;
  verdict: "close" | "different" | "onlyInResults" | "onlyNow";
  /** By column: the value in the results, and the one found now. */
  values: Record<string, { was: string | null; now: string | null }>;
}

const KEY = ["window_id", "aircraft_id", "flight_id", "timestamp"];
/** Examples of each verdict and file. */
const EXAMPLES = 3;

/** Counts of nothing. */
export function noRows(): RowCounts {
  return { equal: 0, close: 0, different: 0, onlyInResults: 0, onlyNow: 0 };
}

/**
 * Compares rows with those that were scored again, latency aside: counts by the file's place among the inputs, and the first rows that are
 * not the same. Rows of one key are told apart by their order.
 */
export async function compareRows(
  comparison: Comparison,
): Promise<{ counts: Map<number, RowCounts>; examples: RowExample[] }> {
  const rows = await runSql([
    `CREATE TABLE compared AS ${comparedRows(comparison)}`,
    `SELECT * FROM (
       SELECT *, count(*) OVER (PARTITION BY file, verdict)::DOUBLE AS rows,
              row_number() OVER (PARTITION BY file, verdict ORDER BY place) AS example
       FROM compared)
     WHERE example <= ${EXAMPLES} ORDER BY file, place`,
  ]);
  const counts = new Map(comparison.ranges.map(({ index }) => [index, noRows()]));
  for (const { file, verdict, rows: count } of rows)
    counts.get(Number(file))![verdict as keyof RowCounts] = Number(count);
  const examples = rows.filter(({ verdict }) => verdict !== "equal" && verdict !== "close");
  return { counts, examples: examples.map((row) => exampleOf(row, comparison.columns)) };
}

/** Each row of both sides once, with its verdict. */
function comparedRows({ was, ranges, inPlace, columns, tolerant }: Comparison): string {
  const same = columns.map(sameBits).join(" AND ");
  const isClose = tolerant === null ? "false" : closeEnough(tolerant.severityScores);
  const values = columns.flatMap(({ element: { name } }) => [
    `was.${quoted(name)}::VARCHAR AS ${quoted(`was ${name}`)}`,
    `now.${quoted(name)}::VARCHAR AS ${quoted(`now ${name}`)}`,
  ]);
  // Rows that are not where the run put them are of no certain file.
  const key = [...(inPlace ? ["file"] : []), ...KEY];
  const numbered = (rows: string) =>
    `SELECT *, row_number() OVER (PARTITION BY ${key.join(", ")} ORDER BY file_row_number) AS nth FROM (${rows})`;
  const own = inPlace
    ? `SELECT file, rows.* FROM ${read(sqlText(was))} rows JOIN files ON file_row_number >= was_from AND file_row_number < was_to`
    : `SELECT NULL::INTEGER AS file, rows.* FROM ${read(sqlText(was))} rows`;
  const parts = [...new Set(ranges.map(({ part }) => sqlText(part)))].join(", ");
  const again = `SELECT file, rows.* FROM ${read(`[${parts}]`, ", filename = true")} rows
    JOIN files ON filename = part AND file_row_number >= now_from AND file_row_number < now_to`;
  return `
    WITH files (file, was_from, was_to, now_from, now_to, part) AS (VALUES ${ranges.map(rangeValues).join(", ")}),
    was AS (${numbered(own)}),
    now AS (${numbered(again)})
    SELECT coalesce(now.file, was.file) AS file, coalesce(now.file_row_number, was.file_row_number) AS place,
      ${KEY.map((name) => `coalesce(now.${name}, was.${name}) AS ${name}`).join(", ")},
      CASE WHEN was.file_row_number IS NULL THEN 'onlyNow' WHEN now.file_row_number IS NULL THEN 'onlyInResults'
           WHEN ${same} THEN 'equal' WHEN ${isClose} THEN 'close' ELSE 'different' END AS verdict, ${values.join(", ")}
    FROM was ${inPlace ? "FULL" : "RIGHT"} JOIN now ON ${[...key, "nth"].map((name) => `was.${name} = now.${name}`).join(" AND ")}`;
}

function read(paths: string, more = ""): string {
  return `read_parquet(${paths}, file_row_number = true${more})`;
}

function rangeValues({ index, was, now, part }: RowRanges): string {
  return `(${[index, ...was, ...now, sqlText(part)].join(", ")})`;
}

/** Equality of SQL is that of numbers, for which 0 and -0 are one. */
function sameBits({ element: { name, type } }: ResultColumn): string {
  const [was, now] = [`was.${quoted(name)}`, `now.${quoted(name)}`];
  const equal = `${was} IS NOT DISTINCT FROM ${now}`;
  if (type !== "FLOAT" && type !== "DOUBLE") return `${equal}`;
  return `(${equal} AND (${was} IS NULL OR ${was} <> 0 OR ${was}::VARCHAR = ${now}::VARCHAR))`;
}

/** Scores within the tolerance; decisions may differ where the score is as close to what decides. */
function closeEnough(severityScores: readonly number[]): string {
  const near = (bound: string) => `abs(now.anomaly_score::DOUBLE - ${bound}) <= ${within(`abs(${bound})`)}`;
  const bounds = ["now.threshold", ...severityScores.map(String)];
  return `(abs(was.anomaly_score::DOUBLE - now.anomaly_score::DOUBLE) <= ${within("abs(was.anomaly_score::DOUBLE)")}
    AND ((was.is_anomaly = now.is_anomaly AND was.anomaly_severity = now.anomaly_severity) OR ${bounds.map(near).join(" OR ")}))`;
}

function within(size: string): string {
  return `${TOLERANCE.absolute} + ${TOLERANCE.relative} * ${size}`;
}

function exampleOf(row: Record<string, unknown>, columns: readonly ResultColumn[]): RowExample {
  const values: RowExample["values"] = {};
  for (const { element } of columns) {
    const was = (row[`was ${element.name}`] ?? null) as string | null;
    const now = (row[`now ${element.name}`] ?? null) as string | null;
    if (was !== now) values[element.name] = { was, now };
  }
  return {
    index: Number(row.file),
    aircraftId: String(row.aircraft_id),
    flightId: String(row.flight_id),
    windowId: String(row.window_id),
    verdict: row.verdict as RowExample["verdict"],
    values,
  };
}

/** A name as SQL takes it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
