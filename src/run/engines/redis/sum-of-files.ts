import type { FileReport } from "../../../results/reports.ts";
import { fileDone } from "../../../task/task-runner.ts";
import type { RunProgress } from "./run-board.ts";

const SUMMED = ["files", "failedFiles", "bytes", "windows", "anomalies"] as const;

/** Adds to the progress of a run. */
export function addDone(progress: RunProgress, done: Omit<RunProgress, "tasks">): void {
  for (const name of SUMMED) progress[name] += done[name];
}

/** What a task's files add to the progress of a run. */
export function sumOfFiles(reports: readonly FileReport[]): Omit<RunProgress, "tasks"> {
  const sum = { files: 0, failedFiles: 0, bytes: 0, windows: 0, anomalies: 0 };
  for (const report of reports) {
    const { bytes, windows, anomalies, failed } = fileDone(report);
    sum.files++;
    sum.failedFiles += failed ? 1 : 0;
    sum.bytes += bytes;
    sum.windows += windows;
    sum.anomalies += anomalies;
  }
  return sum;
}
