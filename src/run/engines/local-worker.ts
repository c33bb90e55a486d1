import { setFlagsFromString } from "node:v8";
import workerpool from "workerpool";
import { asFault } from "../../faults/fault.ts";
import { explainSystemError } from "../../io/file-fault.ts";
import { loadKernels } from "../../kernels/load-kernels.ts";
import { loadRuntime } from "../../model/runtime.ts";
import { MemoryNeeded } from "../../task/memory-grant.ts";
import type { GrantedMemory, Task, TaskAnswer, TaskOptions } from "../../task/messages.ts";
import { TaskRunner } from "../../task/task-runner.ts";
import { markReady } from "../../task/task-trace.ts";
import { hasOutgrown } from "../../task/worker-memory.ts";

/** A worker process of the local engine: it answers `runTask` calls, its model staying open from task to task. */

let warm: { key: string; runner: Promise<TaskRunner> } | undefined;

function warmRunner(options: TaskOptions): Promise<TaskRunner> {
  const key = JSON.stringify(options);
  if (warm?.key !== key) warm = { key, runner: TaskRunner.open(options) };
  return warm.runner;
}

/** An error keeps nothing but its message on the way to the coordinator: a fault is sent as the data it is. */
async function runTask(options: TaskOptions, task: Task, memory: GrantedMemory | null): Promise<TaskAnswer> {
  try {
    const runner = await warmRunner(options);
    const report = await runner.run(task, (done) => workerpool.workerEmit(done), memory ?? undefined);
    return { report, retire: hasOutgrown() };
  } catch (error) {
    if (error instanceof MemoryNeeded) return { needsBytes: error.bytes };
    return { fault: asFault(explainSystemError(error, options.partsDirectory)).detail };
  }
}

// A terminal sends Ctrl-C to all of its processes: the coordinator decides what becomes of it.
process.on("SIGINT", () => {});

// Loaded while the coordinator still plans.
loadKernels();
// The large decoder is for unusual files, and a worker's life often short: compiling its functions again, better, pays only for those that
// are much used.
setFlagsFromString("--wasm-tiering-budget=10000000");
await loadRuntime();
markReady();
workerpool.worker({ runTask });
