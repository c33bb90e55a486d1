import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { declareNoRowGroups } from "./no-row-groups.ts";

/** A column of a table about a run: `text`, `whole` numbers (int64) or `real` ones (double), each nullable. */
export interface ReportColumn<Row> {
  name: string;
  type: "text" | "whole" | "real";
  of: (row: Row) => string | number | null | undefined;
}

/** Rows of a row group: of a hundred thousand files, each with its texts, not all are to be in memory at once. */
const GROUP_ROWS = 8192;

/** A table about a run as a Parquet file. Rows are taken as they are needed. */
export function encodeReportTable<Row>(columns: readonly ReportColumn<Row>[], rows: Iterable<Row>): Uint8Array {
  const schema: SchemaElement[] = [{ name: "schema", num_children: columns.length }, ...columns.map(elementOf)];
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema });
  let group: Row[] = [];
  const write = () => {
    if (group.length > 0) writer.write({ columnData: dataOf(columns, group), rowGroupSize: GROUP_ROWS });
    group = [];
  };
  for (const row of rows) if (group.push(row) === GROUP_ROWS) write();
  write();
  writer.finish();
  return writer.num_rows > 0n ? bytes.getBytes() : declareNoRowGroups(bytes.getBytes());
}

function dataOf<Row>(columns: readonly ReportColumn<Row>[], rows: readonly Row[]) {
  return columns.map(({ name, type, of }) => ({
    name,
    data: rows.map((row) => {
      const value = of(row) ?? null;
      return type === "whole" && value !== null ? BigInt(value) : value;
    }),
  }));
}

function elementOf({ name, type }: Pick<ReportColumn<never>, "name" | "type">): SchemaElement {
  const element: SchemaElement = { name, repetition_type: "OPTIONAL" };
  if (type === "whole") return { ...element, type: "INT64" };
  if (type === "real") return { ...element, type: "DOUBLE" };
  return { ...element, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
}
