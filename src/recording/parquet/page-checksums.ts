import { parquetMetadata } from "hyparquet";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";
import { Fault } from "../../faults/fault.ts";
import { crc32 } from "../../io/crc32.ts";
import type { ByteSource } from "./byte-source.ts";

/** Where the first page of a file lies: behind the magic. */
const FIRST_PAGE = 4;
/** Bytes that the header of a page takes at most; it is longer only where it has very long texts for bounds. */
const LONGEST_HEADER_BYTES = 4096;
/** Length of the footer and magic, at the end. */
const TAIL_BYTES = 8;

/**
 * Holds each page of a Parquet file to its checksum, where the writer has set one: the decoder does not. Whether one has is seen at the
 * file's first page, so that a file without any costs nothing. Damage of another kind is left for the decoder to name.
 * @throws Fault FILE_CORRUPT, or what reading the source throws
 */
export function checkPages(path: string, source: ByteSource): void {
  if (readHeader(source, FIRST_PAGE)?.crc === undefined) return;
  for (const chunk of columnChunks(source)) if (!hasWholePages(source, chunk)) throw damaged(path, chunk.name);
}

/** False if a page of the chunk is not what its checksum says. */
function hasWholePages(source: ByteSource, { start, end }: ColumnChunkRange): boolean {
  for (let at = start; at < end; ) {
    const header = readHeader(source, at);
    if (header === null || header.pageEnd > end) return true;
    const { crc, pageStart, pageEnd } = header;
    if (crc !== undefined && crc !== crc32(source.read(pageStart, pageEnd))) return false;
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
function readHeader(source: ByteSource, at: number): PageHeader | null {
  const { buffer } = source.read(at, Math.min(at + LONGEST_HEADER_BYTES, source.byteLength));
  try {
    const reader = { view: new DataView(buffer), offset: 0 };
    const { field_3: size, field_4: crc } = deserializeTCompactProtocol(reader);
    if (!(Number(size) >= 0)) return null;
    const pageStart = at + reader.offset;
    return { crc: typeof crc === "number" ? crc >>> 0 : undefined, pageStart, pageEnd: pageStart + Number(size) };
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
    return parquetMetadata(bytes.buffer, { geoparquet: false }).row_groups;
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
