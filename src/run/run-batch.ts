import { join } from "node:path";
import type { FaultDetail } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { explainSystemError } from "../io/file-fault.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import { encodeCoverage } from "../results/coverage.ts";
import { encodeCoverageDetail } from "../results/coverage-detail.ts";
import { encodeQuality } from "../results/quality.ts";
import type { FileReport } from "../results/reports.ts";
import { type Summary, summarise } from "../results/summary.ts";
import { keepOnlyParts } from "../task/part-files.ts";
import { certifyRun } from "./certificate.ts";
import type { Engine } from "./engines/engine.ts";
import { LocalEngine } from "./engines/local-engine.ts";
import { MemorySampler } from "./memory-sampler.ts";
import { mergeParts } from "./merge-parts.ts";
import { prepareOutput, tidyOutput } from "./output-place.ts";
import { planRun, type RunPlan } from "./plan.ts";
import { writePlanRecord } from "./plan-record.ts";
import { quarantineFiles } from "./quarantine.ts";
import { lockRun } from "./run-lock.ts";
import { type RunOptions, type SettledOptions, settleOptions } from "./run-options.ts";
import { type RunReport, reportRun } from "./run-report.ts";
import { type RunControl, runTasks, type TasksEnd } from "./run-tasks.ts";

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
  /** How it ended: unless `whole`, there are no new results, what is done is kept, and the same call carries on. */
  end: TasksEnd;
}

/**
 * Scores every window of every flight: plan, tasks on all cores, parts put together, summary and reports beside the results.
 * What is wrong with a file is reported and costs that file alone.
 * @throws Fault USAGE, FILTER_INVALID, BUNDLE_INVALID, OUTPUT_UNWRITABLE before any work; WORKER_CRASHED if no worker can live
 */
export async function runBatch(options: RunOptions, control: RunControl = {}): Promise<RunResult> {
  const startedAt = new Date();
  // The clock that nobody sets: the time of day may jump during a night.
  const startedMs = performance.now();
  const settled = settleOptions(options);
  // Processes take longer to start than the plan takes to make.
  const engine = new LocalEngine(settled.workers);
  const sampler = new MemorySampler();
  try {
    const bundle = await loadBundle(settled.model);
    return await runOn(engine, { bundle, settled, control, startedAt, startedMs, sampler });
  } catch (error) {
    // Files of the inputs are the tasks' concern: what fails here is the place of the output.
    throw explainSystemError(error, settled.output);
  } finally {
    sampler.end();
    await engine.close();
  }
}

interface RunInput {
  bundle: ModelBundle;
  settled: SettledOptions;
  control: RunControl;
  startedAt: Date;
  startedMs: number;
  sampler: MemorySampler;
}

async function runOn(engine: Engine, { bundle, ...input }: RunInput): Promise<RunResult> {
  const { settled } = input;
  const plan = await planRun(bundle, settled);
  prepareOutput(settled);
  const unlock = lockRun(settled.runDirectory);
  try {
    tidyOutput(settled);
    return await runPlan(engine, { ...input, plan });
  } finally {
    unlock();
  }
}

async function runPlan(
  engine: Engine,
  { plan, settled, control, startedAt, startedMs, sampler }: Omit<RunInput, "bundle"> & { plan: RunPlan },
): Promise<RunResult> {
  writePlanRecord(settled.runDirectory, plan.record);
  const { reports, reused, end } = await runTasks(engine, { plan, settled, control });
  const files = reports.flatMap((report) => report.files);
  const begun = performance.now();
  const repeated = end === "whole" ? await mergeParts(plan, settled, files) : { sameScore: 0, conflicts: [] };
  const failures = [...plan.listingFaults, ...files.flatMap(({ failure }) => failure ?? []), ...repeated.conflicts];
  const summary = summarise(files, {
    prunedFiles: plan.pruned.pruned.length,
    repeatedWindows: repeated.sameScore,
    absentFiles: plan.absentFiles,
  });
  const times = { startedAt, mergeMs: performance.now() - begun, elapsedMs: performance.now() - startedMs };
  const report = reportRun({ plan, options: settled, tasks: reports, reused, sampler, ...times });
  const result = { output: settled.output, runDirectory: settled.runDirectory, summary, report, files, failures, end };
  writeReports(result, sampler);
  if (end === "whole")
    keepOnlyParts(
      plan.taskOptions.partsDirectory,
      plan.tasks.map(({ fingerprint }) => fingerprint),
    );
  if (settled.quarantineDirectory !== null) quarantineFiles(settled.quarantineDirectory, plan, files);
  return result;
}

/** Of a run that did not come to its end only the failures are written: the rest would speak of a part as if it were the whole. */
function writeReports(
  { output, runDirectory, summary, report, files, failures, end }: RunResult,
  sampler: MemorySampler,
): void {
  const write = (name: string, content: string | Uint8Array) => writeFileAtomic(join(runDirectory, name), content);
  write("failures.jsonl", failures.map((failure) => `${JSON.stringify(failure)}\n`).join(""));
  if (end !== "whole") return;
  write("summary.json", `${JSON.stringify(summary, null, 2)}\n`);
  write("coverage.parquet", encodeCoverage(files));
  write("coverage_detail.parquet", encodeCoverageDetail(files));
  write("quality.parquet", encodeQuality(files));
  report.certificate = certifyRun({ output, runDirectory, files });
  // With very many files the reports themselves are the peak.
  Object.assign(report.memory, sampler.peak([report.memory.peakBytes]));
  write("run.json", `${JSON.stringify(report, null, 1)}\n`);
}
