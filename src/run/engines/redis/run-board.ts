import type { Redis } from "ioredis";
import { isRunId, parseRecord, type RunRecord } from "./run-record.ts";
import { addDone } from "./sum-of-files.ts";
import type { QueueTiming } from "./timing.ts";

/** Before the names of all our keys; an ACL user needs `~flt:*`. */
export const PREFIX = "flt";

/** How long what is known of a run that has ended is kept, seconds. */
const ENDED_KEPT_SECONDS = 7 * 86_400;
/** Entries of a run's list of what was done, about: a coordinator that is further behind looks at all parts instead. */
const DONE_KEPT = 20_000;
const MERGE_LOCK_MS = 60_000;

/** A run as it stands: workers take tasks of running ones alone. */
export type RunState = "running" | "stopped" | "cancelled" | "done" | "failed";

/** How far a run is, by its parts. */
export interface RunProgress {
  tasks: number;
  files: number;
  failedFiles: number;
  bytes: number;
  windows: number;
  anomalies: number;
}

/** A task that was done, as its worker tells of it. */
export interface DoneTask extends Omit<RunProgress, "tasks"> {
  fingerprint: string;
}

/** Somebody who shows that he lives. */
export interface Present<T> {
  id: string;
  /** Milliseconds since the last sign, by the clock of Redis. */
  ageMs: number;
  says: T;
}

/** What Redis knows of runs, beside their queues. Nothing of it is needed for the results: those are the parts. */
export class RunBoard {
  readonly redis: Redis;
  readonly #timing: QueueTiming;

  constructor(redis: Redis, timing: QueueTiming) {
    this.redis = redis;
    this.#timing = timing;
  }

  /** Ids of the runs that workers are to look at. */
  async running(): Promise<string[]> {
    return (await this.redis.smembers(key("runs"))).filter(isRunId);
  }

  /** Ids of all runs that something is known of. */
  async known(): Promise<string[]> {
    const ids = (await this.redis.sunion(key("runs"), key("past"))).filter(isRunId);
    const exist = await Promise.all(ids.map((id) => this.redis.exists(runKey(id))));
    const gone = ids.filter((_, i) => exist[i] === 0);
    if (gone.length > 0) await this.redis.srem(key("past"), ...gone);
    return ids.filter((_, i) => exist[i] === 1).sort();
  }

  async record(id: string): Promise<RunRecord | null> {
    return parseRecord(await this.redis.hget(runKey(id), "record"));
  }

  /** Null where nothing is known of the run. */
  async state(id: string): Promise<RunState | null> {
    return (await this.redis.hget(runKey(id), "state")) as RunState | null;
  }

  /** Makes a run known to the workers. */
  async announce(id: string, record: RunRecord): Promise<void> {
    await this.redis
      .multi()
      .hset(runKey(id), { record: JSON.stringify(record), state: "running" satisfies RunState })
      .persist(runKey(id))
      .sadd(key("runs"), id)
      .srem(key("past"), id)
      .exec();
  }

  /** No worker takes tasks of it any more; what is known of it is kept for a week. */
  async retire(id: string, state: RunState): Promise<void> {
    await this.redis
      .multi()
      .hset(runKey(id), { state })
      .expire(runKey(id), ENDED_KEPT_SECONDS)
      .srem(key("runs"), id)
      .sadd(key("past"), id)
      .del(doneKey(id))
      .exec();
  }

  /** Removes what checks of a run's queue leave of it once the run is done. */
  async tidyQueue(id: string): Promise<void> {
    const left = ["meta", "events", "id"].map((name) => key(`score-${id}`, name));
    if ((await this.state(id)) === "done") await this.redis.del(...left);
  }

  /** Notes how far a run is; `cursor`: up to where the list of what was done has been looked at. */
  async noteProgress(id: string, progress: RunProgress, cursor: string): Promise<void> {
    await this.redis.hset(runKey(id), { progress: JSON.stringify({ ...progress, cursor }) });
  }

  /** How far a run is, as its coordinator said last, and what workers have told since. */
  async progress(id: string): Promise<RunProgress | null> {
    const noted = parsed((await this.redis.hget(runKey(id), "progress")) ?? "") as
      | (RunProgress & { cursor: string })
      | null;
    if (typeof noted?.cursor !== "string") return null;
    const { cursor, ...sum } = noted;
    for (const done of (await this.done(id, cursor)).tasks) {
      sum.tasks++;
      addDone(sum, done);
    }
    return sum;
  }

