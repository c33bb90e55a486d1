import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { detector, digestOfRows, type Finished, fixture } from "./run.ts";

const FLIGHT = fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");
const LAUNCHER = new URL("../../bin/flightbatch", import.meta.url).pathname;

/** Windows of each flight of {@link makeFleet}. */
export const WINDOWS_PER_FLIGHT = 47;

/** Path of a file of a fleet. */
export function flightOf(folder: string, hour: number): string {
  return join(folder, `AC001_20251012_${String(hour).padStart(2, "0")}0000.parquet`);
}

/** Copies one flight under `count` names: large enough that each is a task. */
export function makeFleet(folder: string, count = 24): string {
  mkdirSync(folder, { recursive: true });
  for (let hour = 0; hour < count; hour++) copyFileSync(FLIGHT, flightOf(folder, hour));
  return folder;
}

/** A run of the launcher that is under way. */
export interface StartedRun {
  process: ChildProcess;
  done: Promise<Finished & { signal: NodeJS.Signals | null }>;
}

/** What is run, and how. */
export interface RunSpec {
  data: string[];
  output: string;
  model?: string;
  more?: string[];
  /** Environment variables that differ. */
  env?: Record<string, string>;
  /** Put before the command, such as `["faketime", "-f", "+1d"]`. */
  prefix?: string[];
}

/** Starts `flightbatch run` as a user does, two workers, with its log beside the data. */
export function startRun({ data, output, model, more = [], env = {}, prefix = [] }: RunSpec): StartedRun {
  const log = join(dirname(data[0]!), "log.jsonl");
  // Of a queued run the workers are others.
  const workers = more.includes("--engine") ? [] : ["--workers", "2"];
  const own = ["--model", model ?? detector("1.0.0"), "--data", ...data, "--output", output, ...workers];
  const [command, ...args] = [...prefix, process.execPath, LAUNCHER, "run", ...own, "--log-file", log, ...more] as [
    string,
    ...string[],
  ];
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd: dirname(data[0]!) });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const done = new Promise<Finished & { signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? -1, signal, stdout, stderr }));
  });
  return { process: child, done };
}

/** Runs it to its end. */
export function runToEnd(spec: RunSpec): ReturnType<typeof waitFor> {
  return waitFor(startRun(spec));
}

function waitFor(run: StartedRun): StartedRun["done"] {
  return run.done;
}

/** Processes that a process has started and that live, by what the kernel says. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Whether a process lives; one that has ended and waits to be noticed does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Parts of a run that are finished. */
export function partsDone(output: string): number {
  const parts = join(output.replace(/\.(parquet|csv|csv\.gz|jsonl|json)$/, ".run"), "parts");
  return existsSync(parts) ? readdirSync(parts).filter((name) => name.endsWith(".report.json")).length : 0;
}

/** Rows of results in any form and their order as one text, latency aside; of Parquet their digest. */
export async function rowsOf(output: string): Promise<string> {
  if (output.endsWith(".parquet")) return digestOfRows(output);
  const bytes = readFileSync(output);
  const text = (output.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  const latency = output.includes(".csv") ? /,[^,\n]*$/gm : /"inference_latency_ms":[^,}]*/g;
  return text.replace(latency, "");
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
