import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../io/file-fault.ts";
import { isRemote, joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import { COVERAGE_FILE } from "./coverage.ts";
import { type Manifest, readManifest } from "./manifest.ts";

/** Where new files lie until the manifest names them. */
const STAGING = "_staging";
/** DuckDB takes what ends in `.parquet` wherever it lies, also below a name that begins with `_`. */
const STAGED = ".staged";

/** Our own files below a data set; nothing else is ours to remove. */
const OUR_FILE = /^(_staging\/)?date=[^/]+\/aircraft_id=[^/]+\/part-[0-9a-f]{32}\.parquet(\.staged)?$/;

/** Where a file waits until the manifest names it, below the data set's folder. */
export function stagedPath(path: string): string {
  return `${STAGING}/${path}${STAGED}`;
}

/**
 * Brings a folder to what its manifest says: files that wait in staging go to their places, files that it does not name any more are
 * removed. A run that was killed after its manifest is so brought to its end; of one that was killed before, what it staged is removed.
 * Of each partition first what is old goes, then what is new comes: who looks at the files alone never finds a row twice.
 */
export async function settleDataSet(folder: string): Promise<void> {
  const manifest = await readManifest(folder);
  const { staged, placed, coverages } = await listDataSet(folder);
  const wanted = new Set(manifest?.files.map(({ path }) => path));
  const stale = [...placed].filter((path) => !wanted.has(path));
  const waiting = [...staged].filter((path) => wanted.has(path) && !placed.has(path));
  const byPartition = new Map([...stale, ...waiting].map((path) => [dirname(path), [] as (() => Promise<void>)[]]));
  for (const path of stale) byPartition.get(dirname(path))!.push(() => removeFile(folder, path));
  for (const path of waiting) byPartition.get(dirname(path))!.push(() => place(folder, path));
  for (const steps of byPartition.values()) for (const step of steps) await step();
  for (const path of staged) if (!waiting.includes(path)) await removeFile(folder, stagedPath(path));
  for (const name of coverages) if (name !== manifest?.coverage) await removeFile(folder, name);
  if (isRemote(folder)) return;
  removeEmptyFolders(folder, stale);
  // What is left there, a run that was killed had begun to write.
  rmSync(join(folder, STAGING), { recursive: true, force: true });
}

/** Whether a run was killed between staging files and putting them in place. */
export async function hasStaged(folder: string): Promise<boolean> {
  const staging = joinPlace(folder, STAGING);
  for await (const _ of (await storageOf(staging)).list(staging)) return true;
  return false;
}

/** Where a file of the manifest lies now: in its place, or in staging while a run puts its files in place. */
export async function findDataSetFile(folder: string, path: string): Promise<string | null> {
  for (const place of [path, stagedPath(path), path]) {
    const found = joinPlace(folder, place);
    if ((await (await storageOf(folder)).stat(found)) !== null) return found;
  }
  return null;
}

/** Whether a folder may become a data set, or is one: nothing in it but what is ours, and what readers pass over. */
export async function foreignFile(folder: string, manifest: Manifest | null): Promise<string | null> {
  if (manifest !== null) return null;
  for await (const { path } of (await storageOf(folder)).list(folder)) {
    const below = belowFolder(folder, path);
    if (!OUR_FILE.test(below) && !/(^|\/)[._]/.test(below)) return path;
  }
  return null;
}

async function listDataSet(folder: string): Promise<Record<"staged" | "placed" | "coverages", Set<string>>> {
  const [staged, placed, coverages] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for await (const { path } of (await storageOf(folder)).list(folder)) {
    const below = belowFolder(folder, path);
    if (COVERAGE_FILE.test(below)) coverages.add(below);
    if (!OUR_FILE.test(below)) continue;
    if (below.startsWith(STAGING)) staged.add(below.slice(STAGING.length + 1, -STAGED.length));
    else placed.add(below);
  }
  return { staged, placed, coverages };
}

function belowFolder(folder: string, path: string): string {
  return path.slice(joinPlace(folder, "x").length - 1);
}

async function removeFile(folder: string, path: string): Promise<void> {
  await (await storageOf(folder)).remove(joinPlace(folder, path));
}

/** A rename on a disk; a store has none, there the object is written once more. */
async function place(folder: string, path: string): Promise<void> {
  const [from, to] = [joinPlace(folder, stagedPath(path)), joinPlace(folder, path)];
  if (!isRemote(folder)) {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    return;
  }
  const storage = await storageOf(folder);
  await storage.write(to, await storage.read(from));
  await storage.remove(from);
}

function removeEmptyFolders(folder: string, stale: readonly string[]): void {
  const folders = stale.map((path) => dirname(path));
  const all = new Set(folders.flatMap((path) => path.split("/").map((_, i, parts) => parts.slice(0, i + 1).join("/"))));
  // The deepest first.
  for (const path of [...all].sort((a, b) => b.length - a.length)) removeIfEmpty(join(folder, path));
}

function removeIfEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTEMPTY") throw error;
  }
}
