import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Task } from "../../../task/messages.ts";
import { openTaker } from "./run-queue.ts";
import type { RunRecord } from "./run-record.ts";
import type { QueueTiming } from "./timing.ts";
import type { Fit } from "./worker-fit.ts";

/** What a worker may be behind in a run for the sake of a warm model, milliseconds of work. */
const WARM_BONUS_MS = 2000;

/** A run whose tasks a worker may take, and the tasks it has of it. */
export class TaskSource {
  readonly id: string;
  readonly record: RunRecord;
  readonly fit: Extract<Fit, { taskOptions: unknown }>;
  /** Work that was spent on it here. */
  servedMs = 0;
  readonly #taker: Worker<Task>;
  readonly #held = new Map<string, string>();
  readonly #renewing: NodeJS.Timeout;

  private constructor(taker: Worker<Task>, lockMs: number, run: Pick<TaskSource, "id" | "record" | "fit">) {
    this.id = run.id;
    this.record = run.record;
    this.fit = run.fit;
    this.#taker = taker;
    this.#renewing = setInterval(() => this.#renew(lockMs), lockMs / 3);
  }

  static async open(
    run: Pick<TaskSource, "id" | "record" | "fit">,
    { redis, timing }: { redis: Redis; timing: QueueTiming },
  ): Promise<TaskSource> {
    return new TaskSource(await openTaker(run.id, redis, timing), timing.lockMs, run);
  }

  /** Tasks of it that are in work here. */
  get active(): number {
    return this.#held.size;
  }

  /** The next task, or null where none waits. `token`: unique to this try. */
  async take(token: string): Promise<Job<Task> | null> {
    const job = (await this.#taker.getNextJob(token, { block: false })) as Job<Task> | undefined;
    if (job?.id === undefined) return null;
    this.#held.set(job.id, token);
    return job;
  }

  /** A task is no longer in work here. */
  leave(job: Job<Task>): void {
    this.#held.delete(job.id!);
  }

  async close(): Promise<void> {
    clearInterval(this.#renewing);
    await this.#taker.close(true);
  }

  /** A task whose claim cannot be renewed is another's by now: it is finished all the same, and the first part counts. */
  #renew(lockMs: number): void {
    const [ids, tokens] = [[...this.#held.keys()], [...this.#held.values()]];
    if (ids.length > 0) this.#taker.extendJobLocks(ids, tokens, lockMs).catch(() => {});
  }
}

/** The order in which runs are asked for a task: those with the fewest tasks in work first, then those that had the least work. */
export function byFairness(sources: readonly TaskSource[], warm: string | null): TaskSource[] {
  const spent = (source: TaskSource) => source.servedMs - (source.id === warm ? WARM_BONUS_MS : 0);
  return [...sources].sort((a, b) => a.active - b.active || spent(a) - spent(b));
}
