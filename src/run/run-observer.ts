import type { FileReport } from "../results/reports.ts";
import type { FileDone } from "../task/messages.ts";
import type { RunPlan } from "./plan.ts";

/** Who wants to know how a run goes: a progress bar, a log. Every method may be left out. */
export interface RunObserver {
  /** The run is planned; `reused` parts of it stand from before. */
  planned?(plan: RunPlan, reused: number): void;
  /** The run is known to the workers of a queue, by this id. */
  queued?(run: string, queue: string): void;
  /** A worker has done a file. */
  fileDone?(done: FileDone): void;
  /** A task is done, with these files. */
  filesReported?(files: readonly FileReport[]): void;
  warning?(message: string): void;
}
