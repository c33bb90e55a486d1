import { printable } from "../model/printable.ts";
import type { ClusterStatus, FailedTask, RunStatus, WorkerStatus } from "../run/engines/redis/cluster-status.ts";
import { type TableRow, tableLines } from "./text-table.ts";
import { bytesInWords, counted, duration, grouped, percent } from "./words.ts";

/** Failed tasks of a run that are shown. */
const FAILED_SHOWN = 10;

/** What goes on, in words. */
export function describeCluster({ runs, workers }: ClusterStatus, shown: string): string {
  const lines = [
    `Redis ${shown}: ${counted(runs.length, "run")}, ${counted(workers.length, "worker")}`,
    ...runs.flatMap(describeRun),
    ...describeWorkers(workers),
  ];
  return `${lines.join("\n")}\n`;
}

function describeRun(run: RunStatus): string[] {
  const { done, totals, queue } = run;
  const left = run.remainingSeconds === null ? "" : `, ${duration(run.remainingSeconds * 1000)} left`;
  const rate = run.bytesPerSecond > 0 ? ` at ${grouped(Math.round(run.windowsPerSecond))} windows/s` : "";
  const failed = done.failedFiles > 0 ? `, ${counted(done.failedFiles, "file")} failed` : "";
  const coordinator =
    run.state === "running" && run.coordinators.length === 0
      ? ["  no coordinator: workers go on; the command that began it puts the results together"]
      : [];
  return [
    "",
    `Run ${run.run}: ${run.state}, ${percent(done.bytes, totals.bytes)} of ${bytesInWords(totals.bytes)}${rate}${left}`,
    `  output ${printable(run.output, 300)}`,
    `  ${grouped(done.tasks)} of ${counted(totals.tasks, "task")}, ${grouped(done.files)} of ${counted(totals.files, "file")}${failed}, ${counted(done.windows, "window")}, ${grouped(done.anomalies)} anomalous`,
    `  queue: ${grouped(queue.waiting)} waiting, ${grouped(queue.active)} in work, ${grouped(queue.failed)} failed`,
    ...coordinator,
    ...run.failed.slice(0, FAILED_SHOWN).map(describeFailed),
    ...(queue.failed > FAILED_SHOWN
      ? [`  and ${grouped(queue.failed - FAILED_SHOWN)} more (--json has more of them)`]
      : []),
  ];
}

function describeFailed({ index, files, file, reason, tries }: FailedTask): string {
  const what = index === null ? "no task of flightbatch" : `task ${index} (${counted(files, "file")} from ${file})`;
  return `  failed: ${printable(`${what}, tried ${tries} times: ${reason}`, 400)}`;
}

function describeWorkers(workers: readonly WorkerStatus[]): string[] {
  if (workers.length === 0) return [];
  const head: TableRow = ["worker", "process", "in work", "files done", "windows/s", "memory", "seen", "on"];
  return ["", "Workers", ...tableLines([head, ...workers.map(workerRow)], [0, 7]), ...workers.flatMap(refusalsOf)];
}

function workerRow(worker: WorkerStatus): TableRow {
  const { host, pid, tasks, lanes, done, rates, memoryBytes, lastSeenSeconds, isDraining } = worker;
  const [first] = tasks;
  const on =
    first === undefined ? "" : `${first.run} task ${first.index}, file ${first.filesDone + 1} of ${first.files}`;
  return [
    host,
    pid,
    `${tasks.length}/${lanes}`,
    grouped(done.files),
    grouped(Math.round(rates.windowsPerSecond)),
    bytesInWords(memoryBytes),
    `${lastSeenSeconds.toFixed(1)}s ago`,
    isDraining ? "draining" : on,
  ];
}

function refusalsOf({ host, pid, refusals }: WorkerStatus): string[] {
  return Object.entries(refusals).map(
    ([run, why]) => `  ${printable(`${host} (process ${pid}) refuses run ${run}: ${why}`, 400)}`,
  );
}
