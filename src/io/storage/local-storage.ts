import { closeSync, copyFileSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../../faults/fault.ts";
import { commitFile, createFileAtomic, temporaryName, writeFileAtomic } from "../atomic-write.ts";
import { errorCode, fileFault } from "../file-fault.ts";
import { readFully } from "../whole-bytes.ts";
import type { ByteRange, Storage, Stored } from "./storage.ts";

/**
 * The disks of this machine. What it does is done at once, without other threads: files are small or already in the system's cache,
 * and a promise that waits for a thread takes longer than that.
 */
export const localStorage: Storage = {
  async *list(folder, start = "") {
    yield* filesBelow(folder, start);
  },
  async stat(path) {
    return describe(path);
  },
  async read(path, version) {
    return withOpen(path, version, (file, size) => readPiece(file, { start: 0, end: size }));
  },
  async readRange(path, range, version) {
    return withOpen(path, version, (file, size) => {
      if (range.end > size) throw tooShort(path, size, range.end);
      return readPiece(file, range);
    });
  },
  async create(path, bytes) {
    return createFileAtomic(path, bytes);
  },
  async write(path, bytes) {
    writeFileAtomic(path, bytes);
  },
  async upload(file, path) {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = temporaryName(path);
    copyFileSync(file, temporary);
    commitFile(temporary, path);
  },
  async download(path, file) {
    try {
      copyFileSync(path, file);
    } catch (error) {
      throw fileFault(error, path);
    }
  },
  async remove(path) {
    rmSync(path, { force: true });
  },
};

function* filesBelow(folder: string, start: string): Iterable<Stored> {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true }) as string[];
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw fileFault(error, folder);
  }
  for (const name of names) {
    if (!name.startsWith(start)) continue;
    const found = describe(join(folder, name));
    if (found !== null) yield found;
  }
}

function describe(path: string): Stored | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.isFile() ? { path, sizeBytes: Number(found.size), version: String(found.mtimeNs) } : null;
}

function withOpen<T>(path: string, version: string | undefined, use: (file: number, size: number) => T): T {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    const { size, mtimeNs } = fstatSync(file, { bigint: true });
    if (version !== undefined && version !== String(mtimeNs)) throw changed(path);
    return use(file, Number(size));
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    if (file !== null) closeSync(file);
  }
}

function readPiece(file: number, { start, end }: ByteRange): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  readFully(file, bytes, start);
  return bytes;
}

function changed(path: string): Fault {
  return new Fault({
    code: "FILE_CHANGED",
    path,
    found: "a file that was changed since it was listed",
    expected: "the version that was listed",
    hint: "Run again once nothing writes to it any more.",
  });
}

function tooShort(path: string, size: number, end: number): Fault {
  return new Fault({
    code: "FILE_CORRUPT",
    path,
    found: `the file ends at byte ${size}`,
    expected: `${end} bytes`,
    hint: "It became shorter while it was read: wait until it is written.",
  });
}
