import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../../faults/fault.ts";
import type { Task, TaskOptions, TaskReport } from "../../../task/messages.ts";
import { fileDone } from "../../../task/task-runner.ts";
import { costOfFiles } from "../../cut-tasks.ts";
import type { EngineControl } from "../engine.ts";
import { writeGivenUpPart } from "./given-up-part.ts";
import { Outstanding } from "./outstanding.ts";
import type { QueuedRun } from "./redis-engine.ts";
import { asCoordinator, type RunProgress } from "./run-board.ts";
import { addDone, sumOfFiles } from "./sum-of-files.ts";
import { asWorkerReport } from "./worker-report.ts";
import { WorkerWatch } from "./worker-watch.ts";

interface CampaignInput {
  tasks: readonly Task[];
  options: TaskOptions;
  control: EngineControl;
}

/**
 * A coordinator's way through the tasks of a run. It looks again and again: what the queue and the workers say are hints, and a part in the
 * run folder is the only proof. Every step may be repeated, so a Redis that fails in the midst of one is no more than a delay.
 */
export class Campaign {
  readonly #run: QueuedRun;
  readonly #options: TaskOptions;
  readonly #control: EngineControl;
  readonly #outstanding: Outstanding;
  readonly #workers: WorkerWatch;
  readonly #progress: RunProgress;
  #cursor: string | null = null;
  #nextLook = 0;
  #isOver = false;
  #found: TaskReport[] = [];

  constructor(run: QueuedRun, { tasks, options, control }: CampaignInput) {
    this.#run = run;
    this.#options = options;
    this.#control = control;
    // The costly ones first; the queue gives out what came first.
    const sorted = [...tasks].sort((a, b) => costOfFiles(a.files) - costOfFiles(b.files) || b.index - a.index);
    this.#outstanding = new Outstanding(run, sorted);
    const tell = (message: string) => control.listener.workerDied(message);
    this.#workers = new WorkerWatch({ run: run.id, graceMs: run.timing.presenceMs, tell });
    const standing = control.standing ?? [];
    this.#progress = { tasks: standing.length, ...sumOfFiles(standing.flatMap(({ files }) => files)) };
  }

  async *reports(): AsyncGenerator<TaskReport> {
    while (!this.#isOver) {
      for (const report of await this.#step()) yield report;
      if (!this.#isOver) await sleep(this.#run.timing.pollMs);
    }
  }

  /** What was found to be done, also by a step that failed after it. */
  async #step(): Promise<TaskReport[]> {
    try {
      await this.#run.watch.orBroken(this.#control.stop?.aborted === true ? this.#leave("stopped") : this.#goOn());
      this.#run.watch.good();
    } catch (error) {
      if (this.#control.stop?.aborted === true && this.#run.board.redis.status !== "ready") this.#isOver = true;
      else if (error instanceof Fault) throw error;
      else this.#run.watch.bad(error as Error);
    }
    this.#count();
    return this.#found.splice(0);
  }

  async #goOn(): Promise<void> {
    const { board, id, timing } = this.#run;
    this.#cursor ??= await board.doneCursor(id);
    await this.#outstanding.topUp();
    const { tasks, cursor } = await board.done(id, this.#cursor);
    this.#outstanding.hint(tasks.map(({ fingerprint }) => fingerprint));
    await this.#outstanding.confirm();
    this.#cursor = cursor;
    if (performance.now() >= this.#nextLook) {
      await this.#look();
      this.#nextLook = performance.now() + timing.heartbeatMs;
    }
    if (this.#outstanding.isOnlyGivenUp) await this.#giveUp();
    if (this.#outstanding.isEmpty) {
      this.#count();
      await board.noteProgress(id, this.#progress, cursor);
      this.#isOver = true;
    }
  }

  /** Looks at all that is not told by hints. */
  async #look(): Promise<void> {
    const { board, id, record, coordinator } = this.#run;
    await board.beat(coordinatorsOf(id), coordinator, { host: hostname(), pid: process.pid });
    const state = await board.state(id);
    if (state === "cancelled") return this.#leave("cancelled");
    // A Redis that has forgotten everything; or `retry` has put tasks of a run back that was stopped.
    if (state === null || state === "stopped") await board.announce(id, record);
    await this.#outstanding.reconcile();
    this.#workers.look(await board.present("workers", asWorkerReport));
    this.#count();
    await board.noteProgress(id, this.#progress, this.#cursor ?? "");
  }

  /** Reports the files of tasks that the queue has given up as failed: nothing else is left to do. */
  async #giveUp(): Promise<void> {
    for (const { task, why } of this.#outstanding.givenUp) {
      const { length } = task.files;
      this.#control.listener.workerDied(
        `a task was given up (${why.reason}): ${length === 1 ? "a file" : `${length} files`} from ${task.files[0]!.path} failed`,
      );
      this.#outstanding.settle([await writeGivenUpPart(task, this.#options, why)]);
    }
  }

  /** Ends this coordinator's part. Unless another goes on with the run, tasks that wait are taken back, and those in work are waited for. */
  async #leave(state: "stopped" | "cancelled"): Promise<void> {
    const { board, queue, id, coordinator, timing } = this.#run;
    const others = (await board.present(coordinatorsOf(id), asCoordinator)).filter((other) => other.id !== coordinator);
    this.#isOver = true;
    if (state === "stopped" && others.length > 0) {
      this.#control.listener.workerDied("another coordinator goes on with this run: `flightbatch cancel` ends it");
      return;
    }
    if (state === "cancelled") this.#control.listener.workerDied(`run ${id} was cancelled`);
    await board.retire(id, state);
    await queue.drain();
    const until = performance.now() + timing.lockMs + timing.stallCheckMs;
    while ((await queue.getActiveCount()) > 0 && performance.now() < until) await sleep(timing.pollMs);
    await this.#outstanding.rescan();
  }

  /** Adds up what was found. */
  #count(): void {
    for (const report of this.#outstanding.takeDone()) {
      this.#progress.tasks++;
      addDone(this.#progress, sumOfFiles(report.files));
      for (const file of report.files) this.#control.listener.fileDone(fileDone(file));
      this.#found.push(report);
    }
  }
}

/** Kind under which the coordinators of a run show that they live. */
export function coordinatorsOf(run: string): string {
  return `coordinators:${run}`;
}
