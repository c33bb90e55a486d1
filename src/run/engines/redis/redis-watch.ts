import type { Redis } from "ioredis";
import type { Fault } from "../../../faults/fault.ts";
import { unreachable } from "./redis-server.ts";

/** How long a Redis may be silent before its user hears of it, milliseconds. */
const TOLD_AFTER_MS = 5000;

/** Bears with a Redis that is away, full or loading: for a while, and not without a word. */
export class RedisWatch {
  readonly #redis: Redis;
  readonly #shown: string;
  readonly #patienceMs: number;
  readonly #tell: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  #badSince: number | null = null;
  #isTold = false;
  #lastError = new Error("it does not answer");

  constructor({ redis, shown, patienceMs, stop, tell }: RedisWatchOptions) {
    this.#redis = redis;
    this.#shown = shown;
    this.#patienceMs = patienceMs;
    this.#tell = tell;
    redis.on("error", (error: Error) => {
      this.#lastError = error;
    });
    // Commands wait for a connection for ever: only to close it for good makes them fail.
    this.#timer = setInterval(() => {
      if (redis.status === "ready") return;
      this.#complain();
      if (this.#isOver || (stop?.aborted === true && this.#isTold)) redis.disconnect();
    }, 500);
  }

  /** All is well. */
  good(): void {
    if (this.#isTold) this.#tell(`${this.#shown}: Redis works again`);
    this.#isTold = false;
    this.#badSince = null;
  }

  /** Something could not be done: it is to be tried again. @throws Fault ENGINE_UNAVAILABLE once that has gone on for too long */
  bad(error: Error): void {
    if (!/Connection is closed/.test(error.message)) this.#lastError = error;
    this.#complain();
    if (this.#isOver || this.#redis.status === "end") throw this.fault();
  }

  fault(): Fault {
    return unreachable(this.#shown, this.#lastError);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  get #isOver(): boolean {
    return this.#badMs > this.#patienceMs;
  }

  get #badMs(): number {
    return this.#badSince === null ? 0 : performance.now() - this.#badSince;
  }

  #complain(): void {
    this.#badSince ??= performance.now();
    if (this.#isTold || this.#badMs < Math.min(TOLD_AFTER_MS, this.#patienceMs / 2)) return;
    this.#isTold = true;
    const why = /^OOM|OOM command/.test(this.#lastError.message)
      ? "Redis is full, so nothing can be queued or finished: give it more memory (maxmemory)"
      : `Redis does not work (${this.#lastError.message})`;
    this.#tell(
      `${this.#shown}: ${why}. The run waits ${Math.round(this.#patienceMs / 1000)} s for it; nothing is lost`,
    );
  }
}

interface RedisWatchOptions {
  redis: Redis;
  shown: string;
  patienceMs: number;
  /** Once aborted, a Redis that is away is not waited for. */
  stop: AbortSignal | undefined;
  tell: (message: string) => void;
}
