import type { KeyValue, SchemaElement } from "hyparquet";
import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import type { ResultChunk } from "../result-chunk.ts";
import type { ResultColumn } from "./columns.ts";

/** Marks our own outputs, so that they are not taken for inputs: the key in the footer that names what the file holds. */
export const KIND_KEY = "flightbatch.kind";

/** A Parquet file with the chunks' rows as one row group; a valid file without rows where there is none. */
export function encodeChunks(columns: ResultColumn[], chunks: ResultChunk[], metadata: KeyValue[]): Uint8Array {
  const bytes = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    kvMetadata: metadata,
    createdBy: "flightbatch",
  });
  const rowCount = chunks.reduce((sum, chunk) => sum + chunk.windowIds.length, 0);
  if (rowCount > 0)
    writer.write({
      columnData: columns.map((column) => columnSource(column, chunks, rowCount)),
      rowGroupSize: rowCount,
    });
  writer.finish();
  return bytes.getBytes();
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
  if (Array.isArray(first)) return (parts as unknown[][]).flat(1);
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
