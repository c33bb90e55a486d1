import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { currentVersions } from "../../../io/versions.ts";
import type { Task } from "../../../task/messages.ts";
import { LocalWorkerProcess } from "../local-worker-process.ts";
import { MemoryGate } from "../memory-gate.ts";
import { RunBoard } from "./run-board.ts";
import { TaskHandler } from "./task-handler.ts";
import { byFairness, TaskSource } from "./task-source.ts";
import type { QueueTiming } from "./timing.ts";
import { fitFor } from "./worker-fit.ts";
import { Rate, type WorkerReport } from "./worker-report.ts";

/** How often a worker with nothing to do asks for a task, and how often runs that it refused are looked at again, milliseconds. */
const IDLE_MS = 100;
const LOOK_EVERY_MS = 250;
const REFUSAL_KEPT_MS = 15_000;
const GIVEN_UP_MS = 10_000;

/** What a worker is made of. */
export interface QueueWorkerOptions {
  redis: Redis;
  timing: QueueTiming;
  /** Tasks at once, each in a process of its own. */
  lanes: number;
  /** What the files that are worked on at the same time may take together, bytes. */
  filesMemoryBytes: number;
  /** Told of what happens, a line each. */
  tell: (message: string) => void;
  /** Memory of all its processes now, bytes. */
  memoryBytes: () => number;
}

/** A process slot and the run whose model is warm in it. */
export interface Lane {
  process: LocalWorkerProcess;
  warm: string | null;
}

/**
 * Takes tasks of all runs from the queue and gives each to a process of this machine's own: this process itself only watches, so that it
 * is never too busy to renew its claims.
 */
