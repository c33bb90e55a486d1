import { Redis, type RedisOptions } from "ioredis";
import { Fault } from "../../../faults/fault.ts";
import type { RedisAddress } from "./redis-address.ts";

/** A Redis that does not answer within this at the start is taken to be away, milliseconds. */
const CONNECTED_WITHIN_MS = 10_000;
/** A command that is not answered within this is asked again over another connection. */
const ANSWERED_WITHIN_MS = 30_000;
const OLDEST = [5, 0] as const;
const RECOMMENDED = [6, 2] as const;
const NEARLY_FULL = 0.8;

/** A connection to a Redis that is fit for a queue, and what is odd about that Redis. */
export interface OpenRedis {
  redis: Redis;
  shown: string;
  warnings: string[];
  /** Bytes that are free; null without a limit. */
  freeBytes: number | null;
}

/**
 * Connects, and looks at the server. Once connected, the client waits for a server that goes away, and asks again.
 * @throws Fault ENGINE_UNAVAILABLE if it cannot be reached, does not let us in, or is no Redis for a queue
 */
export async function openRedis({ shown, options }: RedisAddress, waitMs = CONNECTED_WITHIN_MS): Promise<OpenRedis> {
  const client: Omit<RedisOptions, "replyMapping"> = {
    ...options,
    lazyConnect: true,
    connectionName: "flightbatch",
    // As BullMQ asks: what is under way waits for the server to come back.
    maxRetriesPerRequest: null,
    connectTimeout: waitMs,
    socketTimeout: ANSWERED_WITHIN_MS,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(200 * times, 2000),
  };
  const redis = new Redis(client);
  let lastError: Error | null = null;
  redis.on("error", (error: Error) => {
    lastError = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(lastError ?? new Error(`no answer within ${waitMs / 1000} s`)), waitMs);
  });
  try {
    await Promise.race([redis.connect(), late]);
    const info = await Promise.race([redis.info(), late]);
    return { redis, shown, ...judge(parseInfo(info), shown) };
  } catch (error) {
    redis.disconnect();
    throw error instanceof Fault ? error : unreachable(shown, (lastError ?? error) as Error);
  } finally {
    clearTimeout(timer);
  }
}

/** `name:value` lines as Redis answers to INFO. */
export function parseInfo(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name!, value!]));
}

/** What is odd about a Redis by its INFO. @throws Fault ENGINE_UNAVAILABLE for one that cannot hold a queue */
export function judge(info: Record<string, string>, shown: string): { warnings: string[]; freeBytes: number | null } {
  const version = (info.redis_version ?? "0").split(".").map(Number);
  if (isOlder(version, OLDEST)) throw unfit(shown, `Redis ${info.redis_version}`, `Redis ${OLDEST.join(".")} or newer`);
  if (info.role === "slave") throw unfit(shown, "a replica, which cannot be written to", "the primary");
  if (info.cluster_enabled === "1")
    throw unfit(shown, "a Redis Cluster", "one Redis: a queue's keys have to be together");
  const [limit, used] = [Number(info.maxmemory ?? 0), Number(info.used_memory ?? 0)];
  const policy = info.maxmemory_policy ?? "noeviction";
  const warnings = [
    ...(isOlder(version, RECOMMENDED)
      ? [`Redis ${info.redis_version} is old: ${RECOMMENDED.join(".")} or newer is recommended`]
      : []),
    ...(info.aof_enabled === "0"
      ? [
          "Redis keeps no append-only file (appendonly no): if it goes down the queue is lost. No result is: the coordinator fills the queue again from what is missing",
        ]
      : []),
    ...(policy === "noeviction"
      ? []
      : [
          `Redis may throw tasks away when it is full (maxmemory-policy ${policy}): set noeviction. No result is lost by it, but time is`,
        ]),
    ...(limit > 0 && used > NEARLY_FULL * limit
      ? [`Redis is nearly full: ${mebibytes(used)} of ${mebibytes(limit)} MiB. When it is full, work stands still`]
      : []),
  ];
  return { warnings, freeBytes: limit > 0 ? Math.max(0, limit - used) : null };
}

/** Whether an error comes from a Redis that is full; of a transaction the command that failed says so, not the whole. */
export function isFullRedis(error: Error): boolean {
  const { previousErrors = [] } = error as { previousErrors?: Error[] };
  return [error, ...previousErrors].some(({ message }) => /OOM command/.test(message));
}

/** The fault of a Redis that cannot be used; what it says of itself holds no password. */
export function unreachable(shown: string, error: Error): Fault {
  const { message } = error;
  const isFull = isFullRedis(error);
  const isRefused = /WRONGPASS|NOAUTH|NOPERM|invalid password|AUTH/i.test(message);
  const name = (error as NodeJS.ErrnoException).code ?? "";
  const found = isFull
    ? "a Redis that is full"
    : isRefused
      ? `a Redis that does not let us in (${message})`
      : `no Redis that answers (${message || name || "no connection"})`;
  return new Fault({
    code: "ENGINE_UNAVAILABLE",
    path: shown,
    found,
    expected: "a Redis that can be reached and entered",
    hint: isFull
      ? "Give it more memory (maxmemory), or remove what else is in it."
      : isRefused
        ? "Set FLIGHTBATCH_REDIS_PASSWORD, name the ACL user in the address, and allow it what docs/cluster.md says."
        : "Is it running, at this address, and is the way open? For TLS say rediss://, and FLIGHTBATCH_REDIS_CA for an authority of your own.",
  });
}

function unfit(shown: string, found: string, expected: string): Fault {
  return new Fault({
    code: "ENGINE_UNAVAILABLE",
    path: shown,
    found,
    expected,
    hint: "Name another in --engine; docs/cluster.md says how to set one up.",
  });
}

function isOlder(
  [major = 0, minor = 0]: readonly number[],
  [wantedMajor, wantedMinor]: readonly [number, number],
): boolean {
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
