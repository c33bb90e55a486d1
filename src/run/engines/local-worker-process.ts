import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import type { FileDone, GrantedMemory, Task, TaskAnswer, TaskOptions } from "../../task/messages.ts";

/** One worker process, started at once and replaced when it dies. */
export class LocalWorkerProcess {
  #pool = startPool();
  #isClosed = false;

  /** Whether it was ended for good. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Hands a task to the process. Rejects if it dies meanwhile; `cancel` kills it. */
  runTask(
    [options, task, memory]: [TaskOptions, Task, GrantedMemory | null],
    onFile: (done: FileDone) => void,
  ): workerpool.Promise<TaskAnswer> {
    return this.#pool.exec("runTask", [options, task, memory], { on: onFile });
  }

  /** Ends the process and starts another: what has grown in it is given back to the system. */
  async replace(): Promise<void> {
    await this.#pool.terminate(true);
    if (!this.#isClosed) this.#pool = startPool();
  }

  /** Ends the process at once, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.terminate(true);
  }
}

/** The pool's part is to replace a process that died, and to tell answers from deaths. */
function startPool(): workerpool.Pool {
  const script = fileURLToPath(new URL("./local-worker.js", import.meta.url));
  return workerpool.pool(script, { workerType: "process", minWorkers: 1, maxWorkers: 1 });
}
