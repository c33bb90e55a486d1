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
    await endPool(this.#pool);
    if (!this.#isClosed) this.#pool = startPool();
  }

  /** Ends the process at once, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await endPool(this.#pool);
  }
}

/** A pool asks its process to end, and kills it after a second. */
const ENDED_WITHIN_MS = 2000;

/** A pool whose process has died while it had nothing to do waits for that end for ever: not so its caller. */
async function endPool(pool: workerpool.Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const longEnough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ENDED_WITHIN_MS);
  });
  const ended = pool.terminate(true).then(
    () => {},
    // It was killed already.
    () => {},
  );
  await Promise.race([ended, longEnough]);
  clearTimeout(timer);
}

/** The pool's part is to replace a process that died, and to tell answers from deaths. */
function startPool(): workerpool.Pool {
  const script = fileURLToPath(new URL("./local-worker.js", import.meta.url));
  return workerpool.pool(script, { workerType: "process", minWorkers: 1, maxWorkers: 1 });
}
