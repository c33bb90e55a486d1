import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { asFault, Fault } from "../faults/fault.ts";
import { isRemote, joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import { sha256 } from "./canonical-json.ts";
import { FileFindings, type Findings } from "./findings.ts";
import { parseThresholds, type ThresholdsFile } from "./thresholds-file.ts";

/** A `thresholds.yaml` and what is known of it. */
export interface ReadThresholds extends ThresholdsFile {
  path: string;
  text: string;
  /** sha256 of the file, hex. */
  digest: string;
  warnings: string[];
}

const MOST_BYTES = 1 << 20;

/** Reads a `thresholds.yaml`, given by itself or by the bundle that it is in. @throws Fault BUNDLE_INVALID with all that is wrong with it */
export async function readThresholds(given: string): Promise<ReadThresholds> {
  const { path, bytes } = await readBytes(given);
  const found: Findings = { errors: [], warnings: [] };
  const text = bytes.toString("utf8");
  const parsed = parseThresholds(text, new FileFindings("thresholds.yaml", found));
  if (parsed !== null) return { ...parsed, path, text, digest: sha256(bytes), warnings: found.warnings };
  throw new Fault({
    code: "BUNDLE_INVALID",
    path,
    found: found.errors.length === 1 ? "thresholds with a fault" : `thresholds with ${found.errors.length} faults`,
    expected: "thresholds.yaml of a model bundle (docs/bundles.md)",
    hint: "Mend what is named.",
    items: found.errors,
  });
}

async function readObject(given: string): Promise<{ path: string; bytes: Buffer }> {
  const path = /\.ya?ml$/i.test(given) ? given : joinPlace(given, "thresholds.yaml");
  const storage = await storageOf(path);
  const size = (await storage.stat(path))?.sizeBytes ?? 0;
  if (size > MOST_BYTES) throw new Error(`has ${size} bytes, more than ${MOST_BYTES}`);
  return { path, bytes: Buffer.from(await storage.read(path)) };
}

async function readBytes(given: string): Promise<{ path: string; bytes: Buffer }> {
  try {
    if (isRemote(given)) return await readObject(given);
    const isFolder = (await stat(given)).isDirectory();
    const path = isFolder ? join(given, "thresholds.yaml") : given;
    const { size } = await stat(path);
    if (size <= MOST_BYTES) return { path, bytes: await readFile(path) };
    throw new Error(`has ${size} bytes, more than ${MOST_BYTES}`);
  } catch (error) {
    throw new Fault(
      {
        code: "BUNDLE_INVALID",
        path: given,
        found: asFault(error).detail.found,
        expected: "a thresholds.yaml, or the model bundle that holds one",
        hint: "Check the spelling.",
      },
      { cause: error },
    );
  }
}
