import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { declareNoRowGroups } from "./no-row-groups.ts";

/** A column of a table about a run: `text`, `whole` numbers (int64) or `real` ones (double), each nullable. */
export interface ReportColumn<Row> {
  name: string;
  type: "text" | "whole" | "real";
  of: (row: Row) => string | number | null | undefined;
}

/** A small table as a Parquet file, in one row group. */
export function encodeReportTable<Row>(columns: readonly ReportColumn<Row>[], rows: readonly Row[]): Uint8Array {
  const schema: SchemaElement[] = [{ name: "schema", num_children: columns.length }, ...columns.map(elementOf)];
  const columnData = columns.map(({ name, type, of }) => ({
    name,
    data: rows.map((row) => {
      const value = of(row) ?? null;
      return type === "whole" && value !== null ? BigInt(value) : value;
    }),
  }));
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, schema, rowGroupSize: Math.max(1, rows.length) }));
  return rows.length > 0 ? bytes : declareNoRowGroups(bytes);
}

function elementOf({ name, type }: Pick<ReportColumn<never>, "name" | "type">): SchemaElement {
  const element: SchemaElement = { name, repetition_type: "OPTIONAL" };
  if (type === "whole") return { ...element, type: "INT64" };
  if (type === "real") return { ...element, type: "DOUBLE" };
  return { ...element, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
}
