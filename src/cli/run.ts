import { printable } from "../model/printable.ts";
import type { InputKind } from "../recording/recording.ts";
import { runBatch } from "../run/run-batch.ts";
import type { RunObserver } from "../run/run-observer.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { RunResult } from "../run/run-result.ts";
import type { VerifyLevel } from "../task/verify.ts";
import type { Terminal } from "./output.ts";
import { Progress } from "./progress.ts";
import { LOG_FILE, logEnd, logObserver, openLog } from "./run-log.ts";
import { describeFile, describeRun } from "./run-summary.ts";
import { keepHeapSmall } from "./small-heap.ts";
import { showsBlocks } from "./sparkline.ts";
import { counted } from "./words.ts";

/** The flags of `flightbatch run`, as the command line gives them. */
export interface RunFlags {
  model: string;
  data: string[];
  output: string;
  engine?: string;
  workers?: number;
  memoryLimit?: string;
  batchSize?: number;
  filter?: string;
  cacheFeatures?: boolean;
  cacheDir?: string;
  inputKind?: InputKind;
  explain?: boolean;
  verbose?: boolean;
  quiet?: boolean;
  logFile?: string;
  fresh?: boolean;
  incremental?: boolean;
  removeVanished?: boolean;
  shard?: string;
  maxFailed?: string;
  taskTimeout?: number;
  quarantine?: string;
  strict?: string[] | true;
  verify?: VerifyLevel;
  profile?: string;
  events?: boolean;
  report?: string | true;
}

/**
 * Scores a month of flights. `commandLine` is what to type to carry on. Exit code 0 if every file was processed, 1 if some failed, 2 if
 * more failed than may, 130 if interrupted.
 * @throws Fault for what cannot be begun
 */
export async function runCommand(flags: RunFlags, terminal: Terminal, commandLine: string): Promise<number> {
  keepHeapSmall();
  const { report: asked, output, shard } = flags;
  const page = asked === undefined ? null : await (await import("./run-page.ts")).wantPage(output, asked, shard);
  const log = openLog(flags.logFile ?? LOG_FILE);
  const stop = new AbortController();
  const forget = onInterrupt(stop, terminal);
  const watched = watch(flags, terminal);
  try {
    const control = { observer: both(watched.observer, logObserver(log)), stop: stop.signal };
    if (flags.shard !== undefined) {
      const { shardCommand } = await import("./shard.ts");
      const call = { shard: flags.shard, quiet: flags.quiet === true, commandLine };
      return await shardCommand(runOptions(flags), call, { control, terminal, done: watched.end });
    }
    const result = await runBatch(runOptions(flags), control);
    watched.end();
    logEnd(log, result);
    const code = report(result, { flags, terminal, commandLine });
    if (page === null || result.end !== "whole") return code;
    const isWritten = await (await import("./run-page.ts")).writePage(page, terminal, commandLine);
    return isWritten ? code : Math.max(code, 1);
  } catch (error) {
    watched.end();
    log.error({ err: error }, "run failed");
    throw error;
  } finally {
    forget();
  }
}

function report(
  result: RunResult,
  { flags, terminal, commandLine }: { flags: RunFlags; terminal: Terminal; commandLine: string },
): number {
  const { failures, end, runDirectory } = result;
  if (end !== "whole") {
    const why =
      end === "stopped"
        ? "Interrupted"
        : `Ended early: ${counted(failures.length, "failure")}, more than --max-failed ${flags.maxFailed} allows (${runDirectory}/failures.jsonl)`;
    terminal.err.write(`${why}. What is done is kept. To carry on:\n  ${commandLine}\n`);
    return end === "stopped" ? 130 : 2;
  }
  if (flags.quiet !== true) terminal.out.write(describeRun(result, showsBlocks(terminal.out)));
  else if (failures.length > 0)
    terminal.err.write(`${counted(failures.length, "failure")}: see ${runDirectory}/failures.jsonl\n`);
  return failures.length > 0 ? 1 : 0;
}

function runOptions(flags: RunFlags): RunOptions {
  const {
    model,
    data,
    output,
    engine,
    workers,
    memoryLimit,
    batchSize,
    filter,
    cacheFeatures,
    cacheDir,
    inputKind,
    explain,
    fresh,
    incremental,
    removeVanished,
    maxFailed,
    taskTimeout,
    quarantine,
    strict,
    verify,
    profile,
    events,
  } = flags;
  const given = {
    ...{
      engine,
      workers,
      memoryLimit,
      batchSize,
      filter,
      inputKind,
      explain,
      fresh,
      incremental,
      removeVanished,
      maxFailed,
      verify,
      profile,
      events,
    },
    cacheFeatures: cacheFeatures === true || cacheDir !== undefined,
    cacheDirectory: cacheDir,
    taskTimeoutSeconds: taskTimeout,
    quarantineDirectory: quarantine,
    strict: strict === true ? [] : strict,
  };
  return {
    model,
    data,
    output,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}

/** Ctrl-C once finishes the tasks in flight and stops; twice stops at once. */
function onInterrupt(stop: AbortController, { err }: Terminal): () => void {
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    err.write("\nStopping: tasks in flight are finished first. Once more to stop at once.\n");
  };
  process.on("SIGINT", interrupt);
  return () => process.off("SIGINT", interrupt);
}

function watch({ quiet, verbose }: RunFlags, { err }: Terminal): { observer: RunObserver; end: () => void } {
  if (quiet === true) return { observer: {}, end: () => {} };
  let progress: Progress | null = null;
  const observer: RunObserver = {
    planned: ({ fileCount, totalBytes, tasks }, reused) => {
      if (reused > 0) err.write(`Resumed: ${reused} of ${counted(tasks.length, "task")} stand from before.\n`);
      progress = new Progress(err, { files: fileCount, bytes: totalBytes });
    },
    queued: (run, engine) =>
      err.write(
        `Run ${run}: workers take it from the queue. To look at it: flightbatch status --engine ${engine} ${run}\n`,
      ),
    fileDone: (done) => progress?.advance(done),
    warning: (message) =>
      progress === null
        ? err.write(`Warning: ${printable(message, 500)}\n`)
        : progress.line(`Warning: ${printable(message, 500)}`),
    ...(verbose === true
      ? {
          filesReported: (files) => {
            for (const file of files) progress?.line(describeFile(file));
          },
        }
      : {}),
  };
  return { observer, end: () => progress?.end() };
}

function both(a: RunObserver, b: RunObserver): RunObserver {
  return {
    planned: (plan, reused) => {
      a.planned?.(plan, reused);
      b.planned?.(plan, reused);
    },
    queued: (run, engine) => {
      a.queued?.(run, engine);
      b.queued?.(run, engine);
    },
    fileDone: (done) => {
      a.fileDone?.(done);
      b.fileDone?.(done);
    },
    filesReported: (files) => {
      a.filesReported?.(files);
      b.filesReported?.(files);
    },
    warning: (message) => {
      a.warning?.(message);
      b.warning?.(message);
    },
  };
}
