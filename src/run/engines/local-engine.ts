import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { asFault, Fault } from "../../faults/fault.ts";
import type { FileDone, Task, TaskOptions, TaskReport } from "../../task/messages.ts";
import { costOfFiles } from "../cut-tasks.ts";
import { Channel } from "./channel.ts";
import { CrashLedger } from "./crash-ledger.ts";
import type { Engine, EngineListener } from "./engine.ts";

/** Runs tasks in warm processes of this machine: a crash of native code, or the kernel's killer, costs one task and not the run. */
export class LocalEngine implements Engine {
  readonly #pool: workerpool.Pool;
  readonly #workers: number;

  constructor(workers: number) {
    const script = fileURLToPath(new URL("./local-worker.js", import.meta.url));
    this.#workers = workers;
    this.#pool = workerpool.pool(script, { workerType: "process", minWorkers: workers, maxWorkers: workers });
  }

  async *run(
    tasks: readonly Task[],
    options: TaskOptions,
    { listener, stop }: { listener: EngineListener; stop?: AbortSignal },
  ): AsyncIterable<TaskReport> {
    const waiting = [...tasks].sort((a, b) => costOfFiles(a.files) - costOfFiles(b.files) || b.index - a.index);
    const reports = new Channel<TaskReport>();
    const lane = async () => {
      while (waiting.length > 0 && stop?.aborted !== true && !reports.failed)
        reports.put(await this.#runTask(waiting.pop()!, options, listener));
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

  /** One task to its end: tried again when its worker dies, without the file that has killed two. */
  async #runTask(task: Task, options: TaskOptions, listener: EngineListener): Promise<TaskReport> {
    const ledger = new CrashLedger(task);
    while (true) {
      let filesDone = 0;
      const on = (done: FileDone) => {
        filesDone++;
        if (filesDone > ledger.reported) listener.fileDone(done);
      };
      try {
        return await this.#pool.exec("runTask", [options, ledger.task()], { on });
      } catch (error) {
        if (!isDeath(error)) throw asFault(error);
        listener.workerDied(ledger.noteDeath(filesDone, error as Error));
      }
    }
  }
}

/** Whether the worker died, rather than answered with an error. */
function isDeath(error: unknown): boolean {
  return error instanceof Error && !(error instanceof Fault) && /terminated/i.test(error.message);
}
