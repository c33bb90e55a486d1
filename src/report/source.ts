import { findResults } from "../aggregate/find-results.ts";
import { describeResultFile, type ResultFile } from "../aggregate/result-file.ts";
import { companionPath } from "../aggregate/run-facts.ts";
import { Fault } from "../faults/fault.ts";
import { type JsonObject, readJsonObject } from "./json-file.ts";

/** Results and what lies beside them: paths and objects that are not there are null. */
export interface ReportSource {
  file: ResultFile;
  /** `run.json` and `summary.json` as they are; anyone may have written them. */
  run: JsonObject | null;
  summary: JsonObject | null;
  coveragePath: string | null;
  failuresPath: string | null;
  qualityPath: string | null;
  missing: string[];
}

/** What is not known without a companion. */
const LOST: [name: string, what: string][] = [
  ["summary.json", "how much of the recorded time was scored"],
  ["run.json", "how the results were made, and where the recordings are"],
  ["windows.parquet", "thresholds, flight phases and the part of each feature"],
  ["coverage.parquet", "flights and files without a scored window"],
  ["failures.jsonl", "files that failed"],
  ["quality.parquet", "what is odd in the data"],
];

/** Finds the results of a run and what lies beside them. @throws Fault `USAGE` for what is no results */
export async function openSource(results: string): Promise<ReportSource> {
  const [candidate, ...more] = await findResults([results]);
  const file =
    candidate === undefined || more.length > 0 ? null : await describeResultFile({ ...candidate, isNamed: true });
  if (file === null) {
    throw new Fault({
      code: "USAGE",
      path: results,
      found: candidate === undefined ? "no file of results" : `${more.length + 1} files`,
      expected: "the results of one run",
      hint: "Give the file that --output of the run named; aggregate takes many.",
    });
  }
  const companions = companionsOf(file);
  return {
    file,
    run: readJsonObject(companions["run.json"]!),
    summary: readJsonObject(companions["summary.json"]!),
    coveragePath: companions["coverage.parquet"]!,
    failuresPath: companions["failures.jsonl"]!,
    qualityPath: companions["quality.parquet"]!,
    missing: missingOf(file, companions),
  };
}

/** What is not there, in one sentence, and what tells of the last run alone in another. */
function missingOf(file: ResultFile, companions: Readonly<Record<string, string | null>>): string[] {
  const isExplained = file.columns.includes("threshold");
  const lost = LOST.filter(([name]) => companions[name] === null && !(isExplained && name === "windows.parquet"));
  const listed = (some: typeof lost) => some.map(([name, what]) => `${what} (${name})`).join("; ");
  const absent = lost.filter(([name]) => !isOfLastRun(file, name));
  const partial = lost.filter(([name]) => isOfLastRun(file, name));
  return [
    ...(absent.length > 0 ? [`Not known, as the files are not beside ${file.path}: ${listed(absent)}`] : []),
    ...(partial.length > 0 ? [`Not known, as the files tell of the last run alone: ${listed(partial)}`] : []),
  ];
}

/** What lies beside results, as far as it tells of them. */
function companionsOf(file: ResultFile): Record<string, string | null> {
  // A run.json of another results file says nothing of this one; describeResultFile has looked.
  const isOwn = file.coveragePath !== null || file.isWindowKnown;
  const companions = LOST.map(([name]) => [name, isOwn ? companionPath(file.path, name) : null]);
  if (file.dataSet === undefined) return Object.fromEntries(companions);
  const ofAll = companions.map(([name, path]) => [name, isOfLastRun(file, name!) ? null : path]);
  return { ...Object.fromEntries(ofAll), "coverage.parquet": file.coveragePath };
}

/**
 * Whether a file beside a data set tells of its last run, not of all of it: the windows, which are in another order, and the counts, where
 * that run scored some of the inputs only.
 */
function isOfLastRun({ dataSet, path }: ResultFile, name: string): boolean {
  if (dataSet === undefined || name === "run.json" || companionPath(path, name) === null) return false;
  if (name === "windows.parquet") return true;
  const runPath = companionPath(path, "run.json");
  const inputs = runPath === null ? null : readJsonObject(runPath)?.inputs;
  return !Array.isArray(inputs) || inputs.length !== dataSet.manifest.inputs.length;
}
