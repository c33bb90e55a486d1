import type { Redis } from "ioredis";
import { Fault } from "../../../faults/fault.ts";
import { RunBoard } from "./run-board.ts";
import { openQueue } from "./run-queue.ts";
import { isRunId } from "./run-record.ts";
import type { QueueTiming } from "./timing.ts";

/**
 * Ends a run: tasks that wait are taken out of the queue, those in work are finished, and its coordinators end. What is done is kept.
 * Returns how many waited. @throws Fault USAGE if there is no such run, or it has ended
 */
export async function cancelRun(redis: Redis, timing: QueueTiming, id: string): Promise<number> {
  const board = new RunBoard(redis, timing);
  await expectState(board, id, ["running"]);
  const queue = openQueue(id, redis);
  try {
    await board.retire(id, "cancelled");
    const waiting = await queue.getWaitingCount();
    await queue.drain();
    return waiting;
  } finally {
    await queue.close();
  }
}

/** Puts the tasks that the queue has given up into it again. Returns how many. @throws Fault USAGE if there is no such run, or it is done */
export async function retryRun(redis: Redis, timing: QueueTiming, id: string): Promise<number> {
  const board = new RunBoard(redis, timing);
  await expectState(board, id, ["running", "stopped", "cancelled", "failed"]);
  const queue = openQueue(id, redis);
  try {
    const failed = (await queue.getFailed()).filter(Boolean);
    for (const job of failed) await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
    const record = await board.record(id);
    if (failed.length > 0 && record !== null) await board.announce(id, record);
    return failed.length;
  } finally {
    await queue.close();
  }
}

async function expectState(board: RunBoard, id: string, states: readonly string[]): Promise<void> {
  const state = isRunId(id) ? await board.state(id) : null;
  if (state !== null && states.includes(state)) return;
  throw new Fault({
    code: "USAGE",
    path: id,
    found: state === null ? "no such run" : `a run that is ${state}`,
    expected: "the id of a run, as `flightbatch status` shows it",
    hint:
      state === null
        ? "Is it this Redis?"
        : "The command that began it does again what failed for a reason that may pass.",
  });
}
