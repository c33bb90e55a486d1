import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../faults/fault.ts";
import { type ClusterStatus, clusterStatus } from "../run/engines/redis/cluster-status.ts";
import { redisAddress } from "../run/engines/redis/redis-address.ts";
import { type OpenRedis, openRedis } from "../run/engines/redis/redis-server.ts";
import { cancelRun, retryRun } from "../run/engines/redis/run-control.ts";
import { queueTiming } from "../run/engines/redis/timing.ts";
import type { Terminal } from "./output.ts";
import { describeCluster } from "./status-text.ts";
import { counted } from "./words.ts";

/** The flags of `flightbatch status`. */
export interface StatusFlags {
  engine?: string;
  json?: boolean;
  watch?: boolean;
}

const WATCH_EVERY_MS = 2000;

/** Shows what goes on. Exit code 0, or 1 if tasks of a run have failed. @throws Fault USAGE for a run that is not known */
export async function statusCommand(run: string | undefined, flags: StatusFlags, { out }: Terminal): Promise<number> {
  return withRedis(flags.engine, async ({ redis, shown }) => {
    while (true) {
      const status = await clusterStatus(redis, queueTiming(), run ?? null);
      if (run !== undefined && status.runs.length === 0) throw unknownRun(run);
      const clear = flags.watch === true && flags.json !== true && out.isTTY === true ? "\x1b[H\x1b[2J" : "";
      out.write(clear + (flags.json === true ? `${JSON.stringify(status)}\n` : describeCluster(status, shown)));
      if (flags.watch !== true) return hasFailed(status) ? 1 : 0;
      await sleep(WATCH_EVERY_MS);
    }
  });
}

/** Ends a run. Exit code 0. @throws Fault USAGE for a run that is not there or has ended */
export async function cancelCommand(run: string, flags: { engine?: string }, { out }: Terminal): Promise<number> {
  return withRedis(flags.engine, async ({ redis }) => {
    const waiting = await cancelRun(redis, queueTiming(), run);
    out.write(
      `Run ${run} is cancelled: ${counted(waiting, "task")} taken out of the queue, those in work are finished. The command that began it carries on.\n`,
    );
    return 0;
  });
}

/** Tries failed tasks of a run again. Exit code 0. @throws Fault USAGE for a run that is not there or is done */
export async function retryCommand(run: string, flags: { engine?: string }, { out }: Terminal): Promise<number> {
  return withRedis(flags.engine, async ({ redis }) => {
    const again = await retryRun(redis, queueTiming(), run);
    const then =
      again === 0 ? "" : " If its coordinator is gone, the command that began the run puts the results together.";
    out.write(`${counted(again, "failed task")} of run ${run} put into the queue again.${then}\n`);
    return 0;
  });
}

async function withRedis(engine: string | undefined, use: (server: OpenRedis) => Promise<number>): Promise<number> {
  const server = await openRedis(redisAddress(engine ?? "redis"));
  try {
    return await use(server);
  } finally {
    server.redis.disconnect();
  }
}

function hasFailed({ runs }: ClusterStatus): boolean {
  return runs.some(({ state, queue }) => state !== "done" && queue.failed > 0);
}

function unknownRun(run: string): Fault {
  return new Fault({
    code: "USAGE",
    path: run,
    found: "no such run in this Redis",
    expected: "the id of a run, as `flightbatch status` without one shows it",
    hint: "What is known of a run is kept for a week after its end.",
  });
}
