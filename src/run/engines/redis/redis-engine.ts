import type { Queue } from "bullmq";
import type { Task, TaskOptions, TaskReport } from "../../../task/messages.ts";
import type { Engine, EngineControl } from "../engine.ts";
import { Campaign } from "./campaign.ts";
import type { RedisWatch } from "./redis-watch.ts";
import type { RunBoard } from "./run-board.ts";
import type { RunRecord } from "./run-record.ts";
import type { QueueTiming } from "./timing.ts";

/** What the coordinator of a run has to do with. */
export interface QueuedRun {
  id: string;
  record: RunRecord;
  /** Name of this coordinator: there may be several. */
  coordinator: string;
  board: RunBoard;
  queue: Queue<Task>;
  timing: QueueTiming;
  watch: RedisWatch;
  /** Bytes of tasks that may wait in Redis at once. */
  queueBytes: number;
  /** Reports of the parts of these tasks, null where there is none. */
  readReports: (tasks: readonly Task[]) => Promise<(TaskReport | null)[]>;
}

/** Runs tasks on other machines: they wait in Redis, workers take them, and what is in the run folder says what is done. */
export class RedisEngine implements Engine {
  readonly #run: QueuedRun;

  constructor(run: QueuedRun) {
    this.#run = run;
  }

  run(tasks: readonly Task[], options: TaskOptions, control: EngineControl): AsyncIterable<TaskReport> {
    return new Campaign(this.#run, { tasks, options, control }).reports();
  }

  async close(): Promise<void> {
    await this.#run.queue.close();
  }
}
