import type { ColumnChunk, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { crc32 } from "../../io/crc32.ts";
import type { EncodedValues } from "./encoded-values.ts";

/**
 * Writes a column of a row group, one page of values, and returns what the footer tells of it. The pages are our own because the writer
 * looks at each value several times, whatever its type, which took as long as all the rest of a flight.
 */
export function writeColumn(
  writer: ByteWriter,
  element: SchemaElement,
  { values, rowCount }: { values: EncodedValues; rowCount: number },
): ColumnChunk {
  const start = writer.offset;
  const { encoding, dictionary, present, bounds } = values;
  const nullCount = present === undefined ? 0 : present.reduce((nulls, is) => nulls + 1 - is, 0);
  if (dictionary !== undefined) writeDictionary(writer, dictionary);
  const dataStart = writer.offset;
  writeData(writer, values, { rowCount, nullCount });
  const size = BigInt(writer.offset - start);
  const isFloat = element.type === "FLOAT" || element.type === "DOUBLE";
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: element.type!,
      encodings: dictionary === undefined ? [encoding] : ["PLAIN", encoding],
      path_in_schema: [element.name],
      codec: "UNCOMPRESSED",
      num_values: BigInt(rowCount),
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: BigInt(dataStart),
      ...(dictionary && { dictionary_page_offset: BigInt(start) }),
      ...(bounds && { statistics: { ...bounds, null_count: BigInt(nullCount), ...(isFloat && { nan_count: 0n }) } }),
    },
  };
}

function writeDictionary(writer: ByteWriter, { count, bytes }: { count: number; bytes: Uint8Array }): void {
  writePageHeader(writer, {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: bytes.length,
    compressed_page_size: bytes.length,
    crc: crc32(bytes) | 0,
    dictionary_page_header: { num_values: count, encoding: "PLAIN" },
  });
  writer.appendBytes(bytes);
}

function writeData(
  writer: ByteWriter,
  { encoding, bytes, present }: EncodedValues,
  { rowCount, nullCount }: { rowCount: number; nullCount: number },
): void {
  const levels = encodeLevels(present, rowCount);
  const page = Buffer.concat([levels, bytes]);
  writePageHeader(writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: page.length,
    compressed_page_size: page.length,
    crc: crc32(page) | 0,
    data_page_header_v2: {
      num_values: rowCount,
      num_nulls: nullCount,
      num_rows: rowCount,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: false,
    },
  });
  writer.appendBytes(page);
}

/** Per row 1 where there is a value: mostly one run over all rows. */
function encodeLevels(present: Uint8Array | undefined, rowCount: number): Uint8Array {
  const levels = new ByteWriter(16);
  if (present !== undefined) writeRleBitPackedHybrid(levels, present, 1);
  else {
    levels.appendVarInt(rowCount << 1);
    levels.appendUint8(1);
  }
  return levels.getBytes();
}
