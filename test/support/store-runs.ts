import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Finished } from "./run.ts";
import { scratch } from "./run.ts";

const LAUNCHER = new URL("../../bin/flightbatch", import.meta.url).pathname;

/** A run with its inputs and output in a store, as a user starts it. */
export interface StoreRun {
  process: ChildProcess;
  done: Promise<Finished & { signal: NodeJS.Signals | null }>;
}

/** Starts `flightbatch run` with two workers, in a folder of its own. */
export function startStoreRun(args: string[], env: Record<string, string> = {}): StoreRun {
  const command = [LAUNCHER, "run", "--workers", "2", ...args];
  const child = spawn(process.execPath, command, { cwd: scratch(), env: { ...process.env, ...env } });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk) => {
      texts[name] += chunk;
    });
  const done = new Promise<Finished & { signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? -1, signal, ...texts }));
  });
  return { process: child, done };
}

/** Files of parts and locks in a run folder: how many reports, how many other files of parts, and which locks. */
export function leftIn(runDirectory: string): { reports: number; files: number; locks: string[] } {
  const parts = readdirSync(`${runDirectory}/parts`);
  const reports = parts.filter((name) => name.endsWith(".report.json")).length;
  const locks = readdirSync(runDirectory).filter((name) => name.startsWith("lock"));
  return { reports, files: parts.length - reports, locks };
}
