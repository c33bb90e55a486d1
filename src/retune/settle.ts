import { existsSync, realpathSync } from "node:fs";
import { usage } from "../aggregate/options.ts";
import type { ResultFile } from "../aggregate/result-file.ts";
import type { ExplainedFile } from "../eventfiles/explained-rows.ts";
import type { AlertKind } from "./retuned.ts";
import { checkResultsName } from "./write-results.ts";

/** What to decide again, and by what. */
export interface RetuneOptions {
  /** A `thresholds.yaml`, or the bundle that holds one. */
  thresholds: string;
  /** Results of runs of one model in any form: files, folders or globs. */
  results: readonly string[];
  /** Wanted alerts per 100 scored hours: thresholds for that are proposed. */
  targetRate?: number;
  /** What counts as an alert there; default events. */
  counted?: AlertKind;
  /** Where the proposed thresholds are written: the given file with other thresholds. */
  write?: string;
  /** Where the results are written as they are decided now: `.parquet`. */
  output?: string;
  stop?: AbortSignal;
}

/** @throws Fault `USAGE` for flags that cannot be meant */
export function settle({ targetRate, write, output }: RetuneOptions): void {
  if (output !== undefined) checkResultsName(output);
  if (targetRate !== undefined && !(Number.isFinite(targetRate) && targetRate >= 0)) {
    throw usage("--target-rate", {
      found: String(targetRate),
      expected: "a number of alerts per 100 scored hours",
      hint: "Such as --target-rate 5.",
    });
  }
  if (write !== undefined && targetRate === undefined) {
    throw usage(`--write ${write}`, {
      found: "no --target-rate",
      expected: "the rate that the thresholds written are to give",
      hint: "Add --target-rate, or leave --write out.",
    });
  }
}

/** @throws Fault `USAGE` for results that nothing says the phases of */
export function requireExplained(files: readonly ExplainedFile[]): void {
  const bare = files.filter(({ explainedBy }) => explainedBy === "nothing");
  if (bare.length === 0) return;
  throw usage(
    bare
      .map(({ file }) => file.path)
      .slice(0, 5)
      .join(", "),
    {
      found: "neither <stem>.run/windows.parquet beside the results, nor flight_phase and threshold in them",
      expected: "the phase of each window: its threshold hangs on that",
      hint: bare.some(({ file }) => file.dataSet !== undefined)
        ? "Make the data set with --explain: what lies beside it is of its last run alone."
        : "Keep the run's folder beside its results, or run with --explain.",
    },
  );
}

/** @throws Fault `USAGE` where a file that is read would be written */
export function refuseOverwriting({ output, write, thresholds }: RetuneOptions, files: readonly ResultFile[]): void {
  const isSame = (a: string, b: string) => existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b);
  const read = [thresholds, ...files.map(({ path }) => path)];
  for (const [flag, path] of Object.entries({ "--output": output, "--write": write })) {
    if (path === undefined || !read.some((one) => isSame(one, path))) continue;
    throw usage(`${flag} ${path}`, {
      found: "one of the files that are read",
      expected: "another file",
      hint: "Name it otherwise.",
    });
  }
}

/** The name of the one model, null where nothing says it. @throws Fault `USAGE` for several */
export function oneModel(labels: readonly string[]): string | null {
  const known = [...new Set(labels)].filter((label) => label !== "unknown");
  if (known.length <= 1) return known[0] ?? null;
  throw usage("retune", {
    found: `results of ${known.length} models: ${known.join(", ")}`,
    expected: "results of one model, which the thresholds are for",
    hint: "Give the results of one of them.",
  });
}
