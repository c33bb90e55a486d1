import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { explainingColumns, RESULT_COLUMNS, type ResultColumn, windowColumns } from "../results/parquet/columns.ts";
import { encodeChunks } from "../results/parquet/write-chunks.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import type { TaskOptions, TaskReport } from "./messages.ts";

/** The columns of the two files that a run makes. */
export interface RunColumns {
  results: ResultColumn[];
  windows: ResultColumn[];
}

/** The columns that these options ask for. */
export function columnsOfRun({ bundle, explain }: Pick<TaskOptions, "bundle" | "explain">): RunColumns {
  const hasErrors = bundle.model.reconstructionOutput !== null;
  const explaining = explain ? explainingColumns(bundle.featureOrder, hasErrors) : [];
  return { results: [...RESULT_COLUMNS, ...explaining], windows: windowColumns(bundle.featureOrder, hasErrors) };
}

/** The three files of a part. The report is written last: where it is whole, so is the part, and its work is done. */
export interface PartPaths {
  results: string;
  windows: string;
  report: string;
}

/** Where the part of a task lies. */
export function partPaths(directory: string, fingerprint: string): PartPaths {
  const base = join(directory, fingerprint);
  return { results: `${base}.results.parquet`, windows: `${base}.windows.parquet`, report: `${base}.report.json` };
}

/** Writes a part. */
export function writePart(
  paths: PartPaths,
  columns: RunColumns,
  { chunks, report }: { chunks: ResultChunk[]; report: () => TaskReport },
): TaskReport {
  writeFileAtomic(paths.results, encodeChunks(columns.results, chunks, []));
  writeFileAtomic(paths.windows, encodeChunks(columns.windows, chunks, []));
  const finished = report();
  writeFileAtomic(paths.report, JSON.stringify({ ...finished, bytes: partBytes(paths) }));
  return finished;
}

/** The report of a finished part, or null if the part is not there, not whole or not of this task. */
export function readPartReport(paths: PartPaths, fingerprint: string): TaskReport | null {
  if (!existsSync(paths.report)) return null;
  try {
    const { bytes, ...report } = JSON.parse(readFileSync(paths.report, "utf8")) as TaskReport & { bytes: number[] };
    return report.fingerprint === fingerprint && String(bytes) === String(partBytes(paths)) ? report : null;
  } catch {
    return null;
  }
}

/** Removes a part's files. */
export function removePart(paths: PartPaths): void {
  for (const path of [paths.report, paths.results, paths.windows]) rmSync(path, { force: true });
}

/** Files of parts, and such as were never finished: nothing else is ours to remove, wherever a link of the folder's name may lead. */
const PART_FILE = /^\.?[0-9a-f]{32}\.(results\.parquet|windows\.parquet|report\.json)(\.\d+\.tmp)?$/;

/** Removes the parts in the folder that are none of these, and what was never finished. */
export function keepOnlyParts(directory: string, fingerprints: readonly string[]): void {
  const wanted = new Set(fingerprints.flatMap((fingerprint) => Object.values(partPaths(directory, fingerprint))));
  for (const name of readdirSync(directory))
    if (PART_FILE.test(name) && !wanted.has(join(directory, name))) rmSync(join(directory, name), { force: true });
}

/** Makes the folder of the parts. */
export function makePartsDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
}

function partBytes({ results, windows }: PartPaths): number[] {
  return [statSync(results).size, statSync(windows).size];
}
