import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type FileMetaData, parquetSchema } from "hyparquet";
import { Fault, type FaultCode } from "../faults/fault.ts";
import { fileFault } from "./file-fault.ts";
import { decodeMetadata } from "./parquet-metadata.ts";
import { readRange } from "./read-range.ts";

/** The footer of a Parquet file: what it holds, without its data. */
export interface ParquetFooter {
  /** Size of the whole file. */
  fileBytes: number;
  /** The footer's own bytes, without its length and the closing magic. */
  bytes: Uint8Array;
  /** SHA-256 of `bytes`, hexadecimal. */
  sha256: string;
  /**
   * The footer decoded. In its statistics timestamps are bigint counts of the column's own unit (a Date would lose
   * nanoseconds), and text that is no UTF-8 is undefined.
   */
  metadata: FileMetaData;
}

const MAGIC_BYTES = 4;
/** Length of the footer (4 bytes, little-endian) and the closing magic. */
const TAIL_BYTES = 8;
/** Read at once from the end: most footers fit, and the file need not be asked twice. */
const FIRST_READ_BYTES = 16_384;
/** No footer is as large; a damaged length must not become an allocation. */
const LARGEST_FOOTER_BYTES = 256 * 1024 * 1024;

/** Reads the footer of a Parquet file. Throws `FILE_EMPTY`, `FILE_NOT_PARQUET`, `FILE_CORRUPT`, `FILE_UNSUPPORTED`, or a fault of the disk. */
export async function readParquetFooter(path: string): Promise<ParquetFooter> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const fileBytes = (await file.stat()).size;
    return await parquetFooterOf(path, fileBytes, (start, end) => readRange(file!, { path, start, end }));
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    await file?.close();
  }
}

type ReadPiece = (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;

/** The same of a file that lies elsewhere, by what reads a piece of it. */
export async function parquetFooterOf(path: string, fileBytes: number, read: ReadPiece): Promise<ParquetFooter> {
  const bytes = await readFooterBytes(read, path, fileBytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { fileBytes, bytes, sha256, metadata: decodeFooter(bytes, path) };
}

async function readFooterBytes(read: ReadPiece, path: string, fileBytes: number): Promise<Uint8Array> {
  if (fileBytes === 0) throw damage("FILE_EMPTY", path, "the file has no bytes");
  if (fileBytes < MAGIC_BYTES + TAIL_BYTES) throw damage("FILE_NOT_PARQUET", path, `a file of only ${fileBytes} bytes`);
  const start = Math.max(0, fileBytes - FIRST_READ_BYTES);
  const end = await read(start, fileBytes);
  const magic = latin1(end.subarray(-MAGIC_BYTES));
  if (magic !== "PAR1") throw await wrongMagic(read, path, magic);
  const footerEnd = end.length - TAIL_BYTES;
  const length = new DataView(end.buffer).getUint32(footerEnd, true);
  if (length === 0 || length > fileBytes - MAGIC_BYTES - TAIL_BYTES || length > LARGEST_FOOTER_BYTES) {
    throw damage("FILE_CORRUPT", path, `a footer of ${length} bytes in a file of ${fileBytes}`);
  }
  if (length <= footerEnd) return end.subarray(footerEnd - length, footerEnd);
  const footerStart = fileBytes - TAIL_BYTES - length;
  return read(footerStart, fileBytes - TAIL_BYTES);
}

async function wrongMagic(read: ReadPiece, path: string, magic: string): Promise<Fault> {
  if (magic === "PARE") return damage("FILE_UNSUPPORTED", path, "an encrypted footer");
  const head = latin1(await read(0, MAGIC_BYTES));
  return head === "PAR1"
    ? damage("FILE_CORRUPT", path, "the file begins as Parquet but does not end so: it is cut off")
    : damage("FILE_NOT_PARQUET", path, "neither end of the file is that of a Parquet file");
}

function decodeFooter(bytes: Uint8Array, path: string): FileMetaData {
  // The decoder wants the footer as it stands in the file: before its length and the magic.
  const framed = new Uint8Array(bytes.length + TAIL_BYTES);
  framed.set(bytes);
  new DataView(framed.buffer).setUint32(bytes.length, bytes.length, true);
  framed.set(Buffer.from("PAR1"), bytes.length + MAGIC_BYTES);
  try {
    const metadata = decodeMetadata(framed, RAW_VALUES);
    // Makes the tree of the schema, and so throws where its counts of children do not add up.
    parquetSchema(metadata);
    return metadata;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw damage("FILE_CORRUPT", path, `the footer cannot be decoded (${reason})`, error);
  }
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const RAW_VALUES = {
  timestampFromMilliseconds: (count: bigint) => count,
  timestampFromMicroseconds: (count: bigint) => count,
  timestampFromNanoseconds: (count: bigint) => count,
  stringFromBytes: (bytes: Uint8Array) => {
    try {
      return STRICT_UTF8.decode(bytes);
    } catch {
      // A bound that the writer has cut in the middle of a character bounds nothing.
      return undefined;
    }
  },
};

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function damage(code: FaultCode, path: string, found: string, cause?: unknown): Fault {
  const expected = "a whole Parquet file, with its footer at the end";
  const hint = code === "FILE_UNSUPPORTED" ? "Decrypt it first." : "Copy or export the file again.";
  return new Fault({ code, path, found, expected, hint }, { cause });
}
