import { Queue, type QueueOptions, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Task } from "../../../task/messages.ts";
import { PREFIX } from "./run-board.ts";
import type { QueueTiming } from "./timing.ts";

/** Tries of a task that its workers answer to with a fault. */
export const TRIES = 3;
/**
 * Deaths of workers that a task survives. A file of which two died is left out, so this is enough for one such file; a task that goes on
 * killing workers is given up.
 */
export const DEATHS_SURVIVED = 3;

/** What is kept of a task while it is in work, so that the next worker knows of what the last one died. */
export interface TaskProgress {
  /** Files done in this try. */
  filesDone: number;
  /** Of each death of a worker, how many files were done before. */
  deaths: number[];
  /** Why the last try failed, where a worker could say it. */
  fault?: unknown;
}

function sharedOptions(redis: Redis): QueueOptions {
  // The server was looked at when it was connected to; BullMQ would write its own warnings to the terminal.
  return { connection: redis, prefix: PREFIX, skipVersionCheck: true };
}

function queueName(runId: string): string {
  return `score-${runId}`;
}

/** The queue of one run. */
export function openQueue(runId: string, redis: Redis): Queue<Task> {
  const queue = new Queue<Task>(queueName(runId), sharedOptions(redis));
  // The client itself tells of its connection.
  queue.on("error", () => {});
  return queue;
}

/** The other end of it: takes tasks one by one. Tasks of dead workers are looked for as long as it is open. */
export async function openTaker(
  runId: string,
  redis: Redis,
  { lockMs, stallCheckMs }: QueueTiming,
): Promise<Worker<Task>> {
  const worker = new Worker<Task>(queueName(runId), null, {
    ...sharedOptions(redis),
    lockDuration: lockMs,
    stalledInterval: stallCheckMs,
    maxStalledCount: DEATHS_SURVIVED,
    autorun: false,
  });
  worker.on("error", () => {});
  await worker.startStalledCheckTimer();
  return worker;
}

/** A task as a job. Its id makes it the same for all coordinators; done jobs go, since the part says that they are done. */
export function jobOf(runId: string, task: Task) {
  return {
    name: "score",
    data: task,
    opts: { jobId: `${runId}-${task.fingerprint}`, attempts: TRIES, removeOnComplete: true, removeOnFail: false },
  };
}
