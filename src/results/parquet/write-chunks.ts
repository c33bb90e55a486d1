import type { KeyValue, SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { ResultChunk } from "../result-chunk.ts";
import type { ResultColumn } from "./columns.ts";
import { declareNoRowGroups } from "./no-row-groups.ts";
import { writeColumn } from "./write-column.ts";

/** Marks our own outputs, so that they are not taken for inputs: the key in the footer that names what the file holds. */
export const KIND_KEY = "flightbatch.kind";

/** A Parquet file with the chunks' rows as one row group; a valid file without rows where there is none. */
export function encodeChunks(columns: ResultColumn[], chunks: ResultChunk[], metadata: KeyValue[]): Uint8Array {
  return encodeRowGroups(columns, [chunks], metadata);
}

/** The same with a row group of each list of chunks that has rows. */
export function encodeRowGroups(columns: ResultColumn[], groups: ResultChunk[][], metadata: KeyValue[]): Uint8Array {
  const bytes = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    // An empty list would be written with a type that strict readers refuse.
    ...(metadata.length === 0 ? {} : { kvMetadata: metadata }),
    createdBy: "flightbatch",
  });
  for (const chunks of groups) {
    const rowCount = chunks.reduce((sum, chunk) => sum + chunk.windowIds.length, 0);
    if (rowCount > 0) writeRowGroup(writer, { bytes, columns, chunks, rowCount });
  }
  writer.finish();
  return writer.num_rows > 0n ? bytes.getBytes() : declareNoRowGroups(bytes.getBytes());
}

/** The schema of a file with these columns. */
export function schemaOf(columns: ResultColumn[]): SchemaElement[] {
  return [{ name: "schema", num_children: columns.length }, ...columns.map(({ element }) => element)];
}

interface Rows {
  bytes: ByteWriter;
  columns: ResultColumn[];
  chunks: ResultChunk[];
  rowCount: number;
}

function writeRowGroup(writer: ParquetWriter, { bytes, columns, chunks, rowCount }: Rows): void {
  const start = bytes.offset;
  const written = columns.map(({ element, encode }) =>
    writeColumn(bytes, element, { values: encode(chunks, rowCount), rowCount }),
  );
  const size = BigInt(bytes.offset - start);
  writer.num_rows += BigInt(rowCount);
  writer.row_groups.push({
    columns: written,
    total_byte_size: size,
    num_rows: BigInt(rowCount),
    total_compressed_size: size,
  });
}