export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #board: RunBoard;
  readonly #id = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  readonly #free: Lane[];
  readonly #all: Lane[];
  readonly #sources = new Map<string, TaskSource>();
  readonly #refused = new Map<string, { why: string; untilMs: number }>();
  readonly #handler: TaskHandler;
  readonly #rate = new Rate();
  readonly #versions = currentVersions();
  #tries = 0;
  #isDraining = false;
  #awake = new AbortController();

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
    this.#board = new RunBoard(options.redis, options.timing);
    this.#all = Array.from({ length: options.lanes }, () => ({ process: new LocalWorkerProcess(), warm: null }));
    this.#free = [...this.#all];
    const gate = new MemoryGate(options.filesMemoryBytes);
    this.#handler = new TaskHandler({ board: this.#board, gate, rate: this.#rate, tell: options.tell });
  }

  /** Works until `drain` is aborted; tasks in work are finished then, and no more begun. */
  async run(drain: AbortSignal): Promise<void> {
    drain.addEventListener("abort", () => this.#awake.abort());
    const { heartbeatMs } = this.#options.timing;
    const beating = this.#repeat(drain, () => this.#board.beat("workers", this.#id, this.report()), heartbeatMs / 2);
    const looking = this.#repeat(drain, () => this.#lookForRuns(), Math.min(LOOK_EVERY_MS, heartbeatMs));
    while (!drain.aborted) {
      const isBusy = await this.#takeOne().catch((error: Error) => this.#tellTrouble(error));
      if (!isBusy) await this.#nap();
    }
    this.#isDraining = true;
    await Promise.race([this.#drain([beating, looking]), this.#untilRedisIsGone()]);
  }

  async #drain(loops: readonly Promise<void>[]): Promise<void> {
    await Promise.all(loops);
    while (this.#free.length < this.#all.length) {
      await this.#board.beat("workers", this.#id, this.report()).catch(() => {});
      await sleep(this.#free.length < this.#all.length ? IDLE_MS : 0);
    }
    await this.#board.leave("workers", this.#id).catch(() => {});
  }

  /** A worker that is to end does not wait for a Redis that is away: parts are where they belong, and the rest is done by others. */
  async #untilRedisIsGone(): Promise<void> {
    const { redis } = this.#options;
    for (let awayMs = 0; awayMs < GIVEN_UP_MS; awayMs = redis.status === "ready" ? 0 : awayMs + LOOK_EVERY_MS)
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
  }

  /** Ends its processes, at once. */
  async close(): Promise<void> {
    await Promise.all([...this.#sources.values()].map((source) => source.close().catch(() => {})));
    await Promise.all(this.#all.map((lane) => lane.process.close()));
  }

  report(): WorkerReport {
    const remarks = [...this.#sources.values()].map((source) => [source.id, source.fit.remarks] as const);
    return {
      ...{ host: hostname(), pid: process.pid, version: this.#versions.flightbatch, cpu: this.#versions.cpu },
      ...{ lanes: this.#all.length, memoryBytes: this.#options.memoryBytes(), isDraining: this.#isDraining },
      ...this.#handler.counts,
      rates: this.#rate.now,
      tasks: this.#handler.tasks,
      refusals: Object.fromEntries([...this.#refused].map(([id, { why }]) => [id, why])),
      remarks: Object.fromEntries(remarks.filter(([, own]) => own.length > 0)),
    };
  }

  /** Until there may be something to do: a process is free again, or some time has passed. */
  async #nap(): Promise<void> {
    if (!this.#awake.signal.aborted)
      await sleep(IDLE_MS * (0.75 + 0.5 * Math.random()), undefined, { signal: this.#awake.signal }).catch(() => {});
    this.#awake = new AbortController();
  }

  /** Takes a task if there is one and a process is free for it. */
  async #takeOne(): Promise<boolean> {
    const lane = this.#free.pop();
    if (lane === undefined) return false;
    for (const source of byFairness([...this.#sources.values()], lane.warm)) {
      const token = `${this.#id}:${this.#tries++}`;
      const job = await source.take(token).catch((error: Error) => {
        this.#tellTrouble(error);
        return null;
      });
      if (job === null) continue;
      void this.#work(lane, source, { job, token });
      return true;
    }
    this.#free.push(lane);
    return false;
  }

  async #work(lane: Lane, source: TaskSource, { job, token }: { job: Job<Task>; token: string }): Promise<void> {
    const begun = performance.now();
    lane.warm = source.id;
    try {
      await this.#handler.handle(job, { source, lane: lane.process, token });
    } catch (error) {
      this.#tellTrouble(error as Error);
    } finally {
      source.leave(job);
      source.servedMs += performance.now() - begun;
      this.#free.push(lane);
      this.#awake.abort();
    }
  }

  async #lookForRuns(): Promise<void> {
    const running = await this.#board.running();
    for (const [id, source] of this.#sources) {
      if (running.includes(id) || source.active > 0) continue;
      this.#sources.delete(id);
      await source.close();
      await this.#board.tidyQueue(id);
    }
    for (const id of this.#refused.keys()) if (!running.includes(id)) this.#refused.delete(id);
    for (const id of running) if (!this.#sources.has(id)) await this.#meet(id);
  }

  /** Looks at a run that is new here, or was refused a while ago. */
  async #meet(id: string): Promise<void> {
    if ((this.#refused.get(id)?.untilMs ?? 0) > performance.now()) return;
    const record = await this.#board.record(id);
    const fit =
      record === null
        ? { refusal: "what Redis says of the run is not of this version of flightbatch" }
        : await fitFor(record);
    if ("refusal" in fit || record === null) {
      const why = "refusal" in fit ? fit.refusal : "";
      if (this.#refused.get(id)?.why !== why) this.#options.tell(`run ${id}: refused, ${why}`);
      this.#refused.set(id, { why, untilMs: performance.now() + REFUSAL_KEPT_MS });
      return;
    }
    this.#refused.delete(id);
    const source = await TaskSource.open({ id, record, fit }, this.#options);
    source.servedMs = Math.min(...[...this.#sources.values()].map((other) => other.servedMs), Number.MAX_VALUE);
    if (this.#sources.size === 0) source.servedMs = 0;
    this.#sources.set(id, source);
    this.#awake.abort();
    this.#options.tell(`run ${id}: taking tasks`);
    for (const remark of fit.remarks) this.#options.tell(`run ${id}: ${remark}`);
  }

  async #repeat(drain: AbortSignal, what: () => Promise<void>, everyMs: number): Promise<void> {
    while (!drain.aborted) {
      await what().catch((error: Error) => this.#tellTrouble(error));
      await sleep(everyMs, undefined, { signal: drain }).catch(() => {});
    }
  }

  #lastTrouble = "";

  /** Redis that is full or away would say the same over and over. */
  #tellTrouble({ message }: Error): boolean {
    if (message !== this.#lastTrouble) this.#options.tell(`Redis: ${message}`);
    this.#lastTrouble = message;
    return false;
  }
}
