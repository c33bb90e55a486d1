import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import pino from "pino";
import { Fault } from "../faults/fault.ts";
import type { RunObserver } from "../run/run-observer.ts";
import type { RunResult } from "../run/run-result.ts";

/** Where runs are logged unless `--log-file` says otherwise. */
export const LOG_FILE = "logs/batch_inference.log";

/** The log of a run: JSON lines, appended. @throws Fault OUTPUT_UNWRITABLE */
export function openLog(path: string): pino.Logger {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return pino(
      { base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: path, sync: true, append: true }),
    );
  } catch (error) {
    const found = `a log that cannot be written (${(error as Error).message})`;
    throw new Fault(
      {
        code: "OUTPUT_UNWRITABLE",
        path,
        found,
        expected: "a place for the log",
        hint: "Choose another with --log-file.",
      },
      { cause: error },
    );
  }
}

/** Logs what happens in a run. */
export function logObserver(log: pino.Logger): RunObserver {
  return {
    planned: ({ fileCount, totalBytes, tasks, pruned }, reused) =>
      log.info(
        { files: fileCount, bytes: totalBytes, tasks: tasks.length, reused, pruned: pruned.countsByRule },
        "planned",
      ),
    queued: (run, engine) => log.info({ run, engine }, "queued"),
    warning: (message) => log.warn(message),
    filesReported: (files) => {
      for (const { path, failure, flights, elapsedMs, warnings } of files) {
        for (const warning of warnings) log.warn({ path }, warning);
        if (failure !== null) log.error({ path, failure }, "file failed");
        else log.debug({ path, flights: flights.length, elapsedMs }, "file scored");
      }
    },
  };
}

/** Logs how a run ended. */
export function logEnd(log: pino.Logger, { summary, report, end, output }: RunResult): void {
  const { total_windows, total_flights, anomalies, windows_skipped, files, coverage } = summary;
  const { recorded_seconds, scored_seconds, not_scored_seconds } = coverage;
  log.info(
    {
      ...{ output, total_windows, total_flights, anomalies, windows_skipped, files, elapsedMs: report.elapsedMs },
      ...{ recorded_seconds, scored_seconds, not_scored_seconds },
    },
    end === "whole" ? "finished" : "ended early",
  );
}
