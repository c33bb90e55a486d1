import type { Redis } from "ioredis";
import type { Fault } from "../../../faults/fault.ts";
import { isFullRedis, unreachable } from "./redis-server.ts";

/** How long a Redis may be silent before its user hears of it, milliseconds. */
const TOLD_AFTER_MS = 5000;

/** Bears with a Redis that is away, full or loading: for a while, and not without a word. */
export class RedisWatch {
  readonly #shown: string;
  readonly #patienceMs: number;
  readonly #tell: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  /** Of all that is under way: how to break it off. Not a race with one promise, which would keep every result for ever. */
  readonly #underWay = new Set<(why: Fault) => void>();
  #badSince: number | null = null;
  #isTold = false;
  #lastError = new Error("it does not answer");

  constructor({ redis, shown, patienceMs, stop, tell }: RedisWatchOptions) {
    this.#shown = shown;
    this.#patienceMs = patienceMs;
    this.#tell = tell;
    redis.on("error", (error: Error) => {
      this.#lastError = error;
    });
    this.#timer = setInterval(() => {
      if (redis.status === "ready") return;
      this.#complain();
      if (this.#isOver || (stop?.aborted === true && this.#isTold)) this.#breakOff();
    }, 500);
  }

  /** What is under way, which waits for a connection for ever. @throws Fault ENGINE_UNAVAILABLE once Redis has been away for too long */
  orBroken<T>(underWay: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#underWay.add(reject);
      underWay.then(resolve, reject).finally(() => this.#underWay.delete(reject));
    });
  }

  /** All is well. */
  good(): void {
    if (this.#isTold) this.#tell(`${this.#shown}: Redis works again`);
    this.#isTold = false;
    this.#badSince = null;
  }

  /** Something could not be done: it is to be tried again. @throws Fault ENGINE_UNAVAILABLE once that has gone on for too long */
  bad(error: Error): void {
    this.#lastError = error;
    this.#complain();
    if (this.#isOver) throw this.fault();
  }

  /** That it has been away for too long. */
  fault(): Fault {
    return unreachable(this.#shown, this.#lastError);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #breakOff(): void {
    for (const reject of this.#underWay) reject(this.fault());
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
    const why = isFullRedis(this.#lastError)
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
