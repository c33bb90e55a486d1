import type { Job } from "bullmq";
import { mapLimited } from "../../../io/map-limited.ts";
import type { Task, TaskReport } from "../../../task/messages.ts";
import type { GivenUp } from "./given-up-part.ts";
import type { QueuedRun } from "./redis-engine.ts";
import { jobOf, type TaskProgress } from "./run-queue.ts";
import { checkedTask } from "./run-record.ts";

/** Tasks that may be in the queue at once, and how many are put there in one go. */
const MOST_QUEUED = 10_000;
const AT_ONCE = 500;
const MOST_MENDED = 3;
const MENDED_AT_ONCE = 16;
const BOTH_ENDS = ["waiting", "active", "delayed", "prioritized"] as const;

/** Tasks that are not done: those that wait for room in the queue, and those that were put there. */
export class Outstanding {
  readonly #run: QueuedRun;
  /** The next one last. */
  readonly #waiting: Task[];
  readonly #queued = new Map<string, { task: Task; bytes: number }>();
  readonly #hinted = new Set<string>();
  #givenUp = new Map<string, GivenUp>();
  /** How often a task was put there again because what lay there in its name was another. */
  readonly #mended = new Map<string, number>();
  readonly #done: TaskReport[] = [];
  #queuedBytes = 0;
  #seemedLost = false;

  constructor(run: QueuedRun, waiting: Task[]) {
    this.#run = run;
    this.#waiting = waiting;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#queued.size === 0;
  }

  /** Whether nothing is left but tasks that the queue has given up. */
  get isOnlyGivenUp(): boolean {
    return this.#waiting.length === 0 && this.#queued.size > 0 && this.#givenUp.size === this.#queued.size;
  }

  get givenUp(): { task: Task; why: GivenUp }[] {
    return [...this.#givenUp].map(([fingerprint, why]) => ({ task: this.#queued.get(fingerprint)!.task, why }));
  }

  /** Reports found since the last call. They are kept here, so that a Redis which fails right after one was found does not lose it. */
  takeDone(): TaskReport[] {
    return this.#done.splice(0);
  }

  /** Puts tasks into the queue while there is room. One that is there already stays as it is. */
  async topUp(): Promise<void> {
    while (this.#waiting.length > 0) {
      const room = Math.min(MOST_QUEUED - this.#queued.size, AT_ONCE);
      if (room < Math.min(AT_ONCE, this.#waiting.length)) return;
      const next: { task: Task; bytes: number }[] = [];
      let bytes = this.#queuedBytes;
      while (
        next.length < room &&
        next.length < this.#waiting.length &&
        (bytes < this.#run.queueBytes || bytes === 0)
      ) {
        const task = this.#waiting[this.#waiting.length - 1 - next.length]!;
        const own = JSON.stringify(task).length;
        next.push({ task, bytes: own });
        bytes += own;
      }
      if (next.length === 0) return;
      await this.#add(next.map(({ task }) => task));
      this.#waiting.length -= next.length;
      for (const one of next) this.#queued.set(one.task.fingerprint, one);
      this.#queuedBytes = bytes;
    }
  }

  /** These tasks are said to be done. */
  hint(fingerprints: readonly string[]): void {
    for (const fingerprint of fingerprints) if (this.#queued.has(fingerprint)) this.#hinted.add(fingerprint);
  }

  /** Finds those that are said to be done, and whose parts are there. A folder on a network may show a part only later. */
  async confirm(): Promise<void> {
    if (this.#hinted.size > 0) await this.#find([...this.#hinted]);
  }

  /** Looks at the parts of all that are in the queue. */
  rescan(): Promise<void> {
    return this.#find([...this.#queued.keys()]);
  }

  /**
   * Holds the queue against what should be in it: tasks that were given up are looked up, since their part may be there all the same; and
   * tasks that the queue has lost are put there again.
   */
  async reconcile(): Promise<void> {
    const { queue } = this.#run;
    const counts = await queue.getJobCounts(...BOTH_ENDS, "failed");
    if (counts.failed! > 0 || this.#givenUp.size > 0) await this.#lookAtFailed();
    const present = BOTH_ENDS.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    const seemsLost = present < this.#queued.size - this.#givenUp.size;
    if (seemsLost && this.#seemedLost) {
      await this.rescan();
      const lost = [...this.#queued.values()].filter(({ task }) => !this.#givenUp.has(task.fingerprint));
      for (let i = 0; i < lost.length; i += AT_ONCE)
        await this.#add(lost.slice(i, i + AT_ONCE).map(({ task }) => task));
    }
    this.#seemedLost = seemsLost && !this.#seemedLost;
  }

  /** These have come to their end. */
  settle(reports: readonly TaskReport[]): void {
    for (const report of reports) {
      const queued = this.#queued.get(report.fingerprint);
      if (queued === undefined) continue;
      this.#queued.delete(report.fingerprint);
      this.#hinted.delete(report.fingerprint);
      this.#givenUp.delete(report.fingerprint);
      this.#queuedBytes -= queued.bytes;
      this.#done.push({ ...report, index: queued.task.index });
    }
  }

  async #lookAtFailed(): Promise<void> {
    const { queue, id } = this.#run;
    const jobs = (await queue.getFailed(0, MOST_QUEUED)).filter((job): job is Job<Task> => job?.id !== undefined);
    const mended = await mapLimited(jobs, MENDED_AT_ONCE, (job) => this.#mend(job));
    const failed = new Map(
      jobs.filter((_, i) => !mended[i]).map((job) => [job.id!.slice(id.length + 1), givenUpBy(job)]),
    );
    await this.#find([...failed.keys()].filter((fingerprint) => this.#queued.has(fingerprint)));
    this.#givenUp = new Map([...failed].filter(([fingerprint]) => this.#queued.has(fingerprint)));
  }

  /** A Redis that evicts, or somebody who writes to it, may have changed a task: the right one takes its place. */
  async #mend(job: Job<Task>): Promise<boolean> {
    const queued = this.#queued.get(job.id!.slice(this.#run.id.length + 1));
    const isOurs = checkedTask(job.data)?.fingerprint === queued?.task.fingerprint;
    const times = this.#mended.get(job.id!) ?? 0;
    if (queued === undefined || isOurs || times === MOST_MENDED) return false;
    this.#mended.set(job.id!, times + 1);
    await job.remove();
    await this.#add([queued.task]);
    return true;
  }

  async #find(fingerprints: readonly string[]): Promise<void> {
    const tasks = fingerprints.map((fingerprint) => this.#queued.get(fingerprint)!.task);
    const reports = await this.#run.readReports(tasks);
    this.settle(reports.filter((report) => report !== null));
  }

  async #add(tasks: readonly Task[]): Promise<void> {
    await this.#run.queue.addBulk(tasks.map((task) => jobOf(this.#run.id, task)));
  }
}

function givenUpBy(job: Job<Task>): GivenUp {
  const progress = job.progress as Partial<TaskProgress> | number;
  return { reason: job.failedReason, fault: typeof progress === "object" ? progress.fault : undefined };
}