  /** Says that a task is done: no more than a hint, on which a coordinator looks at the part. */
  async noteDone(id: string, done: DoneTask): Promise<void> {
    await this.redis.xadd(doneKey(id), "MAXLEN", "~", DONE_KEPT, "*", "done", JSON.stringify(done));
  }

  /** What was done since `cursor`, at most so much; and the next cursor. */
  async done(id: string, cursor: string, most = DONE_KEPT): Promise<{ tasks: DoneTask[]; cursor: string }> {
    const entries = await this.redis.xrange(doneKey(id), cursor === "" ? "-" : `(${cursor}`, "+", "COUNT", most);
    const tasks = entries.map(([, [, text]]) => parsed(text!) as DoneTask).filter((done) => done?.fingerprint);
    return { tasks, cursor: entries[entries.length - 1]?.[0] ?? cursor };
  }

  /** Where the list of what was done ends. */
  async doneCursor(id: string): Promise<string> {
    const [last] = await this.redis.xrevrange(doneKey(id), "+", "-", "COUNT", 1);
    return last?.[0] ?? "";
  }

  /** Shows that somebody lives. */
  async beat(kind: string, id: string, says: unknown): Promise<void> {
    await this.redis
      .multi()
      .sadd(key(kind), id)
      .set(key(kind, id), JSON.stringify(says), "PX", this.#timing.presenceMs)
      .exec();
  }

  /** Takes back that somebody lives. */
  async leave(kind: string, id: string): Promise<void> {
    await this.redis.multi().srem(key(kind), id).del(key(kind, id)).exec();
  }

  /** All of a kind that live and say something that `as` understands; the dead are forgotten. */
  async present<T>(kind: string, as: (says: unknown) => T | null): Promise<Present<T>[]> {
    const ids = await this.redis.smembers(key(kind));
    const alive: Present<T>[] = [];
    for (const id of ids.sort()) {
      const [says, left] = await Promise.all([this.redis.get(key(kind, id)), this.redis.pttl(key(kind, id))]);
      const known = says === null ? null : as(parsed(says));
      if (says === null) await this.redis.srem(key(kind), id);
      else if (known !== null) alive.push({ id, ageMs: Math.max(0, this.#timing.presenceMs - left), says: known });
    }
    return alive;
  }

  /** Whether this coordinator is the first of those that begin now. */
  async lead(id: string, coordinator: string): Promise<boolean> {
    return (await this.redis.set(key("lead", id), coordinator, "PX", this.#timing.presenceMs, "NX")) === "OK";
  }

  /** Another that begins from now on is the first again. */
  async endLead(id: string, coordinator: string): Promise<void> {
    if ((await this.redis.get(key("lead", id))) === coordinator) await this.redis.del(key("lead", id));
  }

  /** Whether the results are this coordinator's to put together now; to be asked again in less than a minute to stay so. */
  async holdMerge(id: string, coordinator: string): Promise<boolean> {
    const name = key("merge", id);
    if ((await this.redis.set(name, coordinator, "PX", MERGE_LOCK_MS, "NX")) === "OK") return true;
    if ((await this.redis.get(name)) !== coordinator) return false;
    await this.redis.pexpire(name, MERGE_LOCK_MS);
    return true;
  }

  /** Whether somebody puts the results together. */
  async isMerging(id: string): Promise<boolean> {
    return (await this.redis.exists(key("merge", id))) === 1;
  }

  async releaseMerge(id: string, coordinator: string): Promise<void> {
    if ((await this.redis.get(key("merge", id))) === coordinator) await this.redis.del(key("merge", id));
  }
}

/** A coordinator of a run as it shows itself, or null if it is none. */
export function asCoordinator(value: unknown): { host: string; pid: number } | null {
  const { host, pid } = (value ?? {}) as { host?: unknown; pid?: unknown };
  return typeof host === "string" && typeof pid === "number" ? { host, pid } : null;
}

/** What is no JSON, is nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function key(...parts: string[]): string {
  return [PREFIX, ...parts].join(":");
}

function runKey(id: string): string {
  return key("run", id);
}

function doneKey(id: string): string {
  return key("done", id);
}
