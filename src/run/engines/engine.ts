import type { FileDone, Task, TaskOptions, TaskReport } from "../../task/messages.ts";

/** What an engine tells while it works. */
export interface EngineListener {
  fileDone(done: FileDone): void;
  /** A worker died; its task is tried again. */
  workerDied(message: string): void;
}

/** How an engine is watched and stopped. */
export interface EngineControl {
  listener: EngineListener;
  /** Once aborted, tasks in flight are finished and no more begun. */
  stop?: AbortSignal;
  /** A worker that has one file for longer is given up; null or left out: never. */
  fileTimeoutSeconds?: number | null;
  /** What the files that are worked on at the same time may take together, bytes; left out: any. */
  filesMemoryBytes?: number;
  /** Reports of the tasks that were done before. */
  standing?: readonly TaskReport[];
}

/** Something that runs tasks: processes of this machine, or other machines. Parts are written where the options say. */
export interface Engine {
  /** Runs the tasks, the costly ones first; each report comes as its task is done. */
  run(tasks: readonly Task[], options: TaskOptions, control: EngineControl): AsyncIterable<TaskReport>;
  close(): Promise<void>;
}
