import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { sampleTree } from "./process-tree.ts";
import type { Timing } from "./statistics.ts";

/** A finished run of a command. */
export interface FinishedRun extends Timing {
  stdout: string;
}

/** What the processes of a watched run used. */
export interface WatchedRun extends FinishedRun {
  peakBytes: number | null;
  /** Processor time as far as it was seen from outside: misses what a process did after the last look. */
  seenCpuSeconds: number;
}

const SAMPLE_MILLISECONDS = 20;

// The shell's `time` gives the processor time of every process that was waited for, children's children too.
// It writes to descriptor 3, of which the command itself sees nothing.
const TIMED = 'TIMEFORMAT="%3R %3U %3S"; { time "$@" 2>&4 3>&- 4>&-; } 4>&2 2>&3';

/**
 * Runs a command to its end.
 * @throws Error with the end of its standard error if it fails
 */
export async function runTimed(command: readonly string[]): Promise<FinishedRun> {
  return finished(command, start(command));
}

/** Runs a command while looking at its memory, which slows it down: its times are not for comparing. */
export async function runWatched(command: readonly string[]): Promise<WatchedRun> {
  const shell = start(command);
  const cpuSeconds = new Map<number, number>();
  let peakBytes: number | null = null;
  const timer = setInterval(() => {
    const sample = sampleTree(shell.pid!);
    if (sample.bytes !== null) peakBytes = Math.max(peakBytes ?? 0, sample.bytes);
    for (const [pid, seconds] of sample.cpuSeconds) cpuSeconds.set(pid, Math.max(seconds, cpuSeconds.get(pid) ?? 0));
  }, SAMPLE_MILLISECONDS);
  try {
    const run = await finished(command, shell);
    return { ...run, peakBytes, seenCpuSeconds: [...cpuSeconds.values()].reduce((sum, seconds) => sum + seconds, 0) };
  } finally {
    clearInterval(timer);
  }
}

function start(command: readonly string[]): ChildProcess {
  // No contender spends time on reporting what it runs.
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: "1" };
  return spawn("bash", ["-c", TIMED, "bash", ...command], { env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
}

async function finished(command: readonly string[], shell: ChildProcess): Promise<FinishedRun> {
  const exit = new Promise<number | null>((done, failed) => shell.on("close", done).on("error", failed));
  const streams = [shell.stdout, shell.stderr, shell.stdio[3]] as NodeJS.ReadableStream[];
  const [code, stdout, stderr, times] = await Promise.all([exit, ...streams.map((stream) => text(stream))] as const);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${String(stderr).slice(-2000)}`);
  const [wallSeconds, user, system] = parseTimes(String(times));
  return { wallSeconds, cpuSeconds: user + system, stdout: String(stdout) };
}

/** Real, user and system seconds as the shell wrote them, whatever its decimal sign. */
export function parseTimes(line: string): [number, number, number] {
  const numbers = line.trim().replaceAll(",", ".").split(" ").map(Number);
  if (numbers.length !== 3 || numbers.some(Number.isNaN)) throw new Error(`the shell gave no times but: ${line}`);
  return numbers as [number, number, number];
}
