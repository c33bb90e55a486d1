import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import Papa from "papaparse";
import { declareNoRowGroups } from "../results/parquet/no-row-groups.ts";

/** A value of a table. */
export type Cell = string | number | boolean | null;

/** A column of a table: `text`, whole numbers (`count`), `number` or `flag`. */
export interface TableColumn {
  name: string;
  kind: "text" | "count" | "number" | "flag";
  values: Cell[];
}

/** The table as Parquet. */
export function tableAsParquet(columns: readonly TableColumn[]): Uint8Array {
  const rowCount = columns[0]?.values.length ?? 0;
  const schema: SchemaElement[] = [{ name: "schema", num_children: columns.length }, ...columns.map(elementOf)];
  const columnData = columns.map(({ name, kind, values }) => ({
    name,
    data: kind === "count" ? values.map((value) => (value === null ? null : BigInt(value))) : values,
  }));
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, schema, rowGroupSize: Math.max(1, rowCount) }));
  return rowCount === 0 ? declareNoRowGroups(bytes) : bytes;
}

/**
 * The table as CSV with a header; what is missing is empty. A text that a spreadsheet would take for a formula (it begins with =, +, -, @, tab or a
 * line break) gets a ' before it.
 */
export function tableAsCsv(columns: readonly TableColumn[]): string {
  const rows = (columns[0]?.values ?? []).map((_, i) => columns.map(({ kind, values }) => cellText(kind, values[i]!)));
  return `${Papa.unparse([columns.map(({ name }) => name), ...rows], { newline: "\n" })}\n`;
}

function cellText(kind: TableColumn["kind"], value: Cell): string {
  if (value === null) return "";
  return kind === "text" ? String(value).replace(/^[=+\-@\t\r\n]/, "'$&") : String(value);
}

function elementOf({ name, kind }: TableColumn): SchemaElement {
  const optional = { name, repetition_type: "OPTIONAL" } as const;
  if (kind === "text")
    return { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
  if (kind === "flag") return { ...optional, type: "BOOLEAN" };
  return { ...optional, type: kind === "count" ? "INT64" : "DOUBLE" };
}
