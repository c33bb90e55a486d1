import type { FileMetaData } from "hyparquet";
import type { FFIStream, Table as WasmTable } from "parquet-wasm";
import { Fault } from "../../faults/fault.ts";
import { decodeMetadata } from "../../io/parquet-metadata.ts";
import type { Column, Table } from "../column.ts";
import { columnOfChunk, typeName } from "./arrow-column.ts";
import { emptyChunk, readChunk, readField } from "./arrow-memory.ts";
import { sourceOfBytes } from "./byte-source.ts";
import { decodeFault, decoderMemory, parquetDecoder } from "./decoder.ts";
import { encryptedFault, hasEncryptedColumns } from "./encryption.ts";
import { checkPages } from "./page-checksums.ts";
import { readQuickly } from "./quick-read.ts";

/** Larger than any file, so that all rows arrive as one chunk and columns can be read in place. */
const ALL_ROWS = 2 ** 30;

/** A whole Parquet file in memory. */
export interface ParquetBytes {
  path: string;
  bytes: Uint8Array;
  /** As {@link footerOf} reads it. */
  footer: FileMetaData | null;
}

/** The footer of a file, or at the end of its last bytes; null where it cannot be read, which is for the decoder to report. */
export function footerOf(bytes: Uint8Array): FileMetaData | null {
  try {
    return decodeMetadata(bytes);
  } catch {
    return null;
  }
}

/**
 * Decodes a Parquet file. Columns that `wanted` refuses are only named, not read.
 * @throws Fault FILE_EMPTY, FILE_NOT_PARQUET, FILE_CORRUPT or FILE_UNSUPPORTED
 */
export function readParquetTable(path: string, bytes: Uint8Array, wanted: (name: string) => boolean): Table {
  return decodeParquet({ path, bytes, footer: footerOf(bytes) }, wanted);
}

/** The same where the footer has been read already. */
export function decodeParquet({ path, bytes, footer }: ParquetBytes, wanted: (name: string) => boolean): Table {
  checkMagic(path, bytes);
  const quick = footer === null ? null : readQuickly(bytes, footer, wanted);
  return quick ?? decodeFully(path, bytes, wanted);
}

/** With the large decoder, which knows every form of Parquet, and says what is wrong with a file. */
export function decodeFully(path: string, bytes: Uint8Array, wanted: (name: string) => boolean): Table {
  checkPages(path, sourceOfBytes(bytes));
  const decoded = decode(path, bytes);
  try {
    return tableOf(decoded, wanted);
  } catch (error) {
    decoded.free();
    // A footer may lie in ways that show only when what was decoded is looked at.
    throw error instanceof Fault ? error : decodeFault(path, error);
  }
}

function checkMagic(path: string, bytes: Uint8Array): void {
  if (bytes.length === 0) {
    throw new Fault({
      code: "FILE_EMPTY",
      path,
      found: "an empty file (0 bytes)",
      expected: "a Parquet file",
      hint: "Fetch the file again from its source.",
    });
  }
  const start = magicAt(bytes, 0);
  const end = magicAt(bytes, bytes.length - 4);
  if (start === "PARE" || end === "PARE") throw encryptedFault(path);
  if (start !== "PAR1") {
    throw new Fault({
      code: "FILE_NOT_PARQUET",
      path,
      found: `a file that begins with ${JSON.stringify(start)}`,
      expected: 'a Parquet file, which begins with "PAR1"',
      hint: "Give it the ending of what it is (.csv, .csv.gz), or leave it out.",
    });
  }
  if (bytes.length < 12 || end !== "PAR1") {
    throw new Fault({
      code: "FILE_CORRUPT",
      path,
      found: `a Parquet file of ${bytes.length} bytes without its end`,
      expected: 'a file that ends with "PAR1"',
      hint: "It was cut short: fetch it again from its source.",
    });
  }
}

function magicAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(Math.max(0, at), Math.max(0, at) + 4));
}

function decode(path: string, bytes: Uint8Array): WasmTable {
  try {
    return parquetDecoder().readParquet(bytes, { batchSize: ALL_ROWS });
  } catch (error) {
    throw hasEncryptedColumns(bytes) ? encryptedFault(path) : decodeFault(path, error);
  }
}

function tableOf(decoded: WasmTable, wanted: (name: string) => boolean): Table {
  const stream = decoded.toFFI();
  const buffer = decoderMemory(parquetDecoder());
  const memory = new DataView(buffer);
  const schema = readField(memory, stream.schemaAddr());
  // Only the first piece is looked at: should the decoder ever make more of a file, its rows must not be lost without a word.
  if (stream.numArrays() > 1) throw new Error(`${stream.numArrays()} pieces where one was asked for`);
  const rows = stream.numArrays() === 0 ? null : readChunk(memory, stream.arrayAddr(0));
  const columns = new Map<string, Column>();
  schema.children.forEach((field, i) => {
    if (columns.has(field.name)) return;
    columns.set(
      field.name,
      wanted(field.name)
        ? columnOfChunk(buffer, field, rows?.children[i] ?? emptyChunk(field))
        : { kind: "other", type: typeName(field) },
    );
  });
  return { rowCount: rows?.length ?? 0, columns, release: () => release(decoded, stream) };
}

function release(decoded: WasmTable, stream: FFIStream): void {
  stream.free();
  decoded.free();
}
