import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { Fault, type FaultDetail } from "../faults/fault.ts";
import { errorCode, fileFault } from "./file-fault.ts";
import { type InputFile, inputFormat } from "./input-file.ts";
import { mapLimited } from "./map-limited.ts";
import { parsePathPattern } from "./path-pattern.ts";
import { isRemote } from "./storage/address.ts";
import { type FoundFile, joinPath, type WalkResult, walkFolder } from "./walk-folder.ts";

/** The input files of a run, and what was noticed while looking for them. */
export interface InputListing {
  files: InputFile[];
  /** What could not be looked into: folders without permission, links that lead nowhere. The rest is listed. */
  faults: FaultDetail[];
  warnings: string[];
  /** Sidecars (`<file>.meta.json`) beside which their file is missing. */
  lonelySidecars: string[];
}

/** Stats under way at once: more than the threads that serve them, or they would idle between answers. */
const STATS_AT_ONCE = 32;

/**
 * The input files under `data`: each argument a folder (with all below it), a file, or a glob pattern. Arguments in
 * turn, below a folder by the UTF-8 bytes of the path; a file reached twice counts where it is first reached.
 * `exclude`: files and folders that are passed over, such as the results that this run writes.
 * Throws `USAGE` for an argument that does not exist or is no input.
 */
export async function listInputs(data: readonly string[], exclude: readonly string[] = []): Promise<InputListing> {
  const excluded = new Set(await Promise.all(exclude.map(realPathOf)));
  const listing: InputListing = { files: [], faults: [], warnings: [], lonelySidecars: [] };
  const found = new Map<string, FoundFile>();
  for (const argument of data) {
    const { files, faults, lonelySidecars } = await expandArgument(argument, excluded, listing.warnings);
    listing.faults.push(...faults);
    listing.lonelySidecars.push(...lonelySidecars);
    for (const file of files) if (!found.has(file.realPath)) found.set(file.realPath, file);
  }
  for (const described of await mapLimited([...found.values()], STATS_AT_ONCE, describeFile)) {
    if ("code" in described) listing.faults.push(described);
    else listing.files.push(described);
  }
  return listing;
}

async function expandArgument(
  argument: string,
  excluded: ReadonlySet<string>,
  warnings: string[],
): Promise<WalkResult> {
  if (isRemote(argument)) return expandRemote(argument, excluded, warnings);
  const status = await statIfThere(argument);
  // What exists under the very name is meant, even if the name could be read as a pattern.
  if (status?.isDirectory()) return walkFolder({ folder: argument, excluded });
  if (status?.isFile()) return { files: await singleFile(argument, excluded), faults: [], lonelySidecars: [] };
  if (status !== null) {
    throw usageFault(argument, "neither a file nor a folder", "Give a file, a folder or a glob pattern.");
  }
  const pattern = parsePathPattern(argument);
  if (pattern === null || (await statIfThere(pattern.base)) === null) throw await missingFault(argument);
  const result = await walkFolder({ folder: pattern.base, pattern, excluded });
  if (result.files.length === 0) warnings.push(`${argument}: no file matches this pattern`);
  return result;
}

async function expandRemote(address: string, excluded: ReadonlySet<string>, warnings: string[]): Promise<WalkResult> {
  const { expandAddress } = await import("./list-objects.ts");
  const result = await expandAddress(address, excluded);
  if (result.files.length === 0) warnings.push(`${address}: no input object there, or none that matches`);
  return result;
}

async function singleFile(path: string, excluded: ReadonlySet<string>): Promise<FoundFile[]> {
  const format = inputFormat(path);
  if (format === null) {
    throw usageFault(path, "a file of another kind", "Input files end in .parquet, .csv or .csv.gz, in any case.");
  }
  const realPath = await realPathOf(path);
  return excluded.has(realPath) ? [] : [{ path, name: basename(path), realPath, format }];
}

/** A file with its size, times and sidecar, or the fault of what cannot be looked at. */
export async function describeFile(file: FoundFile): Promise<InputFile | FaultDetail> {
  if (file.described !== undefined) return file.described;
  try {
    if (isRemote(file.path)) return (await describeRemote(file)) ?? missingObject(file.path);
    const { size, mtimeNs } = await stat(file.path, { bigint: true });
    const { path, name, format } = file;
    const sidecarStamp = await stampOf(`${path}.meta.json`);
    return { path, name, sizeBytes: Number(size), modifiedNs: String(mtimeNs), format, sidecarStamp };
  } catch (error) {
    return fileFault(error, file.path).detail;
  }
}

async function describeRemote({ path, name }: FoundFile): Promise<InputFile | null> {
  return (await import("./list-objects.ts")).describeObject(path, name);
}

function missingObject(path: string): FaultDetail {
  return fileFault(Object.assign(new Error("no such object"), { code: "ENOENT" }), path).detail;
}

async function stampOf(path: string): Promise<string | null> {
  try {
    const { size, mtimeNs } = await stat(path, { bigint: true });
    return `${size}:${mtimeNs}`;
  } catch {
    return null;
  }
}

/** The status of what `path` leads to, or null if nothing is there. */
async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(errorCode(error) ?? "")) return null;
    throw fileFault(error, path);
  }
}

/** The path with links resolved; of something that is not there yet, below the real path of its folder. */
async function realPathOf(path: string): Promise<string> {
  if (isRemote(path)) return path.replace(/\/+$/, "");
  const full = resolve(path);
  try {
    return await realpath(full);
  } catch {
    const parent = dirname(full);
    return parent === full ? full : joinPath(await realPathOf(parent), basename(full));
  }
}

async function missingFault(argument: string): Promise<Fault> {
  let parent = dirname(argument);
  while (parent !== dirname(parent) && (await statIfThere(parent)) === null) parent = dirname(parent);
  const hint = /^[a-z][a-z0-9+]+:\/\//i.test(argument)
    ? "Files of this machine and objects (s3://bucket/key) are read: mount or copy what the address holds."
    : `Check the spelling; ${parent === "." ? "the working folder" : parent} is there.`;
  return usageFault(argument, "nothing there", hint);
}

function usageFault(path: string, found: string, hint: string): Fault {
  return new Fault({ code: "USAGE", path, found, expected: "a folder, an input file or a glob pattern", hint });
}
