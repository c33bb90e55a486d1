import { randomInt } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errorCode } from "./file-fault.ts";
import { writeFully } from "./whole-bytes.ts";

/** Digits that no other process has: on several machines, and in containers, many have the same number. */
const OWN_DIGITS = `${process.pid}${randomInt(1e8, 1e9)}`;

/** The name under which `path` is written before it is complete: in the same folder, so that a rename makes it whole. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${OWN_DIGITS}.tmp`);
}

/** Writes a file so that under its name there is always all of it or nothing new. */
export function writeFileAtomic(path: string, bytes: Uint8Array | string): void {
  const temporary = temporaryName(path);
  writeWhole(temporary, bytes);
  renameSync(temporary, path);
}

/** Writes a file that nobody else looks at yet, to the disk itself; it is removed if that fails. */
export function writeWhole(temporary: string, bytes: Uint8Array | string): void {
  // Made anew, so that a link of this name leads nowhere else.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx");
  try {
    writeFully(file, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a file that is not there yet; false if there is one. A link puts it there with its content, so that nobody finds it empty while it
 * is made.
 */
export function createFileAtomic(path: string, bytes: Uint8Array | string, tries = 5): boolean {
  const temporary = temporaryName(path);
  try {
    writeWhole(temporary, bytes);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    // Who has the folder tidies it, and may have taken this file for one of a run that was killed.
    if (errorCode(error) === "ENOENT" && tries > 1) return createFileAtomic(path, bytes, tries - 1);
    if (NO_LINKS.has(errorCode(error) ?? "")) return createWithoutLink(path, bytes);
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Some file systems have no links. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Then a crash may leave it half written: whoever reads it has to see that it is not whole. */
function createWithoutLink(path: string, bytes: Uint8Array | string): boolean {
  try {
    writeFileSync(path, bytes, { flag: "wx", flush: true });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Puts a complete temporary file in its place, durably: after a power cut there is all of it or nothing new. */
export function commitFile(temporary: string, path: string): void {
  syncToDisk(temporary);
  renameSync(temporary, path);
  syncToDisk(dirname(path));
}

function syncToDisk(path: string): void {
  const opened = openSync(path, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Removes what writers that were killed have left in a folder: of the file `name`, or of all. Only for who alone writes these. */
export function removeTemporaries(folder: string, name?: string): void {
  for (const entry of readdirSync(folder)) {
    const written = /^\.(.+)\.\d+\.tmp$/s.exec(entry)?.[1];
    if (written !== undefined && (name === undefined || written === name)) rmSync(join(folder, entry), { force: true });
  }
}
