import { type FileMetaData, type ParquetParsers, parquetMetadata } from "hyparquet";
import { checkThrift } from "./compact-thrift.ts";

/** Length of the footer (4 bytes, little-endian) and the closing magic. */
const TAIL_BYTES = 8;

/** Decodes the footer at the end of these bytes. @throws Error where there is none, or one that asks for more memory than it has bytes */
export function decodeMetadata(bytes: Uint8Array, parsers?: Partial<ParquetParsers>): FileMetaData {
  const end = bytes.length - TAIL_BYTES;
  if (end < 0) throw new Error("too few bytes for a footer");
  const start = end - new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true);
  if (start < 0) throw new Error("a footer that is longer than the file");
  checkThrift(bytes.subarray(start, end));
  return parquetMetadata(bytes, parsers === undefined ? { geoparquet: false } : { geoparquet: false, parsers });
}
