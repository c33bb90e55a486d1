import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { errorCode } from "./file-fault.ts";
import { readRange } from "./read-range.ts";

/** What stands beside a file. At most one of the two is not null. */
export interface Sidecar {
  text: string | null;
  /** Why there is no text, although something stands there. */
  warning: string | null;
}

/** A description of a file takes a few kilobytes: whatever is larger is none. */
const LARGEST_BYTES = 1_000_000;

const NOTHING: Sidecar = { text: null, warning: null };

/** The text of `<file>.meta.json`. That it is missing is ordinary; that it cannot be read is a warning, never an error. */
export async function readSidecar(file: string): Promise<Sidecar> {
  const path = `${file}.meta.json`;
  // Most files have none, and to be told so by a promise that fails takes longer than to open the file itself.
  if (!existsSync(path)) return NOTHING;
  try {
    return await readText(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return NOTHING;
    return { text: null, warning: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function readText(path: string): Promise<Sidecar> {
  const file = await open(path);
  try {
    const status = await file.stat();
    if (!status.isFile()) return { text: null, warning: `${path}: not a file` };
    if (status.size > LARGEST_BYTES) {
      return { text: null, warning: `${path}: ${status.size} bytes, more than the ${LARGEST_BYTES} of a sidecar` };
    }
    const bytes = await readRange(file, { path, start: 0, end: status.size });
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), warning: null };
  } finally {
    await file.close();
  }
}
