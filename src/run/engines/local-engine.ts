import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { asFault, Fault } from "../../faults/fault.ts";
import type { FileDone, Task, TaskAnswer, TaskOptions, TaskReport } from "../../task/messages.ts";
import { pauseBeforeRetry } from "../../task/retry.ts";
import { costOfFiles } from "../cut-tasks.ts";
import { Channel } from "./channel.ts";
import { CrashLedger } from "./crash-ledger.ts";
import type { Engine, EngineControl } from "./engine.ts";

/** Runs tasks in warm processes of this machine: a crash of native code, or the kernel's killer, costs one task and not the run. */
export class LocalEngine implements Engine {
  readonly #pool: workerpool.Pool;
  readonly #workers: number;

  constructor(workers: number) {
    const script = fileURLToPath(new URL("./local-worker.js", import.meta.url));
    this.#workers = workers;
    this.#pool = workerpool.pool(script, { workerType: "process", minWorkers: workers, maxWorkers: workers });
  }

  async *run(tasks: readonly Task[], options: TaskOptions, control: EngineControl): AsyncIterable<TaskReport> {
    const waiting = [...tasks].sort((a, b) => costOfFiles(a.files) - costOfFiles(b.files) || b.index - a.index);
    const reports = new Channel<TaskReport>();
    const lane = async () => {
      while (waiting.length > 0 && control.stop?.aborted !== true && !reports.failed) {
        reports.put(await this.#runTask(waiting.pop()!, options, control));
      }
    };
    const lanes = Array.from({ length: Math.min(this.#workers, tasks.length) }, lane);
    Promise.all(lanes).then(
      () => reports.end(),
      (error) => reports.fail(error),
    );
    yield* reports;
  }

  async close(): Promise<void> {
    await this.#pool.terminate(true);
  }

  /** One task to its end: tried again when its worker dies, without the file that two have died of. */
  async #runTask(task: Task, options: TaskOptions, control: EngineControl): Promise<TaskReport> {
    const ledger = new CrashLedger(task);
    while (true) {
      const attempt = new Attempt(ledger, control);
      try {
        const answer = await attempt.watch(
          this.#pool.exec("runTask", [options, ledger.task()], { on: attempt.onFile }),
        );
        if ("fault" in answer) throw new Fault(answer.fault);
        return answer.report;
      } catch (error) {
        if (!isDeath(error)) throw asFault(error);
        control.listener.workerDied(ledger.noteDeath(attempt.filesDone, attempt.describe(error)));
        await pauseBeforeRetry(ledger.deaths);
      } finally {
        attempt.end();
      }
    }
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
