import { type ProcessClock, processClock } from "../io/process-clock.ts";
import type { StageTimes } from "./messages.ts";

/** The stages in the order of their numbers in a {@link Span}. */
export const STAGES = ["read", "decode", "compute", "infer", "write"] as const satisfies readonly (keyof StageTimes)[];

/** `[file, stage, begin, end]`: place of the file in the task (-1: of the task as a whole), number of the stage, milliseconds by the worker's clock. */
export type Span = [file: number, stage: number, beginMs: number, endMs: number];

/** When a worker did what for a task. */
export interface TaskTrace {
  clock: ProcessClock;
  /** When the code of the process began to be loaded, when it could take tasks, and how its model was opened. */
  worker: { bootedMs: number; readyMs: number; modelMs: [begin: number, end: number] };
  /** Of the task. */
  beginMs: number;
  endMs: number;
  spans: Span[];
}

const READY = "flightbatch: ready for tasks";

/** Notes that this process has loaded what tasks need. */
export function markReady(): void {
  performance.mark(READY);
}

function readyMs(): number {
  return performance.getEntriesByName(READY)[0]?.startTime ?? 0;
}

/** Notes when each stage of a task began and ended, for every `every`-th file of the run or so. */
export class TaskRecorder {
  readonly #every: number;
  readonly #taskIndex: number;
  readonly #spans: Span[] = [];
  readonly #beginMs = performance.now();
  #file = 0;

  constructor(taskIndex: number, every: number) {
    this.#taskIndex = taskIndex;
    this.#every = every;
  }

  /** What is noted from now on belongs to this file of the task; -1: to the task. */
  enterFile(file: number): void {
    this.#file = file;
  }

  /** Notes that a stage lasted from `begin` to `end`, milliseconds. */
  readonly note = (stage: keyof StageTimes, begin: number, end: number): void => {
    const file = this.#file;
    const isShown = file === -1 ? stage === "write" : (this.#taskIndex + file) % this.#every === 0;
    if (!isShown) return;
    const last = this.#spans[this.#spans.length - 1];
    const number = STAGES.indexOf(stage);
    // A stage that is entered twice in turn is one.
    if (last !== undefined && last[0] === file && last[1] === number) last[3] = end;
    else this.#spans.push([file, number, begin, end]);
  };

  /** All that was noted. */
  trace(modelMs: [begin: number, end: number]): TaskTrace {
    const [beginMs, endMs] = [this.#beginMs, performance.now()];
    const worker = { bootedMs: performance.nodeTiming.bootstrapComplete, readyMs: readyMs(), modelMs };
    return { clock: processClock(), worker, beginMs, endMs, spans: this.#spans };
  }
}
