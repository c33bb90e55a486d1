import type { FileDone, Task, TaskOptions, TaskReport } from "../../task/messages.ts";

/** What an engine tells while it works. */
export interface EngineListener {
  fileDone(done: FileDone): void;
  /** A worker died; its task is tried again. */
  workerDied(message: string): void;
}

/** Something that runs tasks: processes of this machine, or other machines. Parts are written where the options say. */
export interface Engine {
  /** Runs the tasks, the costly ones first; each report comes as its task is done. Ends early, tasks in flight finished, once `stop` is aborted. */
  run(
    tasks: readonly Task[],
    options: TaskOptions,
    control: { listener: EngineListener; stop?: AbortSignal },
  ): AsyncIterable<TaskReport>;
  close(): Promise<void>;
}
