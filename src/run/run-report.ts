import type { FaultCode } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import type { Versions } from "../io/versions.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { FileReport } from "../results/reports.ts";
import type { StageTimes, TaskReport } from "../task/messages.ts";
import type { Certificate } from "./certificate.ts";
import type { MemoryPeak, MemorySampler } from "./memory-sampler.ts";
import type { RunPlan } from "./plan.ts";
import type { SettledOptions } from "./run-options.ts";

/** `run.json`: how the results were made, so that they can be made again. */
export interface RunReport {
  versions: Versions;
  bundle: { directory: string; detector: string; version: string; digests: Record<string, string>; warnings: string[] };
  /** The windows that were scored, seconds. */
  window: { lengthSeconds: number; hopSeconds: number };
  options: SettledOptions;
  /** Working directory of the run: paths that are not absolute begin there. */
  workingDirectory: string;
  inputs: RecordedInput[];
  pruned: RunPlan["pruned"];
  tasks: { total: number; reused: number };
  /** Milliseconds per stage, summed over the workers. */
  stagesMs: StageTimes & { merge: number };
  inference: { windows: number; milliseconds: number; meanMsPerWindow: number | null };
  /** `limitBytes`: for all processes; `peakBytes`: the most that they had together, and how that was measured. */
  memory: MemoryPeak & {
    limitBytes: number;
    coordinatorPeakBytes: number;
    workers: { pid: number; peakMemoryBytes: number }[];
  };
  startedAt: string;
  elapsedMs: number;
  /** Null until the results are in place. */
  certificate: Certificate | null;
}

/** An input as it was when the run read it, and what came of it. */
export interface RecordedInput extends Pick<InputFile, "path" | "name" | "sizeBytes" | "modifiedNs" | "sidecarStamp"> {
  contentHash: string | null;
  fromCache: boolean;
  /** Its rows in the results, which stand there in the order of the inputs, and their digest, latency aside; null of none. */
  rows: number;
  rowsDigest: string | null;
  /** Code of its failure, or null. */
  failure: FaultCode | null;
}

/** What is known once the results are in place. */
export interface FinishedRun {
  plan: RunPlan;
  options: SettledOptions;
  tasks: readonly TaskReport[];
  reused: number;
  sampler: Pick<MemorySampler, "peak">;
  workingDirectory: string;
  mergeMs: number;
  startedAt: Date;
  elapsedMs: number;
}

/** Puts `run.json` together. */
export function reportRun(finished: FinishedRun): RunReport {
  const { plan, options, tasks, reused, workingDirectory, mergeMs, startedAt, elapsedMs } = finished;
  const inference = sumInference(tasks);
  return {
    versions: plan.versions,
    bundle: describeBundle(plan.taskOptions.bundle),
    window: describeWindow(plan.taskOptions.bundle),
    options,
    workingDirectory,
    inputs: describeInputs(plan, tasks),
    pruned: plan.pruned,
    tasks: { total: plan.tasks.length, reused },
    stagesMs: { ...sumStages(tasks), merge: mergeMs },
    inference: {
      ...inference,
      meanMsPerWindow: inference.windows === 0 ? null : inference.milliseconds / inference.windows,
    },
    memory: describeMemory(finished),
    startedAt: startedAt.toISOString(),
    elapsedMs,
    certificate: null,
  };
}

function describeMemory({ tasks, options, sampler }: FinishedRun): RunReport["memory"] {
  const coordinatorPeakBytes = process.resourceUsage().maxRSS * 1024;
  const workers = peakPerWorker(tasks);
  const peak = sampler.peak([coordinatorPeakBytes, ...workers.map(({ peakMemoryBytes }) => peakMemoryBytes)]);
  return { limitBytes: options.memory.limitBytes, ...peak, coordinatorPeakBytes, workers };
}

function describeBundle({ directory, detector, version, digests, warnings }: ModelBundle): RunReport["bundle"] {
  return { directory, detector, version, digests, warnings };
}

function describeWindow({ recipe }: ModelBundle): RunReport["window"] {
  const { lengthSeconds, hopSeconds } = recipe.window;
  return { lengthSeconds, hopSeconds };
}

function describeInputs(plan: RunPlan, tasks: readonly TaskReport[]): RecordedInput[] {
  const filesOf = new Map(plan.tasks.map(({ fingerprint, files }) => [fingerprint, files]));
  // The number in the report of a part that stands is that of the run that made it.
  return tasks.flatMap(({ fingerprint, files }) =>
    files.map((report, at) => describeInput(filesOf.get(fingerprint)![at]!, report)),
  );
}

function describeInput(
  { path, name, sizeBytes, modifiedNs, sidecarStamp }: InputFile,
  report: FileReport,
): RecordedInput {
  const { contentHash, fromCache, flights, rowsDigest, failure } = report;
  return {
    ...{ path, name, sizeBytes, modifiedNs, sidecarStamp, contentHash, fromCache },
    rows: flights.reduce((sum, { scored }) => sum + scored, 0),
    rowsDigest: rowsDigest ?? null,
    failure: failure?.code ?? null,
  };
}

function sumInference(tasks: readonly TaskReport[]): { windows: number; milliseconds: number } {
  const sum = { windows: 0, milliseconds: 0 };
  for (const { inference } of tasks) {
    sum.windows += inference.windows;
    sum.milliseconds += inference.milliseconds;
  }
  return sum;
}

function sumStages(tasks: readonly TaskReport[]): StageTimes {
  const sum: StageTimes = { read: 0, decode: 0, compute: 0, infer: 0, write: 0 };
  for (const { stages } of tasks)
    for (const stage of Object.keys(sum) as (keyof StageTimes)[]) sum[stage] += stages[stage];
  return sum;
}

function peakPerWorker(tasks: readonly TaskReport[]): { pid: number; peakMemoryBytes: number }[] {
  const peaks = new Map<number, number>();
  for (const { worker } of tasks) peaks.set(worker.pid, Math.max(peaks.get(worker.pid) ?? 0, worker.peakMemoryBytes));
  return [...peaks].map(([pid, peakMemoryBytes]) => ({ pid, peakMemoryBytes }));
}
