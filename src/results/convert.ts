import { runSql, sqlText } from "./duckdb.ts";

/** Forms that results can have beside Parquet. */
export type TextFormat = "csv" | "csv.gz" | "jsonl" | "json";

const COPY_OPTIONS: Record<TextFormat, string> = {
  csv: "FORMAT csv, HEADER",
  "csv.gz": "FORMAT csv, HEADER, COMPRESSION gzip",
  jsonl: "FORMAT json",
  json: "FORMAT json, ARRAY true",
};

/** Writes the rows of a Parquet results file in another form, in the same order; times as ISO 8601 with nanoseconds, UTC. */
export async function convertResults(parquet: string, output: string, format: TextFormat): Promise<void> {
  const rows = `SELECT * REPLACE (strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%n') AS "timestamp") FROM read_parquet(${sqlText(parquet)})`;
  await runSql([`COPY (${rows}) TO ${sqlText(output)} (${COPY_OPTIONS[format]})`]);
}
