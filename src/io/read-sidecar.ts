import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { Fault } from "../faults/fault.ts";
import { errorCode } from "./file-fault.ts";
import { readRange } from "./read-range.ts";
import { isRemote } from "./storage/address.ts";
import { storageOf } from "./storage/storage.ts";

/** What stands beside a file. At most one of the two is not null. */
export interface Sidecar {
  text: string | null;
  /** Why there is no text, although something stands there. */
  warning: string | null;
}

/** A description of a file takes a few kilobytes: whatever is larger is none. */
const LARGEST_BYTES = 1_000_000;

const NOTHING: Sidecar = { text: null, warning: null };

/**
 * The text of `<file>.meta.json`. That it is missing is ordinary; that it cannot be read is a warning, never an error. `knownBytes`:
 * its size, where a listing of a store has told it.
 */
export async function readSidecar(file: string, knownBytes?: number): Promise<Sidecar> {
  const path = `${file}.meta.json`;
  if (isRemote(path)) return readRemote(path, knownBytes);
  // Most files have none, and to be told so by a promise that fails takes longer than to open the file itself.
  if (!existsSync(path)) return NOTHING;
  try {
    return await readText(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return NOTHING;
    return { text: null, warning: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function readRemote(path: string, knownBytes: number | undefined): Promise<Sidecar> {
  try {
    const storage = await storageOf(path);
    const bytes = knownBytes ?? (await storage.stat(path))?.sizeBytes ?? 0;
    return bytes > LARGEST_BYTES ? tooLarge(path, bytes) : textOf(await storage.read(path));
  } catch (error) {
    if (error instanceof Fault && error.code === "FILE_MISSING") return NOTHING;
    return { text: null, warning: `${path}: ${error instanceof Fault ? error.detail.found : String(error)}` };
  }
}

function textOf(bytes: Uint8Array): Sidecar {
  return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), warning: null };
}

function tooLarge(path: string, sizeBytes: number): Sidecar {
  return { text: null, warning: `${path}: ${sizeBytes} bytes, more than the ${LARGEST_BYTES} of a sidecar` };
}

async function readText(path: string): Promise<Sidecar> {
  const file = await open(path);
  try {
    const status = await file.stat();
    if (!status.isFile()) return { text: null, warning: `${path}: not a file` };
    if (status.size > LARGEST_BYTES) return tooLarge(path, status.size);
    return textOf(await readRange(file, { path, start: 0, end: status.size }));
  } finally {
    await file.close();
  }
}
