import { existsSync, type Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { MANIFEST } from "../dataset/manifest.ts";
import type { Fault } from "../faults/fault.ts";
import { fileFault } from "../io/file-fault.ts";
import { type PathPattern, parsePathPattern } from "../io/path-pattern.ts";
import { usage } from "./options.ts";

/** Forms of results, by the ending of the name. */
export type ResultFormat = "parquet" | "csv" | "csv.gz" | "jsonl" | "json";

/** A file that may hold results. */
export interface CandidateFile {
  path: string;
  format: ResultFormat;
  /** Named by itself: then it must be results. What lies in a folder or matches a pattern may be something else. */
  isNamed: boolean;
  /** The folder of a data set, which counts as one file. */
  isDataSet?: boolean;
}

/**
 * The files that the arguments lead to, each a file, a folder (with all below it) or a glob; a file reached twice counts where it is first
 * reached. Passed over below folders are names that begin with `.` or `_`, folders `*.run`, and other endings. The
 * folder of a data set is one.
 * @throws Fault `USAGE` for an argument that leads nowhere
 */
export async function findResults(input: readonly string[]): Promise<CandidateFile[]> {
  const found = new Map<string, CandidateFile>();
  for (const argument of input) {
    for (const file of await expand(argument)) {
      const real = await realpath(file.path);
      const known = found.get(real);
      found.set(real, { ...(known ?? file), isNamed: file.isNamed || known?.isNamed === true });
    }
  }
  return [...found.values()];
}

async function expand(argument: string): Promise<CandidateFile[]> {
  const status = await statIfThere(argument);
  if (status?.isFile()) return [{ path: argument, format: namedFormat(argument), isNamed: true }];
  if (status?.isDirectory() && /\.run\/*$/i.test(argument)) throw runFolder(argument);
  if (status?.isDirectory() && isDataSet(argument)) return [dataSetAt(argument)];
  if (status?.isDirectory()) return walk(argument, "", { pattern: null, entered: new Set() });
  const pattern = status === null ? parsePathPattern(argument) : null;
  if (pattern === null || (await statIfThere(pattern.base)) === null) {
    throw usage(argument, {
      found: status === null ? "nothing there" : "neither a file nor a folder",
      expected: "results of flightbatch run, a folder or a glob pattern of them",
      hint: "Check the spelling.",
    });
  }
  return walk(pattern.base, "", { pattern, entered: new Set() });
}

function isDataSet(folder: string): boolean {
  return existsSync(join(folder, MANIFEST));
}

function dataSetAt(folder: string): CandidateFile {
  return { path: folder.replace(/(?<=.)\/+$/, ""), format: "parquet", isNamed: true, isDataSet: true };
}

function runFolder(path: string): Fault {
  return usage(path, {
    found: "the folder of a run",
    expected: "the results beside it",
    hint: "Give the file that --output of the run named.",
  });
}

interface Walk {
  pattern: PathPattern | null;
  /** Real paths of the folders above, so that loops of links end. */
  entered: ReadonlySet<string>;
}

/** In the order of the UTF-8 bytes of the names. */
async function walk(folder: string, relative: string, { pattern, entered }: Walk): Promise<CandidateFile[]> {
  const real = await realpath(folder);
  if (entered.has(real)) return [];
  const files: CandidateFile[] = [];
  for (const name of await namesIn(folder)) {
    const path = folder === "." ? name : join(folder, name);
    const below = relative === "" ? name : `${relative}/${name}`;
    const status = await statIfThere(path);
    const verdict = pattern === null ? "match" : pattern.judge(below, status?.isDirectory() === true);
    if (status === null || verdict === "none") continue;
    const format = formatOf(name);
    if (status.isFile() && verdict === "match" && format !== null) files.push({ path, format, isNamed: false });
    if (status.isDirectory() && verdict === "match" && isDataSet(path)) {
      files.push(dataSetAt(path));
      continue;
    }
    if (status.isDirectory() && !/\.run$/i.test(name)) {
      const inside = { pattern: verdict === "match" ? null : pattern, entered: new Set([...entered, real]) };
      files.push(...(await walk(path, below, inside)));
    }
  }
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => !/^[._]/.test(name));
    return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch (error) {
    throw fileFault(error, folder);
  }
}

function namedFormat(path: string): ResultFormat {
  const format = formatOf(path);
  if (format !== null) return format;
  // A run writes Parquet where its output has no ending.
  if (!basename(path).includes(".")) return "parquet";
  throw usage(path, {
    found: "a file of another kind",
    expected: "results that end in .parquet, .csv, .csv.gz, .jsonl or .json",
    hint: "Give what flightbatch run wrote.",
  });
}

function formatOf(name: string): ResultFormat | null {
  const ending = /\.(parquet|csv|csv\.gz|jsonl|json)$/i.exec(name)?.[1];
  return ending === undefined ? null : (ending.toLowerCase() as ResultFormat);
}

async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}
