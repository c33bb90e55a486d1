import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync } from "node:fs";
import { Fault } from "../faults/fault.ts";
import { versionOf } from "../io/file-facts.ts";
import { fileFault } from "../io/file-fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { ScratchBuffer } from "../io/scratch-buffer.ts";
import { isRemote } from "../io/storage/address.ts";
import { ObjectPieces } from "../io/storage/object-pieces.ts";
import { storageOf } from "../io/storage/storage.ts";
import { readFully } from "../io/whole-bytes.ts";
import type { ByteSource } from "../recording/parquet/byte-source.ts";

/** Of a CSV file this much of its beginning and its end is hashed. */
const HASHED_BYTES = 65_536;
/** Length of a Parquet footer, and the magic at the end. */
const TAIL_BYTES = 8;
/** No footer is as large; a damaged length must not become an allocation. */
const LARGEST_FOOTER_BYTES = 256 << 20;

/** The whole of a file, in `scratch`. @throws Fault if it cannot be read, or is not the file that was listed */
export function readWhole(file: InputFile, scratch = new ScratchBuffer()): Uint8Array {
  return withOpen(file, (handle) => {
    const bytes = scratch.bytes(file.sizeBytes);
    readFully(handle, bytes, 0);
    return bytes;
  });
}

/** Identity of a file's content without reading all of it: sha256 of the Parquet footer, of CSV its first and last 64 KiB. */
export async function hashContent(file: InputFile): Promise<string> {
  if (isRemote(file.path)) return hashObject(file);
  return withOpen(file, (handle) =>
    hashOf(file, (start, end) => {
      const bytes = new Uint8Array(end - start);
      readFully(handle, bytes, start);
      return bytes;
    }),
  );
}

/** All of an object. @throws Fault if it is not the one that was listed */
export async function readObject(file: InputFile): Promise<Uint8Array<ArrayBuffer>> {
  return (await storageOf(file.path)).read(file.path, file.modifiedNs);
}

/** The same from bytes at hand. */
export function hashBytes(file: InputFile, bytes: Uint8Array): string {
  return hashOf(file, (start, end) => bytes.subarray(start, end));
}

/** The footer of a Parquet file with the eight bytes behind it; those alone where they are not of a footer that could be. */
export function readFooter(file: InputFile): Uint8Array {
  return withOpen(file, (handle) => {
    const range = (start: number) => {
      const bytes = new Uint8Array(file.sizeBytes - start);
      readFully(handle, bytes, start);
      return bytes;
    };
    const tail = range(Math.max(0, file.sizeBytes - TAIL_BYTES));
    const start = file.sizeBytes - TAIL_BYTES - footerLength(tail);
    return start < 0 || file.sizeBytes - start > LARGEST_FOOTER_BYTES ? tail : range(start);
  });
}

/** Lets `use` read the file piece by piece. @throws Fault also if it was changed meanwhile */
export async function withByteSource<T>(file: InputFile, use: (source: ByteSource) => Promise<T>): Promise<T> {
  let handle: number | null = null;
  try {
    handle = openSync(file.path, "r");
    checkUnchanged(file, handle);
    const answer = await use(sourceOf(file, handle));
    checkUnchanged(file, handle);
    return answer;
  } catch (error) {
    throw fileFault(error, file.path);
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

function sourceOf(file: InputFile, handle: number): ByteSource {
  return {
    byteLength: file.sizeBytes,
    read: (start, end) => {
      const bytes = new Uint8Array(end - start);
      readFully(handle, bytes, start);
      return bytes;
    },
  };
}

function footerLength(tail: Uint8Array): number {
  return tail.length < TAIL_BYTES ? 0 : new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
}

function hashOf({ format, sizeBytes }: InputFile, range: (start: number, end: number) => Uint8Array): string {
  const hash = createHash("sha256");
  if (format === "parquet" && sizeBytes >= 12) {
    const start = sizeBytes - TAIL_BYTES - footerLength(range(sizeBytes - TAIL_BYTES, sizeBytes));
    if (start >= 4) return hash.update(range(start, sizeBytes - TAIL_BYTES)).digest("hex");
  }
  hash.update(range(0, Math.min(sizeBytes, HASHED_BYTES)));
  return hash.update(range(Math.max(0, sizeBytes - HASHED_BYTES), sizeBytes)).digest("hex");
}

async function hashObject(file: InputFile): Promise<string> {
  const { sizeBytes, format } = file;
  const pieces = new ObjectPieces(versionOf(file));
  const end = { start: Math.max(0, sizeBytes - HASHED_BYTES), end: sizeBytes };
  await pieces.fetch(format === "parquet" ? [end] : [{ start: 0, end: Math.min(sizeBytes, HASHED_BYTES) }, end]);
  try {
    return hashOf(file, (from, to) => pieces.read(from, to));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // A long footer, or no Parquet at all: then what is hashed lies elsewhere.
    return hashBytes(file, await readObject(file));
  }
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
