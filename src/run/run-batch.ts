import { rmSync } from "node:fs";
import { join } from "node:path";
import type { FaultDetail } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import { encodeCoverage } from "../results/coverage.ts";
import type { FileReport } from "../results/reports.ts";
import { type Summary, summarise } from "../results/summary.ts";
import type { TaskReport } from "../task/messages.ts";
import { partPaths, readPartReport } from "../task/part-files.ts";
import type { Engine } from "./engines/engine.ts";
import { LocalEngine } from "./engines/local-engine.ts";
import { mergeParts } from "./merge-parts.ts";
import { prepareOutput } from "./output-place.ts";
import { planRun, type RunPlan } from "./plan.ts";
import type { RunObserver } from "./run-observer.ts";
import { type RunOptions, type SettledOptions, settleOptions } from "./run-options.ts";
import { type RunReport, reportRun } from "./run-report.ts";

/** What a run leaves: files on disk, and this. */
export interface RunResult {
  /** The results file, and the folder with all about the run. */
  output: string;
  runDirectory: string;
  summary: Summary;
  report: RunReport;
  files: FileReport[];
  /** Every failure: files, folders that could not be listed, windows whose key is not their own. */
  failures: FaultDetail[];
  /** Whether it was stopped before its end: then there are no results yet, and the same call carries on. */
  interrupted: boolean;
}

/** How a run is watched and stopped. */
export interface RunControl {
  observer?: RunObserver;
  /** Once aborted, tasks in flight are finished and no more begun. */
  stop?: AbortSignal;
}

/**
 * Scores every window of every flight: plan, tasks on all cores, parts put together, summary and reports beside the results.
 * What is wrong with a file is reported and costs that file alone.
 * @throws Fault USAGE, FILTER_INVALID, BUNDLE_INVALID, OUTPUT_UNWRITABLE before any work; WORKER_CRASHED if no worker can live
 */
export async function runBatch(options: RunOptions, control: RunControl = {}): Promise<RunResult> {
  const startedAt = new Date();
  const settled = settleOptions(options);
  // Processes take longer to start than the plan takes to make.
  const engine = new LocalEngine(settled.workers);
  try {
    const bundle = await loadBundle(settled.model);
    return await runOn(engine, { bundle, settled, control, startedAt });
  } finally {
    await engine.close();
  }
}

interface RunInput {
  bundle: ModelBundle;
  settled: SettledOptions;
  control: RunControl;
  startedAt: Date;
}

async function runOn(engine: Engine, { bundle, settled, control, startedAt }: RunInput): Promise<RunResult> {
  const plan = await planRun(bundle, settled);
  prepareOutput(settled);
  const { reports, reused } = await runTasks(engine, plan, control);
  const interrupted = reports.length < plan.tasks.length;
  const files = reports.flatMap((report) => report.files);
  const begun = performance.now();
  const repeated = interrupted ? { sameScore: 0, conflicts: [] } : await mergeParts(plan, settled, files);
  const failures = [
    ...plan.listingFaults,
    ...files.flatMap(({ failure }) => (failure === null ? [] : [failure])),
    ...repeated.conflicts,
  ];
  const summary = summarise(files, { prunedFiles: plan.pruned.pruned.length, repeatedWindows: repeated.sameScore });
  const finished = {
    plan,
    options: settled,
    tasks: reports,
    reused,
    startedAt,
    mergeMs: performance.now() - begun,
    elapsedMs: Date.now() - startedAt.getTime(),
  };
  const result: RunResult = {
    output: settled.output,
    runDirectory: settled.runDirectory,
    summary,
    report: reportRun(finished),
    files,
    failures,
    interrupted,
  };
  if (!interrupted) {
    writeReports(result);
    rmSync(plan.taskOptions.partsDirectory, { recursive: true, force: true });
  }
  return result;
}

/** Runs the tasks whose parts do not stand from before; all reports in the plan's order. */
async function runTasks(
  engine: Engine,
  plan: RunPlan,
  { observer, stop }: RunControl,
): Promise<{ reports: TaskReport[]; reused: number }> {
  const reports: (TaskReport | null)[] = plan.tasks.map(({ fingerprint }) =>
    readPartReport(partPaths(plan.taskOptions.partsDirectory, fingerprint), fingerprint),
  );
  const missing = plan.tasks.filter(({ index }) => reports[index] === null);
  observer?.planned?.(plan, plan.tasks.length - missing.length);
  for (const warning of plan.warnings) observer?.warning?.(warning);
  const listener = {
    fileDone: (done: Parameters<NonNullable<RunObserver["fileDone"]>>[0]) => observer?.fileDone?.(done),
    workerDied: (message: string) => observer?.warning?.(message),
  };
  const control = { listener, ...(stop === undefined ? {} : { stop }) };
  for await (const report of engine.run(missing, plan.taskOptions, control)) {
    reports[report.index] = report;
    observer?.filesReported?.(report.files);
  }
  const done = reports.filter((report) => report !== null);
  return { reports: done, reused: plan.tasks.length - missing.length };
}

function writeReports({ runDirectory, summary, report, files, failures }: RunResult): void {
  const write = (name: string, content: string | Uint8Array) => writeFileAtomic(join(runDirectory, name), content);
  write("summary.json", `${JSON.stringify(summary, null, 2)}\n`);
  write("coverage.parquet", encodeCoverage(files));
  write("failures.jsonl", failures.map((failure) => `${JSON.stringify(failure)}\n`).join(""));
  write("run.json", `${JSON.stringify(report, null, 1)}\n`);
}
