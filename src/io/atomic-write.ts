import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFully } from "./whole-bytes.ts";

/** The name under which `path` is written before it is complete: in the same folder, so that a rename makes it whole. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
}

/** Writes a file so that under its name there is always all of it or nothing new. */
export function writeFileAtomic(path: string, bytes: Uint8Array | string): void {
  const temporary = temporaryName(path);
  const file = openSync(temporary, "w");
  try {
    writeFully(file, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** Puts a complete temporary file in its place, durably. */
export function commitFile(temporary: string, path: string): void {
  renameSync(temporary, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
