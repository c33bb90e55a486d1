import { setTimeout as sleep } from "node:timers/promises";
import { type Job, UnrecoverableError } from "bullmq";
import { asFault, type Fault } from "../../../faults/fault.ts";
import type { Task, TaskReport } from "../../../task/messages.ts";
import { readPartReport } from "../../../task/part-files.ts";
import { CrashLedger } from "../crash-ledger.ts";
import { TaskRun } from "../local-engine.ts";
import type { LocalWorkerProcess } from "../local-worker-process.ts";
import type { MemoryGate } from "../memory-gate.ts";
import type { RunBoard } from "./run-board.ts";
import type { TaskProgress } from "./run-queue.ts";
import { checkedTask } from "./run-record.ts";
import { sumOfFiles } from "./sum-of-files.ts";
import type { TaskSource } from "./task-source.ts";
import type { Rate, WorkerReport } from "./worker-report.ts";

/** Before a task that failed is given back: so that it is not tried over and over by this worker alone. Clocks of workers may differ. */
const PAUSE_AFTER_FAULT_MS = 500;

interface HandlerContext {
  board: RunBoard;
  gate: MemoryGate;
  rate: Rate;
  tell: (message: string) => void;
}

/** Brings tasks that were taken from the queue to their end. */
export class TaskHandler {
  readonly #context: HandlerContext;
  readonly #active = new Map<string, WorkerReport["tasks"][number] & { begun: number }>();
  readonly counts = {
    done: { tasks: 0, files: 0, failedFiles: 0, bytes: 0, windows: 0 },
    failedTries: 0,
    deaths: 0,
    lostTasks: 0,
  };

  constructor(context: HandlerContext) {
    this.#context = context;
  }

  /** What is in work. */
  get tasks(): WorkerReport["tasks"] {
    const now = performance.now();
    return [...this.#active.values()].map(({ begun, ...task }) => ({ ...task, seconds: (now - begun) / 1000 }));
  }

  /** Does a task, or fails it; the queue is told. A part that stands is the proof that a task is done, whatever the queue says. */
  async handle(
    job: Job<Task>,
    { source, lane, token }: { source: TaskSource; lane: LocalWorkerProcess; token: string },
  ): Promise<void> {
    const task = checkedTask(job.data);
    if (task === null) return this.#fail(job, token, new UnrecoverableError("not a task of flightbatch"));
    const { partsDirectory } = source.fit.taskOptions;
    const standing = await readPartReport(partsDirectory, task.fingerprint);
    if (standing !== null) return this.#finish(job, token);
    // So many workers have died of it that the queue has given it up, and leaves it to the next one to say so.
    if (job.deferredFailure) return this.#fail(job, token, new UnrecoverableError(job.deferredFailure));
    this.#active.set(job.id!, { ...describe(source.id, task), begun: performance.now() });
    try {
      const report = await this.#do(job, task, { source, lane });
      await this.#told(source.id, report);
      await this.#finish(job, token);
    } catch (error) {
      await this.#failed(job, token, asFault(error));
    } finally {
      this.#active.delete(job.id!);
    }
  }

  async #do(
    job: Job<Task>,
    task: Task,
    { source, lane }: { source: TaskSource; lane: LocalWorkerProcess },
  ): Promise<TaskReport> {
    const { ledgered, progress } = this.#blame(job, task);
    await job.updateProgress({ ...progress });
    const listener = {
      fileDone: () => {
        progress.filesDone++;
        const active = this.#active.get(job.id!);
        if (active !== undefined) active.filesDone = progress.filesDone;
        job.updateProgress({ ...progress }).catch(() => {});
      },
      workerDied: (message: string) => {
        this.counts.deaths++;
        this.#context.tell(message);
      },
    };
    const { taskOptions } = source.fit;
    const control = { listener, fileTimeoutSeconds: source.record.fileTimeoutSeconds };
    const run = new TaskRun(ledgered, { worker: lane, gate: this.#context.gate, options: taskOptions, control });
    return (await run.finish())!;
  }

  /** The task without the files of which whole workers have died, as the deaths before tell. */
  #blame(job: Job<Task>, task: Task): { ledgered: Task; progress: TaskProgress } {
    const before = job.progress as Partial<TaskProgress> | number;
    const { deaths = [], filesDone = 0 } = typeof before === "object" ? before : {};
    const all = job.stalledCounter > deaths.length ? [...deaths, filesDone] : deaths;
    const ledger = new CrashLedger(task);
    for (const done of all) {
      try {
        this.#context.tell(ledger.noteDeath(done, "the whole worker"));
      } catch {
        // Of no file in particular: the queue counts these deaths, and gives the task up.
      }
    }
    return { ledgered: ledger.task(), progress: { filesDone: 0, deaths: all } };
  }

  async #told(run: string, { fingerprint, files }: TaskReport): Promise<void> {
    const sum = sumOfFiles(files);
    const { done } = this.counts;
    done.tasks++;
    for (const name of ["files", "failedFiles", "bytes", "windows"] as const) done[name] += sum[name];
    this.#context.rate.add(sum.bytes, sum.windows);
    await this.#context.board.noteDone(run, { fingerprint, ...sum });
  }

  async #finish(job: Job<Task>, token: string): Promise<void> {
    await job.moveToCompleted(null, token, false).catch((error: Error) => this.#lost(error));
  }

  async #failed(job: Job<Task>, token: string, fault: Fault): Promise<void> {
    this.counts.failedTries++;
    this.#context.tell(`task ${job.id}: ${fault.message}`);
    const before = typeof job.progress === "object" ? job.progress : {};
    await job.updateProgress({ ...before, fault: fault.detail }).catch(() => {});
    await sleep(PAUSE_AFTER_FAULT_MS);
    await this.#fail(job, token, fault);
  }

  async #fail(job: Job<Task>, token: string, error: Error): Promise<void> {
    // Its trace would be kept in Redis with the task.
    error.stack = "";
    await job.moveToFailed(error, token, false).catch((trouble: Error) => this.#lost(trouble));
  }

  /** Another worker has the task by now, or has done it: no harm. Else the trouble is Redis's, and the task is given out again in time. */
  #lost(error: Error): void {
    if (!/Missing (lock|key)|not in the active state|Lock mismatch/i.test(error.message)) throw error;
    this.counts.lostTasks++;
  }
}

function describe(run: string, { index, files }: Task): WorkerReport["tasks"][number] {
  return { run, index, file: files[0]?.path ?? "", filesDone: 0, files: files.length, seconds: 0 };
}
