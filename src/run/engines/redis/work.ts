import { usableCores } from "../../../io/usable-cores.ts";
import { planMemory } from "../../memory-plan.ts";
import { MemorySampler } from "../../memory-sampler.ts";
import { wholeNumber } from "../../run-options.ts";
import { QueueWorker } from "./queue-worker.ts";
import { redisAddress } from "./redis-address.ts";
import { openRedis } from "./redis-server.ts";
import { serveMetrics } from "./serve-metrics.ts";
import { queueTiming } from "./timing.ts";

/** What a user asks of a worker. */
export interface WorkOptions {
  engine: string;
  /** Tasks at once, each in a process; default the cores this process may use. */
  workers?: number;
  /** For all of its processes together. */
  memoryLimit?: number | string;
  metrics?: { host: string; port: number };
}

/**
 * Works for all runs of a Redis until `drain` is aborted, and then ends what is in work. `tell`: told of what happens, a line each.
 * @throws Fault USAGE, ENGINE_UNAVAILABLE before any work
 */
export async function workForQueue(
  options: WorkOptions,
  drain: AbortSignal,
  tell: (message: string) => void,
): Promise<void> {
  const memory = planMemory(options.memoryLimit, wholeNumber("--workers", options.workers ?? usableCores(), 1024));
  const timing = queueTiming();
  const { redis, shown, warnings } = await openRedis(redisAddress(options.engine));
  const sampler = new MemorySampler();
  let memoryBytes = 0;
  sampler.onSample = (bytes) => {
    memoryBytes = bytes;
  };
  const worker = new QueueWorker({
    ...{ redis, timing, lanes: memory.workers, filesMemoryBytes: memory.filesBytes, tell },
    memoryBytes: () => memoryBytes,
  });
  let endMetrics = async () => {};
  try {
    if (options.metrics !== undefined) endMetrics = await serveMetrics(options.metrics, () => worker.report());
    for (const warning of [...warnings, ...memory.warnings]) tell(`Warning: ${warning}`);
    tell(`works for ${shown}, ${memory.workers} at once`);
    await worker.run(drain);
    tell("drained: nothing is in work any more");
  } finally {
    await endMetrics();
    await worker.close();
    sampler.end();
    redis.disconnect();
  }
}
