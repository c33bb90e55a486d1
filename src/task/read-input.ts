import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync } from "node:fs";
import { Fault } from "../faults/fault.ts";
import { fileFault } from "../io/file-fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { ScratchBuffer } from "../io/scratch-buffer.ts";
import { readFully } from "../io/whole-bytes.ts";
import type { Table } from "../recording/column.ts";
import { readParquetTable } from "../recording/parquet/read-parquet.ts";

/** Of a CSV file this much of its beginning and its end is hashed. */
const HASHED_BYTES = 65_536;

/** The whole of a file, in `scratch`. @throws Fault if it cannot be read, or is not the file that was listed */
export function readWhole(file: InputFile, scratch = new ScratchBuffer()): Uint8Array {
  return withOpen(file, (handle) => {
    const bytes = scratch.bytes(file.sizeBytes);
    readFully(handle, bytes, 0);
    return bytes;
  });
}

/** Identity of a file's content without reading all of it: sha256 of the Parquet footer, of CSV its first and last 64 KiB. */
export function hashContent(file: InputFile): string {
  return withOpen(file, (handle) =>
    hashOf(file, (start, end) => {
      const bytes = new Uint8Array(end - start);
      readFully(handle, bytes, start);
      return bytes;
    }),
  );
}

/** The same from bytes at hand. */
export function hashBytes(file: InputFile, bytes: Uint8Array): string {
  return hashOf(file, (start, end) => bytes.subarray(start, end));
}

/** Decodes a file's bytes; columns that `wanted` refuses are named only. */
export async function decodeTable(
  file: InputFile,
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
): Promise<Table> {
  if (file.format === "parquet") return readParquetTable(file.path, bytes, wanted);
  // Loaded only once there is such a file: a worker is to start quickly.
  const { readCsvTable } = await import("../recording/csv/read-csv.ts");
  return readCsvTable(file.path, bytes, file.format === "csv.gz");
}

function hashOf({ format, sizeBytes }: InputFile, range: (start: number, end: number) => Uint8Array): string {
  const hash = createHash("sha256");
  if (format === "parquet" && sizeBytes >= 12) {
    const tail = range(sizeBytes - 8, sizeBytes);
    const footerBytes = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
    const start = sizeBytes - 8 - footerBytes;
    if (start >= 4) return hash.update(range(start, sizeBytes - 8)).digest("hex");
  }
  hash.update(range(0, Math.min(sizeBytes, HASHED_BYTES)));
  return hash.update(range(Math.max(0, sizeBytes - HASHED_BYTES), sizeBytes)).digest("hex");
}

function withOpen<T>(file: InputFile, use: (handle: number) => T): T {
  let handle: number | null = null;
  try {
    handle = openSync(file.path, "r");
    checkUnchanged(file, handle);
    return use(handle);
  } catch (error) {
    throw fileFault(error, file.path);
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

function checkUnchanged(file: InputFile, handle: number): void {
  const { size, mtimeNs } = fstatSync(handle, { bigint: true });
  if (Number(size) === file.sizeBytes && String(mtimeNs) === file.modifiedNs) return;
  throw new Fault({
    code: "FILE_CHANGED",
    path: file.path,
    found: `a file of ${size} bytes that was changed after the run had begun`,
    expected: `the file of ${file.sizeBytes} bytes that was listed`,
    hint: "Run again once nothing writes to it any more.",
  });
}
