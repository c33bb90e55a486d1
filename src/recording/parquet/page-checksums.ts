import { parquetMetadata } from "hyparquet";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";
import { Fault } from "../../faults/fault.ts";
import { crc32 } from "../../io/crc32.ts";
import type { ByteSource } from "./byte-source.ts";

/** Where the first page of a file lies: behind the magic. */
const FIRST_PAGE = 4;
/** Bytes in which the header of the first page is looked for. */
const PEEKED_BYTES = 4096;
/** Length of the footer and magic, at the end. */
const TAIL_BYTES = 8;

/**
 * Holds each page of a Parquet file to its checksum, where the writer has set one: the decoder does not. Whether one has is seen at the
 * file's first page, so that a file without any costs nothing. Damage of another kind is left for the decoder to name.
 * @throws Fault FILE_CORRUPT, or what reading the source throws
 */
export function checkPages(path: string, source: ByteSource): void {
  const start = source.read(FIRST_PAGE, Math.min(FIRST_PAGE + PEEKED_BYTES, source.byteLength));
  if (readHeader(start, 0)?.crc === undefined) return;
  for (const { name, start, end } of columnChunks(source)) {
    if (!hasWholePages(source.read(start, end))) throw damaged(path, name);
  }
}

/** False if a page of the chunk is not what its checksum says. */
function hasWholePages(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; ) {
    const header = readHeader(chunk, at);
    if (header === null || header.pageEnd > chunk.length) return true;
    const { crc, pageStart, pageEnd } = header;
    if (crc !== undefined && crc !== crc32(chunk.subarray(pageStart, pageEnd))) return false;
    at = pageEnd;
  }
  return true;
}

interface PageHeader {
  /** Unsigned; by the format it covers the page's bytes as they lie there, levels included. */
  crc: number | undefined;
  pageStart: number;
  pageEnd: number;
}

/** The header of a page, or null where there is none. Field numbers: `PageHeader` of the format's parquet.thrift. */
function readHeader(bytes: Uint8Array, at: number): PageHeader | null {
  try {
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: at };
    const { field_3: size, field_4: crc } = deserializeTCompactProtocol(reader);
    if (!(Number(size) >= 0)) return null;
    const pageEnd = reader.offset + Number(size);
    return { crc: typeof crc === "number" ? crc >>> 0 : undefined, pageStart: reader.offset, pageEnd };
  } catch {
    return null;
  }
}

interface ColumnChunkRange {
  name: string;
  start: number;
  end: number;
}

/** Where the columns of each row group lie, as far as the footer can be understood. */
function columnChunks(source: ByteSource): ColumnChunkRange[] {
  const footer = readFooter(source);
  return footer.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data }): ColumnChunkRange[] => {
      if (meta_data === undefined) return [];
      const { dictionary_page_offset, data_page_offset, total_compressed_size, path_in_schema } = meta_data;
      const start = Number(dictionary_page_offset || data_page_offset);
      const end = start + Number(total_compressed_size);
      const isInside = start >= FIRST_PAGE && end >= start && end <= source.byteLength - TAIL_BYTES;
      return isInside ? [{ name: path_in_schema.join("."), start, end }] : [];
    }),
  );
}

function readFooter(source: ByteSource): ReturnType<typeof parquetMetadata>["row_groups"] {
  const end = source.byteLength;
  const tail = source.read(end - TAIL_BYTES, end);
  const start = end - TAIL_BYTES - new DataView(tail.buffer).getUint32(0, true);
  if (start < FIRST_PAGE) return [];
  const bytes = source.read(start, end);
  try {
    return parquetMetadata(bytes.buffer).row_groups;
  } catch {
    return [];
  }
}

function damaged(path: string, column: string): Fault {
  return new Fault({
    code: "FILE_CORRUPT",
    path,
    found: `a page of column ${column} whose checksum is not that of its bytes`,
    expected: "an undamaged Parquet file",
    hint: "Fetch the file again from its source.",
  });
}
