import type { FileReport } from "../results/reports.ts";
import type { TaskReport } from "../task/messages.ts";
import { PartLedger } from "../task/part-ledger.ts";
import type { Engine, EngineListener } from "./engines/engine.ts";
import { filesMemory } from "./memory-plan.ts";
import type { RunPlan } from "./plan.ts";
import { whyTriedAgain } from "./plan-record.ts";
import type { RunProfile } from "./profile/run-profile.ts";
import type { RunObserver } from "./run-observer.ts";
import type { FailureLimit, SettledOptions } from "./run-options.ts";

/** How a run is watched and stopped. */
export interface RunControl {
  observer?: RunObserver;
  /** Once aborted, tasks in flight are finished and no more begun. */
  stop?: AbortSignal;
}

/** How the tasks of a run ended: all done, stopped from outside, or with more failed files than were allowed. */
export type TasksEnd = "whole" | "stopped" | "too-many-failed";

/** What a run's tasks reported, in the plan's order. */
export interface TasksDone {
  reports: TaskReport[];
  /** Parts that stood from before. */
  reused: number;
  end: TasksEnd;
}

interface TasksInput {
  plan: RunPlan;
  settled: SettledOptions;
  control: RunControl;
  profile: RunProfile | null;
  /** Whether others are at the same tasks already: what stands counts as it is, and nothing is taken away from them. */
  joins?: boolean;
}

/** Runs the tasks whose parts do not stand from an earlier run. */
export async function runTasks(engine: Engine, input: TasksInput): Promise<TasksDone> {
  const { plan, settled, control, profile, joins = false } = input;
  const { observer } = control;
  const ledger = await PartLedger.open(plan.taskOptions.partsDirectory);
  const reports = await reportsBefore(input, ledger);
  const missing = plan.tasks.filter(({ index }) => reports[index] === null);
  const reused = plan.tasks.length - missing.length;
  announce(plan, reused, observer);
  if (!joins) await ledger.forget(missing.map(({ fingerprint }) => fingerprint));
  const budget = new FailureBudget(settled.maxFailed, plan.fileCount);
  for (const report of reports) if (report !== null) budget.spend(report.files);
  const stop = anyOf(control.stop, budget.exceeded);
  const taskOptions =
    profile === null ? plan.taskOptions : { ...plan.taskOptions, trace: profile.traceOptions(missing) };
  for await (const answer of engine.run(missing, taskOptions, {
    listener: listenerOf(observer, profile),
    stop,
    fileTimeoutSeconds: settled.taskTimeoutSeconds,
    filesMemoryBytes: filesMemory(settled.memory, plan.fileCount),
    standing: reports.filter((report) => report !== null),
  })) {
    const report = profile?.taskDone(answer) ?? answer;
    reports[report.index] = report;
    budget.spend(report.files);
    observer?.filesReported?.(report.files);
  }
  const done = reports.filter((report) => report !== null);
  if (budget.exceeded.aborted) return { reports: done, reused, end: "too-many-failed" };
  return { reports: done, reused, end: done.length === plan.tasks.length ? "whole" : "stopped" };
}

async function reportsBefore({ plan, settled, joins }: TasksInput, ledger: PartLedger): Promise<(TaskReport | null)[]> {
  if (joins === true) return ledger.reports(plan.tasks.map(({ fingerprint }) => fingerprint));
  return settled.fresh ? plan.tasks.map(() => null) : standingReports(plan, ledger);
}

function listenerOf(observer: RunObserver | undefined, profile: RunProfile | null): EngineListener {
  return {
    fileDone: (done) => {
      profile?.fileDone(done);
      observer?.fileDone?.(done);
    },
    workerDied: (message) => {
      profile?.workerDied(message);
      observer?.warning?.(message);
    },
  };
}

/** The reports of the tasks whose parts stand from before; null of those that are to be done. */
export async function standingReports({ tasks }: RunPlan, ledger: PartLedger): Promise<(TaskReport | null)[]> {
  const found = await ledger.reports(tasks.map(({ fingerprint }) => fingerprint));
  return found.map((report) => (report === null || whyTriedAgain(report) !== null ? null : report));
}

function announce(plan: RunPlan, reused: number, observer: RunObserver | undefined): void {
  observer?.planned?.(plan, reused);
  for (const redone of plan.redone) observer?.warning?.(`done again: ${redone}`);
  for (const warning of plan.warnings) observer?.warning?.(warning);
}

/** Whether more files have failed than may. */
export function hasTooManyFailed(
  { maxFailed }: SettledOptions,
  { fileCount }: RunPlan,
  reports: readonly TaskReport[],
): boolean {
  const budget = new FailureBudget(maxFailed, fileCount);
  for (const { files } of reports) budget.spend(files);
  return budget.exceeded.aborted;
}

/** Counts failed files against what is allowed. */
class FailureBudget {
  readonly #allowed: number;
  readonly #end = new AbortController();
  #failed = 0;

  constructor(limit: FailureLimit | null, fileCount: number) {
    if (limit === null) this.#allowed = Number.POSITIVE_INFINITY;
    else this.#allowed = "files" in limit ? limit.files : limit.share * fileCount;
  }

  /** Aborted once more files have failed than may. */
  get exceeded(): AbortSignal {
    return this.#end.signal;
  }

  spend(files: readonly FileReport[]): void {
    this.#failed += files.filter(({ failure }) => failure !== null).length;
    if (this.#failed > this.#allowed) this.#end.abort();
  }
}

function anyOf(outer: AbortSignal | undefined, inner: AbortSignal): AbortSignal {
  return outer === undefined ? inner : AbortSignal.any([outer, inner]);
}
