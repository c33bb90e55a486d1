import type { FaultDetail } from "../faults/fault.ts";
import { listInputs } from "../io/list-inputs.ts";
import { usableCores } from "../io/usable-cores.ts";
import { loadBundle } from "../model/load-bundle.ts";
import type { InputKind } from "../recording/recording.ts";
import { type QualitySummary, summariseQuality } from "../results/quality.ts";
import type { FileReport } from "../results/reports.ts";
import { cutTasks } from "./cut-tasks.ts";
import { LocalEngine } from "./engines/local-engine.ts";
import { filesMemory, planMemory } from "./memory-plan.ts";
import { wholeNumber } from "./run-options.ts";
import type { RunControl } from "./run-tasks.ts";

/** What a user asks of a validation. */
export interface ValidateOptions {
  /** Directory of the model bundle: its recipe says what the files should hold. */
  model: string;
  /** Folders, files or globs. */
  data: string[];
  /** Worker processes; default the cores this process may use. */
  workers?: number;
  /** Overrides what the files are recognised as. */
  inputKind?: InputKind;
}

/** What was found in files that were looked over, not scored. */
export interface ValidationResult {
  /** In the order of the files; one of our own results has no findings. */
  files: FileReport[];
  /** Files and folders that could not be read or understood. */
  failures: FaultDetail[];
  summary: QualitySummary & { files: number; failed: number; passed_over: number };
  /** Whether it was stopped before its end. */
  stopped: boolean;
}

/**
 * Reads all files as a run would, on all cores, and looks them over; nothing is scored or written.
 * @throws Fault USAGE, BUNDLE_INVALID before any work; WORKER_CRASHED if no worker can live
 */
export async function validateBatch(options: ValidateOptions, control: RunControl = {}): Promise<ValidationResult> {
  const { observer, stop } = control;
  const memory = planMemory(undefined, wholeNumber("--workers", options.workers ?? usableCores(), 1024));
  const engine = new LocalEngine(memory.workers);
  try {
    const bundle = await loadBundle(options.model);
    const listing = await listInputs(options.data);
    for (const warning of [...bundle.warnings, ...listing.warnings]) observer?.warning?.(warning);
    const tasks = cutTasks(listing.files).map((files, index) => ({ index, files, fingerprint: String(index) }));
    const taskOptions = {
      ...{ bundle, batchSize: 16, filter: null, inputKind: options.inputKind ?? null, cacheDirectory: null },
      ...{ explain: false, checkOnly: true, partsDirectory: "" },
    };
    const limits = { filesMemoryBytes: filesMemory(memory, listing.files.length), ...(stop && { stop }) };
    const listener = {
      fileDone: () => {},
      workerDied: (message: string) => observer?.warning?.(message),
    };
    const byTask: FileReport[][] = [];
    for await (const report of engine.run(tasks, taskOptions, { ...limits, listener })) {
      byTask[report.index] = report.files;
      observer?.filesReported?.(report.files);
    }
    return resultOf(byTask.flat(), listing.faults, Object.keys(byTask).length < tasks.length);
  } finally {
    await engine.close();
  }
}

function resultOf(files: FileReport[], faults: FaultDetail[], stopped: boolean): ValidationResult {
  const failed = files.flatMap(({ failure }) => failure ?? []);
  const passedOver = files.filter((file) => file.passedOver).length;
  return {
    files,
    failures: [...faults, ...failed],
    summary: { files: files.length, failed: failed.length, passed_over: passedOver, ...summariseQuality(files) },
    stopped,
  };
}
