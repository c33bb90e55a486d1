import type { SchemaElement } from "hyparquet";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { declareNoRowGroups } from "../../src/results/parquet/no-row-groups.ts";

/** A column of a test's table: its elements in the schema, and its values. */
export interface TestColumn {
  elements: (name: string) => SchemaElement[];
  data: unknown[];
}

/** A test's table. */
export type TestTable = Record<string, TestColumn>;

/** The bytes of a Parquet file with these columns. */
export function tableBytes(table: TestTable): Uint8Array {
  const schema: SchemaElement[] = [
    { name: "schema", num_children: Object.keys(table).length },
    ...Object.entries(table).flatMap(([name, { elements }]) => elements(name)),
  ];
  const columnData = Object.entries(table).map(([name, { data }]) => ({ name, data }) as ColumnSource);
  return declareNoRowGroups(new Uint8Array(parquetWriteBuffer({ columnData, schema })));
}

/** Times in nanoseconds since 1970 UTC. */
export function times(data: (bigint | null)[], unit: "NANOS" | "MICROS" | "MILLIS" = "NANOS"): TestColumn {
  return column(data, { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit } });
}

/** Float64; NaN is a value, null is missing. */
export function doubles(data: (number | null)[]): TestColumn {
  return column(data, { type: "DOUBLE" });
}

/** Float32. */
export function floats(data: (number | null)[]): TestColumn {
  return column(data, { type: "FLOAT" });
}

/** Integers of 32 bits. */
export function ints(data: (number | null)[]): TestColumn {
  return column(data, { type: "INT32" });
}

/** Integers of 64 bits. */
export function longs(data: (bigint | null)[]): TestColumn {
  return column(data, { type: "INT64" });
}

/** Booleans. */
export function booleans(data: (boolean | null)[]): TestColumn {
  return column(data, { type: "BOOLEAN" });
}

/** Days since 1970. */
export function dates(data: (number | null)[]): TestColumn {
  return column(data, { type: "INT32", logical_type: { type: "DATE" }, converted_type: "DATE" });
}

/** Text. */
export function texts(data: (string | null)[]): TestColumn {
  return column(data, { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } });
}

/** Lists of float64. */
export function lists(data: ((number | null)[] | null)[]): TestColumn {
  return {
    data,
    elements: (name) => [
      { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST", logical_type: { type: "LIST" } },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", repetition_type: "OPTIONAL", type: "DOUBLE" },
    ],
  };
}

function column(data: unknown[], element: Omit<SchemaElement, "name">): TestColumn {
  return { data, elements: (name) => [{ name, repetition_type: "OPTIONAL", ...element }] };
}
