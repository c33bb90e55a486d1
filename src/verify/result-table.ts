import { join } from "node:path";
import { runSql, sqlText } from "../results/duckdb.ts";
import type { ResultColumn } from "../results/parquet/columns.ts";
import type { OutputFormat } from "../run/run-options.ts";

/** Results as a Parquet file whose rows stand in their order. */
export interface ResultTable {
  path: string;
  rows: number;
}

/** Opens results of any form; those that are no Parquet are written as such into `folder`. @throws Error in DuckDB's words if they cannot be read */
export async function openResults(
  output: string,
  { format, columns, folder }: { format: OutputFormat; columns: readonly ResultColumn[]; folder: string },
): Promise<ResultTable> {
  const path = format === "parquet" ? output : join(folder, "was.parquet");
  const count = `SELECT count(*)::DOUBLE AS rows FROM read_parquet(${sqlText(path)})`;
  const read = `SELECT * FROM ${reader(output, format, columns)}`;
  const [row] = await runSql(
    format === "parquet" ? [count] : [`COPY (${read}) TO ${sqlText(path)} (FORMAT parquet)`, count],
  );
  return { path, rows: Number(row!.rows) };
}

function reader(output: string, format: OutputFormat, columns: readonly ResultColumn[]): string {
  const types = columns.map(({ element }) => `${sqlText(element.name)}: ${sqlText(sqlType(element))}`).join(", ");
  if (format === "json" || format === "jsonl") {
    const form = format === "json" ? "array" : "newline_delimited";
    return `read_json(${sqlText(output)}, columns = {${types}}, format = '${form}', maximum_object_size = 67108864)`;
  }
  return `read_csv(${sqlText(output)}, columns = {${types}}, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, allow_quoted_nulls = false, compression = '${format === "csv.gz" ? "gzip" : "none"}')`;
}

function sqlType({ type, converted_type, logical_type }: ResultColumn["element"]): string {
  if (logical_type?.type === "TIMESTAMP") return "TIMESTAMP_NS";
  if (converted_type === "UINT_8") return "UTINYINT";
  return type === "BYTE_ARRAY" ? "VARCHAR" : type!;
}
