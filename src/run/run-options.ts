import { basename, extname, resolve } from "node:path";
import { Fault } from "../faults/fault.ts";
import { isRemote, joinPlace, parseAddress, placeOf } from "../io/storage/address.ts";
import { usableCores } from "../io/usable-cores.ts";
import { parseChecks, QUALITY_CHECKS, type QualityCheck } from "../quality/finding.ts";
import type { InputKind } from "../recording/recording.ts";
import { VERIFY_LEVELS, type VerifyLevel } from "../task/verify.ts";
import { redisAddress } from "./engines/redis/redis-address.ts";
import { type MemoryPlan, planMemory } from "./memory-plan.ts";

/** The forms of results, by the ending of the output's name; `dataset` is a folder of Parquet files by day and aircraft. */
export type OutputFormat = "parquet" | "csv" | "csv.gz" | "jsonl" | "json" | "dataset";

/** What a user asks of a run. */
export interface RunOptions {
  /** Directory of the model bundle. */
  model: string;
  /** Folders, files or globs. */
  data: string[];
  /** Results file; its ending says its form, without one it is Parquet. With a slash at its end: the folder of a data set. */
  output: string;
  /** Where tasks are run: left out, in processes of this machine; else by workers that take them from this Redis. */
  engine?: string;
  /** Whether only inputs are scored that are new or changed since the data set was written; the rest of it stays. */
  incremental?: boolean;
  /** Whether rows of inputs whose files are gone are removed from the data set, with `incremental`. */
  removeVanished?: boolean;
  /** Worker processes; default the cores this process may use. Fewer where the memory limit is too small for them. */
  workers?: number;
  /** The most memory for all processes together: bytes, or a size such as `"2GiB"`; default four fifths of what may be used. */
  memoryLimit?: number | string;
  /** Windows of an inference call, rounded up to a multiple of 16; default 128. */
  batchSize?: number;
  filter?: string;
  /** Whether features are kept for the next run, and where; default `.flightbatch-cache` beside the output. */
  cacheFeatures?: boolean;
  cacheDirectory?: string;
  /** Whether what explains a decision is in the results too. */
  explain?: boolean;
  /** Overrides what the files are recognised as. */
  inputKind?: InputKind;
  /** Checks of the data's quality whose findings fail a file, by name; an empty list means all. Default none. */
  strict?: readonly string[];
  /** How far files are held against their sidecars; default `size`. */
  verify?: VerifyLevel;
  /** Whether parts of an earlier run are left aside, and all is done again. */
  fresh?: boolean;
  /** How many files may fail before the run is ended: a number, or a share of all files such as `"5%"`; default any. */
  maxFailed?: number | string;
  /** Seconds that a file may take before its worker is given up; default none. */
  taskTimeoutSeconds?: number;
  /** Folder that failed files are linked or copied to, each with its reason; default none. */
  quarantineDirectory?: string;
  /** File for a trace of what each process did when, which chrome://tracing and Perfetto open; default none. */
  profile?: string;
  /** Whether events are made of the anomalous windows at the end: `<stem>.run/events.parquet`. */
  events?: boolean;
}

/** The same with every default put in. */
export interface SettledOptions {
  model: string;
  data: string[];
  output: string;
  incremental: boolean;
  removeVanished: boolean;
  format: OutputFormat;
  /** `<stem>.run`, where all about the run lies. */
  runDirectory: string;
  /** Null: processes of this machine. */
  engine: string | null;
  workers: number;
  memory: MemoryPlan;
  batchSize: number;
  filter: string | null;
  cacheDirectory: string | null;
  explain: boolean;
  inputKind: InputKind | null;
  strict: readonly QualityCheck[];
  verify: VerifyLevel;
  fresh: boolean;
  maxFailed: FailureLimit | null;
  taskTimeoutSeconds: number | null;
  quarantineDirectory: string | null;
  profile: string | null;
  events: boolean;
}

