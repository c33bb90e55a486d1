import { Fault } from "../faults/fault.ts";
import { type InputFile, inputFormat } from "./input-file.ts";
import { type PathPattern, parsePathPattern } from "./path-pattern.ts";
import { nameOf, parseAddress } from "./storage/address.ts";
import { type Stored, storageOf } from "./storage/storage.ts";
import type { FoundFile, WalkResult } from "./walk-folder.ts";

const SIDECAR = ".meta.json";

/**
 * The input objects of an argument `s3://...`: one object, a folder of them, or a glob pattern, by the rules of folders on a disk. A
 * listing tells sizes and versions too, of the sidecars as well, so that nothing need be asked about each object.
 * @throws Fault USAGE where there is none, or what keeps the store from being listed
 */
export async function expandAddress(argument: string, excluded: ReadonlySet<string>): Promise<WalkResult> {
  const pattern = patternOf(argument);
  // What is there under the very name is meant, even if the name could be read as a pattern.
  if (inputFormat(argument) !== null) {
    const file = await describeObject(argument, nameOf(argument));
    if (file !== null) return { files: excluded.has(argument) ? [] : [found(file)], faults: [], lonelySidecars: [] };
  }
  const folder = pattern === null ? argument.replace(/\/+$/, "") : pattern.base;
  const listed = await listBelow(folder, literalStart(argument, folder));
  if (listed.length === 0 && pattern === null) throw nothingThere(argument);
  return pick(listed, { folder, pattern, excluded });
}

/** An object with its version and that of its sidecar, or null if it is not there. */
export async function describeObject(path: string, name: string): Promise<InputFile | null> {
  const storage = await storageOf(path);
  const [object, sidecar] = await Promise.all([storage.stat(path), storage.stat(`${path}${SIDECAR}`)]);
  return object === null ? null : describe(object, name, sidecar ?? undefined);
}

function describe({ path, sizeBytes, version }: Stored, name: string, sidecar: Stored | undefined): InputFile {
  const sidecarStamp = sidecar === undefined ? null : `${sidecar.sizeBytes}:${sidecar.version}`;
  return { path, name, sizeBytes, modifiedNs: version, format: inputFormat(path)!, sidecarStamp };
}

function found(file: InputFile): FoundFile {
  const { path, name, format } = file;
  return { path, name, format, realPath: path, described: file };
}

/** A glob pattern of keys; the bucket is none of it. */
function patternOf(argument: string): PathPattern | null {
  const { bucket, key } = parseAddress(argument);
  const pattern = parsePathPattern(key);
  if (pattern === null) return null;
  return {
    ...pattern,
    base: pattern.base === "." ? `s3://${bucket}` : `s3://${bucket}/${pattern.base.replace(/\/+$/, "")}`,
  };
}

/** What all keys below the folder that can match begin with: of a pattern its characters up to the first that is not plain. */
function literalStart(argument: string, folder: string): string {
  // A folder with escaped characters is not written as it is named.
  if (!argument.startsWith(`${folder}/`)) return "";
  const rest = argument.slice(folder.length).replace(/^\/+/, "");
  return /^[^*?[\]{}()!+@|\\]*/.exec(rest)![0].replace(/\/+$/, "/");
}

/** All objects below the folder whose names begin so, by their keys' UTF-8 bytes. */
async function listBelow(folder: string, start: string): Promise<Stored[]> {
  const listed: Stored[] = [];
  const storage = await storageOf(folder);
  for await (const object of storage.list(folder, start)) listed.push(object);
  return listed;
}

interface Choice {
  folder: string;
  pattern: PathPattern | null;
  excluded: ReadonlySet<string>;
}

function pick(listed: readonly Stored[], choice: Choice): WalkResult {
  const byPath = new Map(listed.map((object) => [object.path, object]));
  const folders = new FolderVerdicts(choice);
  const result: WalkResult = { files: [], faults: [], lonelySidecars: [] };
  for (const object of listed) {
    const name = object.path.slice(choice.folder.length + 1);
    if (folders.verdict(name, object.path) !== "match") continue;
    if (inputFormat(name) !== null)
      result.files.push(found(describe(object, name, byPath.get(`${object.path}${SIDECAR}`))));
    else if (folders.takesAll(name) && isLonely(name, object.path, byPath)) result.lonelySidecars.push(object.path);
  }
  return result;
}

function isLonely(name: string, path: string, byPath: ReadonlyMap<string, Stored>): boolean {
  if (!name.endsWith(SIDECAR)) return false;
  return inputFormat(name.slice(0, -SIDECAR.length)) !== null && !byPath.has(path.slice(0, -SIDECAR.length));
}

/** Judges keys by the folders in them, as a walk through these would: each folder is judged once. */
class FolderVerdicts {
  readonly #choice: Choice;
  readonly #known = new Map<string, "match" | "descend" | "none">();

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  /** Of an object, by its name below the folder. */
  verdict(name: string, path: string): "match" | "none" {
    const folder = this.#folder(parentOf(name));
    const own = name.slice(name.lastIndexOf("/") + 1);
    if (folder === "none" || isPassedOver(own) || this.#choice.excluded.has(path)) return "none";
    if (folder === "match") return "match";
    return this.#choice.pattern!.judge(name, false) === "match" ? "match" : "none";
  }

  /** Whether all of the folder that an object is in is taken. */
  takesAll(name: string): boolean {
    return this.#folder(parentOf(name)) === "match";
  }

  #folder(name: string): "match" | "descend" | "none" {
    if (name === "") return this.#choice.pattern === null ? "match" : "descend";
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const parent = this.#folder(parentOf(name));
    const own = name.slice(name.lastIndexOf("/") + 1);
    const isOut = parent === "none" || isPassedOver(own) || /\.run$/i.test(own);
    const isExcluded = this.#choice.excluded.has(`${this.#choice.folder}/${name}`);
    const verdict =
      isOut || isExcluded ? "none" : parent === "match" ? "match" : this.#choice.pattern!.judge(name, true);
    this.#known.set(name, verdict);
    return verdict;
  }
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function isPassedOver(name: string): boolean {
  return name === "" || name.startsWith(".") || name.startsWith("_");
}

function nothingThere(argument: string): Fault {
  return new Fault({
    code: "USAGE",
    path: argument,
    found: "nothing there",
    expected: "an object, a folder of objects (a prefix of their keys up to a slash) or a glob pattern",
    hint: "Check the spelling, and that the bucket is of the store that AWS_ENDPOINT_URL_S3 names.",
  });
}
