import type { KeyValue, SchemaElement } from "hyparquet";
import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import type { ResultChunk } from "../result-chunk.ts";
import type { ResultColumn } from "./columns.ts";
import { declareNoRowGroups } from "./no-row-groups.ts";

/** Marks our own outputs, so that they are not taken for inputs: the key in the footer that names what the file holds. */
export const KIND_KEY = "flightbatch.kind";

/** A Parquet file with the chunks' rows as one row group; a valid file without rows where there is none. */
export function encodeChunks(columns: ResultColumn[], chunks: ResultChunk[], metadata: KeyValue[]): Uint8Array {
  const bytes = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    // An empty list would be written with a type that strict readers refuse.
    ...(metadata.length === 0 ? {} : { kvMetadata: metadata }),
    createdBy: "flightbatch",
  });
  const rowCount = chunks.reduce((sum, chunk) => sum + chunk.windowIds.length, 0);
  if (rowCount > 0)
    writer.write({
      columnData: columns.map((column) => columnSource(column, chunks, rowCount)),
      rowGroupSize: rowCount,
    });
  writer.finish();
  return rowCount > 0 ? bytes.getBytes() : declareNoRowGroups(bytes.getBytes());
}

/** The schema of a file with these columns. */
export function schemaOf(columns: ResultColumn[]): SchemaElement[] {
  return [{ name: "schema", num_children: columns.length }, ...columns.map(({ element }) => element)];
}

function columnSource(column: ResultColumn, chunks: ResultChunk[], rowCount: number): ColumnSource {
  const { element, encoding, statistics, valuesOf } = column;
  const data = concatenate(chunks.map(valuesOf), rowCount) as ColumnSource["data"];
  return { name: element.name, data, statistics, offsetIndex: false, ...(encoding === undefined ? {} : { encoding }) };
}

function concatenate(parts: ArrayLike<unknown>[], rowCount: number): ArrayLike<unknown> {
  const first = parts[0]!;
  if (parts.length === 1) return first;
  if (Array.isArray(first)) return concatenateArrays(parts as unknown[][], rowCount);
  const whole = new (first.constructor as new (length: number) => { set(part: ArrayLike<unknown>, at: number): void })(
    rowCount,
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole as unknown as ArrayLike<unknown>;
}

/** `flat` looks at each entry for arrays, which takes ten times as long. */
function concatenateArrays(parts: unknown[][], rowCount: number): unknown[] {
  const whole = new Array<unknown>(rowCount);
  let at = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) whole[at++] = part[i];
  return whole;
}
