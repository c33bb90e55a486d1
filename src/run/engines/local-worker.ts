import workerpool from "workerpool";
import { parquetDecoder } from "../../recording/parquet/decoder.ts";
import type { Task, TaskOptions, TaskReport } from "../../task/messages.ts";
import { TaskRunner } from "../../task/task-runner.ts";

/** A worker process of the local engine: it answers `runTask` calls, its model staying open from task to task. */

let warm: { key: string; runner: Promise<TaskRunner> } | undefined;

function warmRunner(options: TaskOptions): Promise<TaskRunner> {
  const key = JSON.stringify(options);
  if (warm?.key !== key) warm = { key, runner: TaskRunner.open(options) };
  return warm.runner;
}

async function runTask(options: TaskOptions, task: Task): Promise<TaskReport> {
  const runner = await warmRunner(options);
  return runner.run(task, (done) => workerpool.workerEmit(done));
}

// Loaded while the coordinator still plans.
// A terminal sends Ctrl-C to all of its processes: the coordinator decides what becomes of it.
process.on("SIGINT", () => {});

parquetDecoder();
await import("onnxruntime-node");
workerpool.worker({ runTask });
