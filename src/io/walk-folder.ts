import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import type { FaultDetail } from "../faults/fault.ts";
import { fileFault } from "./file-fault.ts";
import { type InputFile, type InputFormat, inputFormat } from "./input-file.ts";
import type { PathPattern } from "./path-pattern.ts";

/** A file found below an argument. */
export interface FoundFile {
  path: string;
  name: string;
  /** Its path with all links resolved: two names of one file have the same. */
  realPath: string;
  format: InputFormat;
  /** What is known of it already. */
  described?: InputFile;
}

/** What a walk collects. */
export interface WalkResult {
  /** By the UTF-8 bytes of their names. */
  files: FoundFile[];
  /** Folders that could not be read and links that lead nowhere. */
  faults: FaultDetail[];
  /** Sidecars (`<file>.meta.json`) beside which their file is missing; only where all of a folder is taken. */
  lonelySidecars: string[];
}

/** What a walk needs to know; a pattern restricts what is taken. */
export interface WalkOptions {
  folder: string;
  pattern?: PathPattern;
  /** Real paths that are passed over, with all below them. */
  excluded: ReadonlySet<string>;
}

interface Folder {
  path: string;
  name: string;
  realPath: string;
  /** Whether all below is taken, or what the pattern picks. */
  takesAll: boolean;
  /** Real paths of the folders that need not be entered (again). */
  entered: Set<string>;
}

interface Entry {
  name: string;
  realPath: string;
  isFolder: boolean;
  order: Buffer;
}

/**
 * The input files below a folder. Links are followed. Passed over are names that begin with `.` or `_`, folders
 * `*.run`, what is no plain file (opening a pipe would wait for ever), and what is excluded. A folder that cannot be
 * read becomes a fault, except for the first, which throws.
 */
export async function walkFolder(options: WalkOptions): Promise<WalkResult> {
  const result: WalkResult = { files: [], faults: [], lonelySidecars: [] };
  const realPath = await resolveLinks(options.folder);
  const takesAll = options.pattern === undefined;
  const top = { path: options.folder, name: "", realPath, takesAll, entered: new Set([realPath]) };
  const entries = await listEntries(top, result);
  await visit(top, entries, { options, result });
  return result;
}

interface Walk {
  options: WalkOptions;
  result: WalkResult;
}

async function visit(folder: Folder, entries: Entry[], walk: Walk): Promise<void> {
  const { options, result } = walk;
  for (const entry of entries) {
    if (options.excluded.has(entry.realPath)) continue;
    const path = joinPath(folder.path, entry.name);
    const name = joinPath(folder.name, entry.name);
    const verdict = folder.takesAll ? "match" : options.pattern!.judge(name, entry.isFolder);
    if (verdict === "none") continue;
    if (entry.isFolder) {
      await enter({ ...folder, path, name, realPath: entry.realPath, takesAll: verdict === "match" }, walk);
    } else if (verdict === "match") {
      const format = inputFormat(entry.name);
      if (format !== null) result.files.push({ path, name, realPath: entry.realPath, format });
    }
  }
}

/** Enters a folder unless a link has led to it before, so that loops of links end. */
async function enter(folder: Folder, walk: Walk): Promise<void> {
  if (folder.entered.has(folder.realPath)) return;
  // With a pattern, the same folder may be picked under one name and not under the other: only loops are cut.
  const entered = walk.options.pattern === undefined ? folder.entered : new Set(folder.entered);
  entered.add(folder.realPath);
  let entries: Entry[];
  try {
    entries = await listEntries(folder, walk.result);
  } catch (error) {
    walk.result.faults.push(fileFault(error, folder.path).detail);
    return;
  }
  await visit({ ...folder, entered }, entries, walk);
}

/** What stands in a folder and is not passed over, in the order in which a sorted list of all paths would have it. */
async function listEntries(folder: Folder, result: WalkResult): Promise<Entry[]> {
  const entries: Entry[] = [];
  const dirents = await readFolder(folder.path);
  if (folder.takesAll) result.lonelySidecars.push(...lonelySidecars(folder.path, dirents));
  for (const dirent of dirents) {
    if (isPassedOver(dirent.name)) continue;
    const entry = await classify(folder, dirent, result);
    if (entry !== null) entries.push(entry);
  }
  return entries.sort((a, b) => Buffer.compare(a.order, b.order));
}

const SIDECAR = ".meta.json";

function lonelySidecars(folder: string, dirents: readonly Dirent[]): string[] {
  const sidecars = dirents.map(({ name }) => name).filter((name) => name.endsWith(SIDECAR) && !isPassedOver(name));
  if (sidecars.length === 0) return [];
  const names = new Set(dirents.map(({ name }) => name));
  const lonely = sidecars.filter((name) => {
    const file = name.slice(0, -SIDECAR.length);
    return inputFormat(file) !== null && !names.has(file);
  });
  return lonely.sort().map((name) => joinPath(folder, name));
}

async function readFolder(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw fileFault(error, path);
  }
}

function isPassedOver(name: string): boolean {
  return name.startsWith(".") || name.startsWith("_");
}

async function classify(folder: Folder, dirent: Dirent, result: WalkResult): Promise<Entry | null> {
  const { name } = dirent;
  if (dirent.isSymbolicLink()) return classifyLink(folder, name, result);
  const isFolder = dirent.isDirectory();
  if (!isFolder && (!dirent.isFile() || inputFormat(name) === null)) return null;
  return toEntry({ name, realPath: joinPath(folder.realPath, name), isFolder });
}

async function classifyLink(folder: Folder, name: string, result: WalkResult): Promise<Entry | null> {
  const path = joinPath(folder.path, name);
  try {
    const target = await stat(path);
    if (!target.isDirectory() && !target.isFile()) return null;
    return toEntry({ name, realPath: await realpath(path), isFolder: target.isDirectory() });
  } catch (error) {
    // A dead link is only missed where it was an input.
    if (inputFormat(name) !== null) result.faults.push(fileFault(error, path).detail);
    return null;
  }
}

function toEntry({ name, realPath, isFolder }: Omit<Entry, "order">): Entry | null {
  if (isFolder && /\.run$/i.test(name)) return null;
  // A folder sorts as its path continues: "a.parquet" comes before "a/b.parquet", as "." comes before "/".
  return { name, realPath, isFolder, order: Buffer.from(isFolder ? `${name}/` : name) };
}

async function resolveLinks(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw fileFault(error, folder);
  }
}

/** `name` below `folder`; below `.` and the empty path, by itself. */
export function joinPath(folder: string, name: string): string {
  if (folder === "" || folder === ".") return name;
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}
