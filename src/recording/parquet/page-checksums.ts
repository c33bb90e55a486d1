import type { FileMetaData } from "hyparquet";
import { Fault } from "../../faults/fault.ts";
import { crc32 } from "../../io/crc32.ts";
import { decodeMetadata } from "../../io/parquet-metadata.ts";
import type { ByteSource } from "./byte-source.ts";
import { LONGEST_HEADER_BYTES, readPageHeader } from "./page-header.ts";

/** Where pages begin: behind the magic. */
const FIRST_PAGE = 4;
/** Length of the footer and magic, at the end. */
const TAIL_BYTES = 8;

/** A page of this size is believed whatever the footer says of its column. */
const BELIEVED_BYTES = 64 << 20;

/**
 * Holds each page of a Parquet file to its checksum, where the writer has set one, and to the size that the footer gives its column: the
 * decoder does neither, and takes what memory a page asks for. Damage of another kind is left for the decoder to name. `isThere`: of which
 * column chunks the source has the bytes.
 * @throws Fault FILE_CORRUPT, or what reading the source throws
 */
export function checkPages(
  path: string,
  source: ByteSource,
  isThere: (chunk: { start: number; end: number }) => boolean = () => true,
): void {
  for (const chunk of columnChunks(source)) {
    if (!isThere(chunk)) continue;
    const found = whatIsWrong(source, chunk);
    if (found !== null) throw damaged(path, `a page of column ${chunk.name} ${found}`);
  }
}

/** What is wrong with a page of the chunk, or null. */
function whatIsWrong(source: ByteSource, { start, end, largestPage }: ColumnChunkRange): string | null {
  for (let at = start; at < end; ) {
    const header = readPageHeader(source.read(at, Math.min(at + LONGEST_HEADER_BYTES, end)), 0, LONGEST_HEADER_BYTES);
    if (header === null) return null;
    const { crc, unpackedBytes } = header;
    const [pageStart, pageEnd] = [at + header.start, at + header.end];
    if (unpackedBytes > largestPage) return `that claims to hold ${unpackedBytes} bytes, more than its column`;
    if (pageEnd > end) return null;
    if (crc !== undefined && crc !== crc32(source.read(pageStart, pageEnd)))
      return "whose checksum is not that of its bytes";
    at = pageEnd;
  }
  return null;
}

interface ColumnChunkRange {
  name: string;
  start: number;
  end: number;
  /** Most bytes that a page may hold. */
  largestPage: number;
}

/** Where the columns of each row group lie, as far as the footer can be understood. */
function columnChunks(source: ByteSource): ColumnChunkRange[] {
  const footer = readFooter(source);
  return footer.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data }): ColumnChunkRange[] => {
      if (meta_data === undefined) return [];
      const { dictionary_page_offset, data_page_offset, total_compressed_size, path_in_schema } = meta_data;
      const largestPage = Math.max(BELIEVED_BYTES, Number(meta_data.total_uncompressed_size));
      const start = Number(dictionary_page_offset || data_page_offset);
      const end = start + Number(total_compressed_size);
      const isInside = start >= FIRST_PAGE && end >= start && end <= source.byteLength - TAIL_BYTES;
      return isInside ? [{ name: path_in_schema.join("."), start, end, largestPage }] : [];
    }),
  );
}

function readFooter(source: ByteSource): FileMetaData["row_groups"] {
  const end = source.byteLength;
  const tail = source.read(end - TAIL_BYTES, end);
  const start = end - TAIL_BYTES - new DataView(tail.buffer).getUint32(0, true);
  if (start < FIRST_PAGE) return [];
  const bytes = source.read(start, end);
  try {
    return decodeMetadata(bytes).row_groups;
  } catch {
    return [];
  }
}

function damaged(path: string, found: string): Fault {
  return new Fault({
    code: "FILE_CORRUPT",
    path,
    found,
    expected: "an undamaged Parquet file",
    hint: "Fetch the file again from its source.",
  });
}