/** Files that may fail: a number of them, or a share (0 to 1) of all. */
export type FailureLimit = { files: number } | { share: number };

const ENDINGS: [string, OutputFormat][] = [
  [".parquet", "parquet"],
  [".csv.gz", "csv.gz"],
  [".csv", "csv"],
  [".jsonl", "jsonl"],
  [".json", "json"],
];

/** Puts in the defaults and checks the rest. @throws Fault USAGE */
export function settleOptions(options: RunOptions): SettledOptions {
  for (const address of [options.model, options.output, ...options.data]) if (isRemote(address)) parseAddress(address);
  for (const flag of ["quarantineDirectory", "profile"] as const) expectLocal(flag, options[flag]);
  const { format, stem } = outputForm(options.output);
  if (options.events === true && format === "dataset" && isRemote(options.output))
    throw eventsElsewhere(options.output);
  const cacheDirectory = options.cacheDirectory ?? joinPlace(placeOf(options.output), ".flightbatch-cache");
  const memory = planMemory(options.memoryLimit, wholeNumber("--workers", options.workers ?? usableCores(), 1024));
  return {
    model: options.model,
    data: options.data,
    output: options.output,
    ...dataSetOptions(options, format),
    format,
    runDirectory: `${stem}.run`,
    engine: options.engine === undefined ? null : engineName(options.engine, options),
    workers: memory.workers,
    memory,
    batchSize: wholeNumber("--batch-size", options.batchSize ?? 128, 1_000_000),
    filter: options.filter ?? null,
    cacheDirectory: options.cacheFeatures === true ? cacheDirectory : null,
    explain: options.explain ?? false,
    inputKind: options.inputKind ?? null,
    strict: options.strict === undefined ? [] : strictChecks(options.strict),
    verify: verifyLevel(options.verify ?? "size"),
    fresh: options.fresh ?? false,
    maxFailed: options.maxFailed === undefined ? null : failureLimit(String(options.maxFailed)),
    taskTimeoutSeconds:
      options.taskTimeoutSeconds === undefined
        ? null
        : wholeNumber("--task-timeout", options.taskTimeoutSeconds, 1_000_000),
    quarantineDirectory: options.quarantineDirectory ?? null,
    events: options.events ?? false,
    profile: options.profile === undefined ? null : profilePath(options.profile, options.output),
  };
}

/** @throws Fault USAGE for an address of a store where only a disk will do */
function expectLocal(option: string, path: string | undefined): void {
  if (path === undefined || !isRemote(path)) return;
  throw new Fault({
    code: "USAGE",
    path: `--${option.replace(/Directory$/, "")} ${path}`,
    found: "an address of an object store",
    expected: "a place on this machine",
    hint: "Name a folder or file here, and copy it up afterwards.",
  });
}

/** Events are found in the rows, and those of a data set in a store are not here when the run ends. */
function eventsElsewhere(output: string): Fault {
  return new Fault({
    code: "USAGE",
    path: "--events",
    found: `a data set in an object store (${output})`,
    expected: "an output that is one file, or a data set on this machine",
    hint: `Run without it, and \`flightbatch events ${output} --output events.parquet\` afterwards.`,
  });
}

/** @throws Fault USAGE for what only a data set can be asked for */
function dataSetOptions(
  { output, incremental = false, removeVanished = false }: RunOptions,
  format: OutputFormat,
): Pick<SettledOptions, "incremental" | "removeVanished"> {
  if ((!incremental && !removeVanished) || (format === "dataset" && incremental))
    return { incremental, removeVanished };
  throw new Fault({
    code: "USAGE",
    path: incremental ? "--incremental" : "--remove-vanished",
    found: `--output ${output}${incremental ? "" : " without --incremental"}`,
    expected: incremental ? "the folder of a data set" : "--incremental with it",
    hint: incremental
      ? "End its name with a slash: --output scored/."
      : "Without it the data set holds the inputs given, and no others.",
  });
}

