import workerpool from "workerpool";
import { asFault, Fault } from "../../faults/fault.ts";
import type { FileDone, GrantedMemory, Task, TaskAnswer, TaskOptions, TaskReport } from "../../task/messages.ts";
import { WHOLE_FILE_BYTES } from "../../task/open-table.ts";
import { pauseBeforeRetry } from "../../task/retry.ts";
import { costOfFiles } from "../cut-tasks.ts";
import { Channel } from "./channel.ts";
import { CrashLedger } from "./crash-ledger.ts";
import type { Engine, EngineControl } from "./engine.ts";
import { LocalWorkerProcess } from "./local-worker-process.ts";
import { MemoryGate } from "./memory-gate.ts";

/** Runs tasks in warm processes of this machine: a crash of native code, or the kernel's killer, costs one task and not the run. */
export class LocalEngine implements Engine {
  readonly #workers: LocalWorkerProcess[];

  constructor(workers: number) {
    this.#workers = Array.from({ length: workers }, () => new LocalWorkerProcess());
  }

  async *run(tasks: readonly Task[], options: TaskOptions, control: EngineControl): AsyncIterable<TaskReport> {
    const waiting = [...tasks].sort((a, b) => costOfFiles(a.files) - costOfFiles(b.files) || b.index - a.index);
    const reports = new Channel<TaskReport>();
    const gate = new MemoryGate(control.filesMemoryBytes ?? Number.POSITIVE_INFINITY);
    const lane = async (worker: LocalWorkerProcess) => {
      while (waiting.length > 0 && control.stop?.aborted !== true && !reports.failed) {
        const report = await new TaskRun(waiting.pop()!, { worker, gate, options, control }).finish();
        if (report !== null) reports.put(report);
      }
    };
    const lanes = this.#workers.slice(0, tasks.length).map(lane);
    Promise.all(lanes).then(
      () => reports.end(),
      (error) => reports.fail(error),
    );
    yield* reports;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}

/** Whose process a task is given to, and from which store of memory. */
export interface TaskRunContext {
  worker: LocalWorkerProcess;
  gate: MemoryGate;
  options: TaskOptions;
  control: EngineControl;
}

/** One task on its way to its end. */
export class TaskRun {
  readonly #context: TaskRunContext;
  readonly #ledger: CrashLedger;
  #memoryBytes = WHOLE_FILE_BYTES;

  constructor(task: Task, context: TaskRunContext) {
    this.#context = context;
    this.#ledger = new CrashLedger(task);
  }

  /**
   * Tried again when its worker dies, without the file that two have died of, and with more memory where a file needs that. Null where the
   * run is stopped before it begins.
   */
  async finish(): Promise<TaskReport | null> {
    const { gate, control, worker } = this.#context;
    while (true) {
      const attempt = new Attempt(this.#ledger, control);
      const bytes = await gate.enter(this.#memoryBytes);
      try {
        if (control.stop?.aborted === true) return null;
        const isLimited = Number.isFinite(gate.total);
        const report = await this.#try(attempt, isLimited ? { bytes, isAll: bytes === gate.total } : null);
        if (report !== null) return report;
      } catch (error) {
        // When the run ends early its workers are ended in the midst of their tasks: nothing is to begin anew then.
        if (!isDeath(error) || worker.isClosed) throw asFault(error);
        control.listener.workerDied(this.#ledger.noteDeath(attempt.filesDone, attempt.describe(error)));
        await pauseBeforeRetry(this.#ledger.deaths);
        if (worker.isClosed) throw asFault(error);
      } finally {
        attempt.end();
        gate.leave(bytes);
      }
    }
  }

  /** The report, or null where the task needs more memory than it had. */
  async #try(attempt: Attempt, memory: GrantedMemory | null): Promise<TaskReport | null> {
    const { worker, options } = this.#context;
    const answer = await attempt.watch(worker.runTask([options, this.#ledger.task(), memory], attempt.onFile));
    if ("fault" in answer) throw new Fault(answer.fault);
    if ("report" in answer) {
      if (answer.retire) await worker.replace();
      return answer.report;
    }
    this.#memoryBytes = answer.needsBytes;
    this.#ledger.noteTold(attempt.filesDone);
    return null;
  }
}

/** One try of a task, with a watchdog where a file may take only so long. */
class Attempt {
  readonly #ledger: CrashLedger;
  readonly #control: EngineControl;
  #promise: workerpool.Promise<TaskAnswer> | null = null;
  #watchdog: NodeJS.Timeout | undefined;
  #timedOut = false;
  filesDone = 0;

  constructor(ledger: CrashLedger, control: EngineControl) {
    this.#ledger = ledger;
    this.#control = control;
  }

  watch(promise: workerpool.Promise<TaskAnswer>): workerpool.Promise<TaskAnswer> {
    this.#promise = promise;
    this.#startWatchdog();
    return promise;
  }

  /** A file was done; one that was told of in an earlier try is not told of again. */
  readonly onFile = (done: FileDone) => {
    this.filesDone++;
    if (this.filesDone > this.#ledger.reported) this.#control.listener.fileDone(done);
    this.#startWatchdog();
  };

  describe(error: unknown): string {
    if (this.#timedOut) return `no answer for ${this.#control.fileTimeoutSeconds} s`;
    return (error as Error).message.replace(/\s+/g, " ").slice(0, 200);
  }

  end(): void {
    clearTimeout(this.#watchdog);
  }

  #startWatchdog(): void {
    clearTimeout(this.#watchdog);
    const seconds = this.#control.fileTimeoutSeconds ?? null;
    if (seconds === null) return;
    this.#watchdog = setTimeout(() => {
      this.#timedOut = true;
      this.#promise?.cancel();
    }, seconds * 1000);
  }
}

/** Whether the worker died, rather than answered with an error. */
function isDeath(error: unknown): boolean {
  return (
    error instanceof Error &&
    !(error instanceof Fault) &&
    (/terminated/i.test(error.message) || error instanceof workerpool.Promise.CancellationError)
  );
}
