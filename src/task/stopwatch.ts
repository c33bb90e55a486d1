import type { FileStage } from "../results/reports.ts";
import type { StageTimes } from "./messages.ts";

/** Told when a stage began and ended, milliseconds. */
export type StageNote = (stage: keyof StageTimes, begin: number, end: number) => void;

/** Adds up the time of each stage over the files of a task, and knows which stage a file is in. */
export class Stopwatch {
  readonly times: StageTimes = { read: 0, decode: 0, compute: 0, infer: 0, write: 0 };
  #stage: keyof StageTimes = "read";
  #since = performance.now();
  readonly #note: StageNote | undefined;

  constructor(note?: StageNote) {
    this.#note = note;
  }

  /** Ends the stage that runs and begins another. */
  enter(stage: keyof StageTimes): void {
    const now = performance.now();
    this.times[this.#stage] += now - this.#since;
    this.#note?.(this.#stage, this.#since, now);
    this.#stage = stage;
    this.#since = now;
  }

  /** The stage a file failed in. */
  get fileStage(): FileStage {
    return this.#stage === "write" ? "infer" : this.#stage;
  }
}
