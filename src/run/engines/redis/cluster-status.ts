import type { Redis } from "ioredis";
import { coordinatorsOf } from "./campaign.ts";
import { asCoordinator, RunBoard, type RunProgress, type RunState } from "./run-board.ts";
import { openQueue } from "./run-queue.ts";
import { checkedTask } from "./run-record.ts";
import type { QueueTiming } from "./timing.ts";
import { asWorkerReport, type WorkerReport } from "./worker-report.ts";

/** Failed tasks of a run that are told one by one. */
const FAILED_TOLD = 100;

/** A task that the queue has given up. */
export interface FailedTask {
  index: number | null;
  files: number;
  /** Its first file. */
  file: string;
  reason: string;
  tries: number;
}

/** A run as it stands. */
export interface RunStatus {
  run: string;
  state: RunState;
  output: string;
  totals: { tasks: number; files: number; bytes: number };
  done: RunProgress;
  queue: { waiting: number; active: number; failed: number };
  failed: FailedTask[];
  coordinators: { host: string; pid: number; lastSeenSeconds: number }[];
  /** Workers that have tasks of it now. */
  workers: number;
  bytesPerSecond: number;
  windowsPerSecond: number;
  /** Until all bytes are done at this rate; null where nothing goes on. */
  remainingSeconds: number | null;
}

/** A worker process as it was seen last. */
export interface WorkerStatus extends WorkerReport {
  id: string;
  lastSeenSeconds: number;
}

/** All runs, or one, and all workers. */
export interface ClusterStatus {
  runs: RunStatus[];
  workers: WorkerStatus[];
}

/** Looks at everything that Redis knows. */
export async function clusterStatus(redis: Redis, timing: QueueTiming, only: string | null): Promise<ClusterStatus> {
  const board = new RunBoard(redis, timing);
  const workers = (await board.present("workers", asWorkerReport)).map(({ id, ageMs, says }) => ({
    id,
    ...says,
    lastSeenSeconds: ageMs / 1000,
  }));
  const ids = (await board.known()).filter((id) => only === null || id === only);
  const runs = await Promise.all(ids.map((id) => runStatus(id, { board, workers })));
  return { runs: runs.filter((run) => run !== null), workers };
}

async function runStatus(
  id: string,
  { board, workers }: { board: RunBoard; workers: readonly WorkerStatus[] },
): Promise<RunStatus | null> {
  const [record, state, progress] = await Promise.all([board.record(id), board.state(id), board.progress(id)]);
  if (record === null || state === null) return null;
  const done = progress ?? { tasks: 0, files: 0, failedFiles: 0, bytes: 0, windows: 0, anomalies: 0 };
  const own = workers.filter(({ tasks }) => tasks.some(({ run }) => run === id));
  // A worker with tasks of several runs does a part of its rate for each.
  const share = ({ tasks }: WorkerStatus) => tasks.filter(({ run }) => run === id).length / tasks.length;
  const rate = (of: keyof WorkerReport["rates"]) => own.reduce((sum, one) => sum + one.rates[of] * share(one), 0);
  const bytesPerSecond = rate("bytesPerSecond");
  const coordinators = await board.present(coordinatorsOf(id), asCoordinator);
  return {
    ...{ run: id, state, output: record.output, totals: record.totals, done },
    ...(await queueStatus(id, board.redis)),
    coordinators: coordinators.map(({ says, ageMs }) => ({ ...says, lastSeenSeconds: ageMs / 1000 })),
    ...{ workers: own.length, bytesPerSecond, windowsPerSecond: rate("windowsPerSecond") },
    remainingSeconds:
      state === "running" && bytesPerSecond > 0 ? Math.max(0, record.totals.bytes - done.bytes) / bytesPerSecond : null,
  };
}

async function queueStatus(id: string, redis: Redis): Promise<Pick<RunStatus, "queue" | "failed">> {
  const queue = openQueue(id, redis);
  try {
    const counts = await queue.getJobCounts("waiting", "active", "failed");
    const failed = await queue.getFailed(0, FAILED_TOLD - 1);
    return {
      queue: { waiting: counts.waiting!, active: counts.active!, failed: counts.failed! },
      failed: failed.filter(Boolean).map((job) => {
        const task = checkedTask(job.data);
        const { failedReason, attemptsMade, stalledCounter } = job;
        return {
          ...{ index: task?.index ?? null, files: task?.files.length ?? 0, file: task?.files[0]?.path ?? "" },
          ...{ reason: failedReason, tries: attemptsMade + stalledCounter },
        };
      }),
    };
  } finally {
    await queue.close();
  }
}
