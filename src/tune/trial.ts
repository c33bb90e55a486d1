import { rmSync } from "node:fs";
import { join } from "node:path";
import type { InputFile } from "../io/input-file.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { FileFailure } from "../results/reports.ts";
import { cutTasks } from "../run/cut-tasks.ts";
import { LocalEngine } from "../run/engines/local-engine.ts";
import { filesMemory, planMemory } from "../run/memory-plan.ts";
import { MemorySampler } from "../run/memory-sampler.ts";
import type { Task, TaskReport } from "../task/messages.ts";
import { makePartsDirectory } from "../task/part-files.ts";
import { STAGES } from "../task/task-trace.ts";
import { type Pass, type Setting, TIMED, type TimedStage } from "./setting.ts";

/** What trials share. */
export interface TrialContext {
  bundle: ModelBundle;
  /** Parts go below it, and are removed after each pass. */
  scratch: string;
  stop: AbortSignal | undefined;
  onWarning(message: string): void;
}

/** What a trial came to: null if it was stopped. */
export interface Trial {
  /** The passes in turn: the first one in fresh processes. */
  passes: Pass[];
  /** Why files failed, by path. */
  failures: Map<string, FileFailure>;
}

/** Runs passes over the files, as a run would, in fresh processes that live for all of them. */
export async function runTrial(
  setting: Setting,
  files: readonly InputFile[],
  { passes, ...context }: TrialContext & { passes: number },
): Promise<Trial | null> {
  const engine = new LocalEngine(setting.workers);
  const sampler = new MemorySampler();
  const trial: Trial = { passes: [], failures: new Map() };
  try {
    for (let pass = 0; pass < passes; pass++) {
      const seconds = performance.now();
      const reports = await runPass(engine, { setting, files, context });
      if (context.stop?.aborted === true) return null;
      trial.passes.push(passOf(reports, { seconds: (performance.now() - seconds) / 1000, sampler }));
      for (const { failure, path } of reports.flatMap((report) => report.files))
        if (failure !== null) trial.failures.set(path, failure);
    }
    return trial;
  } finally {
    sampler.end();
    await engine.close();
  }
}

interface PassInput {
  setting: Setting;
  files: readonly InputFile[];
  context: TrialContext;
}

async function runPass(engine: LocalEngine, { setting, files, context }: PassInput): Promise<TaskReport[]> {
  const { bundle, scratch, stop, onWarning } = context;
  const partsDirectory = join(scratch, "parts");
  makePartsDirectory(partsDirectory);
  const tasks = cutTasks(files).map((group, index): Task => ({ index, files: group, fingerprint: String(index) }));
  const options = {
    ...{ bundle, batchSize: setting.batchSize, filter: null, inputKind: null, cacheDirectory: null, explain: false },
    ...{ partsDirectory, trace: { every: 1 } },
  };
  const reports: TaskReport[] = [];
  const control = {
    listener: { fileDone: () => {}, workerDied: onWarning },
    filesMemoryBytes: filesMemory(planMemory(undefined, setting.workers), files.length),
    ...(stop && { stop }),
  };
  for await (const report of engine.run(tasks, options, control)) reports.push(report);
  rmSync(partsDirectory, { recursive: true, force: true });
  return reports;
}

function passOf(
  reports: readonly TaskReport[],
  { seconds, sampler }: { seconds: number; sampler: MemorySampler },
): Pass {
  const stagesMs = { read: 0, decode: 0, compute: 0, infer: 0, write: 0 };
  for (const { stages } of reports) for (const stage of STAGES) stagesMs[stage] += stages[stage];
  const files = reports.flatMap((report) => report.files);
  const sum = (of: (report: TaskReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const workers = new Map(reports.map(({ worker }) => [worker.pid, worker.peakMemoryBytes]));
  const own = process.resourceUsage().maxRSS * 1024;
  return {
    windows: sum(({ inference }) => inference.windows),
    bytes: files.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    seconds,
    stagesMs,
    latenciesMs: latenciesOf(reports),
    inferenceMs: sum(({ inference }) => inference.milliseconds),
    memoryBytes: sampler.peak([own, ...workers.values()]).peakBytes,
  };
}

function latenciesOf(reports: readonly TaskReport[]): Pass["latenciesMs"] {
  const latencies = Object.fromEntries(TIMED.map((stage) => [stage, [] as number[]])) as Record<TimedStage, number[]>;
  for (const { trace } of reports) {
    const whole = new Map<number, number>();
    for (const [file, stage, begin, end] of trace?.spans ?? []) {
      latencies[STAGES[stage]!].push(end - begin);
      if (file >= 0) whole.set(file, (whole.get(file) ?? 0) + end - begin);
    }
    for (const milliseconds of whole.values()) latencies.file.push(milliseconds);
  }
  return latencies;
}
