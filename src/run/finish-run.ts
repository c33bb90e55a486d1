import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EventTotals } from "../eventfiles/events-of-results.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { encodeCoverage } from "../results/coverage.ts";
import { encodeCoverageDetail } from "../results/coverage-detail.ts";
import { encodeQuality } from "../results/quality.ts";
import { summarise } from "../results/summary.ts";
import { PartLedger } from "../task/part-ledger.ts";
import { certifyRun } from "./certificate.ts";
import type { MemorySampler } from "./memory-sampler.ts";
import { type MergedParts, mergeParts } from "./merge-parts.ts";
import type { RunPlan } from "./plan.ts";
import type { RunProfile } from "./profile/run-profile.ts";
import { quarantineFiles } from "./quarantine.ts";
import type { SettledOptions } from "./run-options.ts";
import { reportRun } from "./run-report.ts";
import type { RunResult } from "./run-result.ts";
import type { TasksDone } from "./run-tasks.ts";
import { type Staged, stageOutput } from "./staged-output.ts";

/** A run whose tasks have come to an end. */
export interface EndedRun {
  plan: RunPlan;
  settled: SettledOptions;
  tasks: TasksDone;
  startedAt: Date;
  /** By the clock that nobody sets, milliseconds. */
  startedMs: number;
  sampler: Pick<MemorySampler, "peak">;
  profile: RunProfile | null;
  /** Where paths begin that are not absolute; left out: here. */
  workingDirectory?: string;
}

const NOTHING_MERGED: MergedParts = { repeated: { sameScore: 0, conflicts: [] }, dataSet: null };

/** Puts the parts together and writes all about the run. It is loaded while the tasks run: what it needs takes a while. */
export async function finishRun(ended: EndedRun): Promise<RunResult> {
  const staged = stageOutput(ended.settled);
  try {
    return await finishIn(staged, ended);
  } finally {
    staged.remove();
  }
}

async function finishIn({ place, publish }: Staged, ended: EndedRun): Promise<RunResult> {
  const { plan, settled, tasks, startedAt, startedMs, sampler, profile } = ended;
  const workingDirectory = ended.workingDirectory ?? process.cwd();
  const { reports, reused, end } = tasks;
  const files = reports.flatMap((report) => report.files);
  profile?.enter("merge parts");
  const begun = performance.now();
  const left = end === "whole" ? await leftAsItWas(plan, settled) : null;
  const { repeated, dataSet } =
    end === "whole" && left === null
      ? await mergeParts({ plan, settled, place, reports, workingDirectory })
      : { ...NOTHING_MERGED, dataSet: left };
  const failures = [...plan.listingFaults, ...files.flatMap(({ failure }) => failure ?? []), ...repeated.conflicts];
  const summary = summarise(files, {
    prunedFiles: plan.pruned.pruned.length,
    repeatedWindows: repeated.sameScore,
    absentFiles: plan.absentFiles,
  });
  const times = { startedAt, mergeMs: performance.now() - begun, elapsedMs: performance.now() - startedMs };
  profile?.enter("write reports");
  const report = reportRun({ plan, options: settled, tasks: reports, reused, sampler, workingDirectory, ...times });
  const { output, runDirectory } = settled;
  const result: RunResult = { output, runDirectory, summary, report, files, failures, end, dataSet, events: null };
  if (left === null || failures.length > 0) writeReports({ ...result, ...place }, { sampler, isKept: left !== null });
  if (end === "whole") result.events = await writeRunEvents(plan, { ...settled, ...place }, left !== null);
  await publish();
  if (end === "whole") await (await PartLedger.open(plan.taskOptions.partsDirectory)).keepOnly(reports);
  if (settled.quarantineDirectory !== null)
    await quarantineFiles({ directory: settled.quarantineDirectory, workingDirectory }, plan, files);
  return result;
}

/** A data set for which nothing is new stays as it is, and so does what lies beside it; null of any other run. */
async function leftAsItWas(plan: RunPlan, settled: SettledOptions): Promise<RunResult["dataSet"]> {
  return plan.dataSet === null ? null : (await import("./data-set/nothing-new.ts")).leaveDataSet(plan, settled);
}

/**
 * Of a run that did not come to its end only the failures are written: the rest would speak of a part as if it were the whole. So too where
 * the reports of the run before are kept.
 */
function writeReports(
  { output, runDirectory, summary, report, files, failures, end }: RunResult,
  { sampler, isKept }: { sampler: Pick<MemorySampler, "peak">; isKept: boolean },
): void {
  const write = (name: string, content: string | Uint8Array) => writeFileAtomic(join(runDirectory, name), content);
  write("failures.jsonl", failures.map((failure) => `${JSON.stringify(failure)}\n`).join(""));
  if (end !== "whole" || isKept) return;
  // A page of an earlier run would speak of other results.
  rmSync(join(runDirectory, "report.html"), { force: true });
  write("summary.json", `${JSON.stringify(summary, null, 2)}\n`);
  write("coverage.parquet", encodeCoverage(files));
  write("coverage_detail.parquet", encodeCoverageDetail(files));
  write("quality.parquet", encodeQuality(files));
  report.certificate = certifyRun({ output, runDirectory, files });
  // With very many files the reports themselves are the peak.
  Object.assign(report.memory, sampler.peak([report.memory.peakBytes]));
  write("run.json", `${JSON.stringify(report, null, 1)}\n`);
}

/** The events of the results that are in place. Those of an earlier run stay only where its results do: `isKept`. */
async function writeRunEvents(
  { taskOptions }: RunPlan,
  { output, runDirectory, events }: SettledOptions,
  isKept: boolean,
): Promise<EventTotals | null> {
  const path = join(runDirectory, "events.parquet");
  if (!isKept) rmSync(path, { force: true });
  if (!events) return null;
  const { writeEvents } = await import("../eventfiles/events-of-results.ts");
  return writeEvents({ results: [output], output: path, bundle: taskOptions.bundle });
}