/** The form of an output by its name's ending, in any case, and its path without that. @throws Fault USAGE */
export function outputForm(output: string): { format: OutputFormat; stem: string } {
  // An address that names a bucket and no more is no file.
  const name = isRemote(output) && !parseAddress(output).key ? "" : output;
  const folder = name.replace(/\/+$/, "");
  if (folder !== name && !/^\.*$/.test(basename(folder))) return { format: "dataset", stem: folder };
  const found = ENDINGS.find(([ending]) => name.toLowerCase().endsWith(ending));
  if (found !== undefined && basename(output).length > found[0].length)
    return { format: found[1], stem: output.slice(0, -found[0].length) };
  if (found === undefined && extname(name) === "" && basename(name) !== "" && folder === name)
    return { format: "parquet", stem: output };
  throw new Fault({
    code: "USAGE",
    path: `--output ${output}`,
    found: `a name that ends in ${JSON.stringify(extname(output) || basename(output))}`,
    expected: `a file name that ends in ${ENDINGS.map(([ending]) => ending).join(", ")}, or a folder's that ends in /`,
    hint: "Name the results file so; its ending says what is written.",
  });
}

/** What a queue's workers decide for themselves is no option of the run. @throws Fault USAGE */
function engineName(engine: string, { workers, memoryLimit, profile }: RunOptions): string {
  redisAddress(engine);
  const foreign = Object.entries({ "--workers": workers, "--memory-limit": memoryLimit, "--profile": profile });
  const given = foreign.filter(([, value]) => value !== undefined).map(([flag]) => flag);
  if (given.length === 0) return engine;
  throw new Fault({
    code: "USAGE",
    path: given.join(", "),
    found: "a flag for processes of this machine, and --engine",
    expected: "one or the other",
    hint: "`flightbatch worker` takes --workers and --memory-limit for its own machine.",
  });
}

/** The value of a flag that has to be a whole number from 1 on. @throws Fault USAGE */
export function wholeNumber(flag: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Fault({
    code: "USAGE",
    path: flag,
    found: String(value),
    expected: `a whole number from 1 to ${most}`,
    hint: "Leave the flag out for its default.",
  });
}

/** The checks of `--strict`. @throws Fault USAGE */
export function strictChecks(names: readonly string[]): readonly QualityCheck[] {
  const { checks, unknown } = parseChecks(names);
  if (unknown.length === 0) return checks.length === 0 ? QUALITY_CHECKS : checks;
  throw new Fault({
    code: "USAGE",
    path: "--strict",
    found: unknown.join(", "),
    expected: `checks of the data's quality: ${QUALITY_CHECKS.join(", ")}`,
    hint: "Leave the list out for all of them.",
  });
}

function profilePath(path: string, output: string): string {
  if (resolve(path) !== resolve(output)) return path;
  throw new Fault({
    code: "USAGE",
    path: `--profile ${path}`,
    found: "the file of the results",
    expected: "a file of its own for the profile",
    hint: "Name it profile.json, for example.",
  });
}

function verifyLevel(level: string): VerifyLevel {
  const known = VERIFY_LEVELS.find((name) => name === level);
  if (known !== undefined) return known;
  throw new Fault({
    code: "USAGE",
    path: "--verify",
    found: level,
    expected: VERIFY_LEVELS.join(", "),
    hint: "Leave the flag out for size.",
  });
}

function failureLimit(text: string): FailureLimit {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (number !== undefined && percent === "%" && Number(number) <= 100) return { share: Number(number) / 100 };
  if (number !== undefined && percent === "" && Number.isInteger(Number(number))) return { files: Number(number) };
  throw new Fault({
    code: "USAGE",
    path: "--max-failed",
    found: text,
    expected: "a number of files such as 10, or a share of all such as 5%",
    hint: "Leave the flag out for no limit.",
  });
}
