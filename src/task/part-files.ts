import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { FAULT_CODES, Fault } from "../faults/fault.ts";
import { isRemote, joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import { explainingColumns, RESULT_COLUMNS, type ResultColumn, windowColumns } from "../results/parquet/columns.ts";
import { encodeChunks, encodeRowGroups } from "../results/parquet/write-chunks.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import { splitByDay } from "../results/split-days.ts";
import type { TaskOptions, TaskReport } from "./messages.ts";

/** The columns of the two files that a run makes. */
export interface RunColumns {
  results: ResultColumn[];
  windows: ResultColumn[];
}

/** The columns that these options ask for. */
export function columnsOfRun({
  bundle,
  explain,
  partitioned,
}: Pick<TaskOptions, "bundle" | "explain" | "partitioned">): RunColumns {
  const hasErrors = bundle.model.reconstructionOutput !== null;
  const explaining = explain ? explainingColumns(bundle.featureOrder, hasErrors) : [];
  const results = [...RESULT_COLUMNS, ...explaining];
  return {
    // The folders of a data set say whose rows they hold.
    results: partitioned === true ? results.filter(({ element }) => element.name !== "aircraft_id") : results,
    windows: windowColumns(bundle.featureOrder, hasErrors),
  };
}

/** The two files of a part. */
export interface PartFiles {
  results: string;
  windows: string;
}

/** Where the files of a part lie. @throws Error for the report of a task that wrote none */
export function partFiles(
  directory: string,
  { part, fingerprint }: Pick<TaskReport, "part" | "fingerprint">,
): PartFiles {
  if (part === null) throw new Error(`task ${fingerprint} has no part`);
  return namedFiles(directory, part.name);
}

/** Where the report of a task's part lies: where it is whole, so is the part, and its work is done. */
export function partReportPath(directory: string, fingerprint: string): string {
  return joinPlace(directory, `${fingerprint}.report.json`);
}

function namedFiles(directory: string, name: string): PartFiles {
  return {
    results: joinPlace(directory, `${name}.results.parquet`),
    windows: joinPlace(directory, `${name}.windows.parquet`),
  };
}

/**
 * Writes a part. Each try has files of its own names, and the report, which comes last, says which count: of several workers that do the
 * same task, here or on other machines, one is the first to put it there. The others take what that one did, and get its report.
 */
export async function writePart(
  directory: string,
  columns: RunColumns,
  {
    chunks,
    report,
    partitioned,
  }: { chunks: ResultChunk[]; report: () => Omit<TaskReport, "part">; partitioned?: boolean | undefined },
): Promise<TaskReport> {
  const storage = await storageOf(directory);
  const groups = partitioned === true ? chunks.flatMap(splitByDay).map((chunk) => [chunk]) : [chunks];
  const results = encodeRowGroups(columns.results, groups, []);
  const windows = encodeChunks(columns.windows, chunks, []);
  const { fingerprint } = report();
  const name = `${fingerprint}.${randomBytes(6).toString("hex")}`;
  const files = namedFiles(directory, name);
  await Promise.all([storage.write(files.results, results), storage.write(files.windows, windows)]);
  const finished = { ...report(), part: { name, bytes: [results.length, windows.length] as [number, number] } };
  const path = partReportPath(directory, fingerprint);
  if (await storage.create(path, JSON.stringify(finished))) return finished;
  const standing = await readPartReport(directory, fingerprint);
  // One that is damaged, or whose files are, is no proof of anything.
  if (standing === null) await storage.write(path, JSON.stringify(finished));
  // A lost answer is asked for again: then the report that stands is this very one.
  else if (standing.part?.name !== name) await removeFiles(files);
  return standing ?? finished;
}

/** Size of a file, bytes; null where there is none. */
export type SizeOf = (path: string) => Promise<number | null>;

/** The report of a finished part, or null if the part is not there, not whole or not of this task. */
export async function readPartReport(
  directory: string,
  fingerprint: string,
  sizeOf: SizeOf = storedSize,
): Promise<TaskReport | null> {
  const path = partReportPath(directory, fingerprint);
  try {
    const bytes = await (await storageOf(path)).read(path);
    const report = JSON.parse(new TextDecoder().decode(bytes)) as TaskReport;
    if (report.fingerprint !== fingerprint || !report.part) return null;
    const { results, windows } = partFiles(directory, report);
    const sizes = [await sizeOf(results), await sizeOf(windows)];
    return String(sizes) === String(report.part.bytes) ? report : null;
  } catch (error) {
    // A store that does not answer says nothing of what is in it; of a disk that is damaged all is made anew.
    if (
      isRemote(path) &&
      error instanceof Fault &&
      PASSING.has(FAULT_CODES[error.code]) &&
      error.code !== "FILE_MISSING"
    )
      throw error;
    return null;
  }
}

const PASSING: ReadonlySet<string> = new Set(["transient", "forbidden", "usage"]);

async function storedSize(path: string): Promise<number | null> {
  return (await (await storageOf(path)).stat(path))?.sizeBytes ?? null;
}

/** Removes a part: first the report, so that there is none of a part that is not whole. */
export async function removePart(directory: string, report: TaskReport): Promise<void> {
  const path = partReportPath(directory, report.fingerprint);
  await (await storageOf(path)).remove(path);
  await removeFiles(partFiles(directory, report));
}

async function removeFiles({ results, windows }: PartFiles): Promise<void> {
  const storage = await storageOf(results);
  await Promise.all([storage.remove(results), storage.remove(windows)]);
}

/** Makes the folder of the parts; a store needs none. */
export function makePartsDirectory(directory: string): void {
  if (!isRemote(directory)) mkdirSync(directory, { recursive: true });
}
