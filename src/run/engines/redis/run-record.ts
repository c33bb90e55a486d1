import { createHash } from "node:crypto";
import type { InputFile } from "../../../io/input-file.ts";
import type { Versions } from "../../../io/versions.ts";
import { QUALITY_CHECKS } from "../../../quality/finding.ts";
import { INPUT_KINDS } from "../../../recording/recording.ts";
import type { Task, TaskOptions } from "../../../task/messages.ts";
import { VERIFY_LEVELS } from "../../../task/verify.ts";
import type { RunPlan } from "../../plan.ts";
import type { SettledOptions } from "../../run-options.ts";

/** What workers are told of a run: all that its tasks share. Plain data, in Redis as JSON. */
export interface RunRecord {
  layout: typeof LAYOUT;
  output: string;
  versions: Versions;
  bundle: { directory: string; digest: string; recipe: string };
  options: Omit<TaskOptions, "bundle" | "trace">;
  fileTimeoutSeconds: number | null;
  totals: { tasks: number; files: number; bytes: number };
}

/** Changes whenever records or tasks in the queue mean something else. */
const LAYOUT = 1;

/** The record of a planned run. */
export function recordOf(plan: RunPlan, settled: SettledOptions): RunRecord {
  const { bundle, trace: _, ...options } = plan.taskOptions;
  return {
    layout: LAYOUT,
    output: settled.output,
    versions: plan.versions,
    bundle: { directory: bundle.directory, digest: bundle.digests.bundle!, recipe: bundle.digests.recipe! },
    options,
    fileTimeoutSeconds: settled.taskTimeoutSeconds,
    totals: { tasks: plan.tasks.length, files: plan.fileCount, bytes: plan.totalBytes },
  };
}

/** The same command over the same files meets the same run: by where its results go, and all that decides their rows. */
export function runIdOf(plan: RunPlan, output: string): string {
  const hash = createHash("sha256").update(JSON.stringify([output, plan.record.ingredients]));
  for (const { fingerprint } of plan.tasks) hash.update(fingerprint);
  return hash.digest("hex").slice(0, 12);
}

/** Whether a text is a run's id: it becomes part of keys. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text);
}

type Fields = Record<string, (value: unknown) => boolean>;

const isText = (value: unknown) => typeof value === "string" && value.length <= 4096 && !value.includes("\0");
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const orNull = (check: (value: unknown) => boolean) => (value: unknown) => value === null || check(value);
const oneOf = (values: readonly unknown[]) => (value: unknown) => values.includes(value);
const objectOf = (fields: Fields) => (value: unknown) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
  Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const listOf = (check: (value: unknown) => boolean, most: number) => (value: unknown) =>
  Array.isArray(value) && value.length <= most && value.every(check);

const isRecord = objectOf({
  layout: oneOf([LAYOUT]),
  output: isText,
  versions: objectOf({ flightbatch: isText, node: isText, onnxruntime: isText, cpu: isText }),
  bundle: objectOf({ directory: isText, digest: isText, recipe: isText }),
  options: objectOf({
    batchSize: (value) => isCount(value) && (value as number) >= 1 && (value as number) <= 1_000_000,
    filter: orNull((value) => typeof value === "string" && value.length <= 100_000),
    inputKind: orNull(oneOf(INPUT_KINDS)),
    cacheDirectory: orNull(isText),
    explain: oneOf([true, false]),
    partitioned: oneOf([true, false, undefined]),
    checkOnly: oneOf([undefined]),
    strict: (value) => value === undefined || listOf(oneOf(QUALITY_CHECKS), QUALITY_CHECKS.length)(value),
    verify: (value) => value === undefined || oneOf(VERIFY_LEVELS)(value),
    // Files of these names alone are written there.
    partsDirectory: (value) => isText(value) && /\.run\/parts$/.test(value as string),
  } satisfies Record<keyof RunRecord["options"], (value: unknown) => boolean>),
  fileTimeoutSeconds: orNull(isCount),
  totals: objectOf({ tasks: isCount, files: isCount, bytes: isCount }),
});

/** Files of a task; the cut makes no more. */
const MOST_FILES = 2000;

const isFile = objectOf({
  path: isText,
  name: isText,
  sizeBytes: isCount,
  // Digits of a time, or an ETag.
  modifiedNs: (value) => typeof value === "string" && /^[\x20-\x7e]{0,200}$/.test(value),
  format: oneOf(["parquet", "csv", "csv.gz"]),
  sidecarStamp: orNull(isText),
} satisfies Record<keyof InputFile, (value: unknown) => boolean>);

const isTask = objectOf({
  index: isCount,
  // It becomes the name of a file.
  fingerprint: (value) => typeof value === "string" && /^[0-9a-f]{32}$/.test(value),
  files: listOf(isFile, MOST_FILES),
});

/** A record as it came out of Redis, or null if it is none that this version understands: others may write there. */
export function parseRecord(text: string | null): RunRecord | null {
  const value = parsed(text);
  return isRecord(value) ? (value as RunRecord) : null;
}

/** A task as it came out of the queue, or null if it is none. */
export function checkedTask(data: unknown): Task | null {
  return isTask(data) ? (data as Task) : null;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}
