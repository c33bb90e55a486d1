import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../../faults/fault.ts";
import { explainSystemError } from "../../../io/file-fault.ts";
import { mapLimited } from "../../../io/map-limited.ts";
import { isRemote } from "../../../io/storage/address.ts";
import { loadBundle } from "../../../model/load-bundle.ts";
import { readPartReport } from "../../../task/part-files.ts";
import { PartLedger } from "../../../task/part-ledger.ts";
import { finishRun } from "../../finish-run.ts";
import { MemorySampler } from "../../memory-sampler.ts";
import { prepareOutput, tidyOutput } from "../../output-place.ts";
import { planRun, type RunPlan } from "../../plan.ts";
import { writePlanRecord } from "../../plan-record.ts";
import { lockRun } from "../../run-lock.ts";
import type { SettledOptions } from "../../run-options.ts";
import type { RunResult } from "../../run-result.ts";
import { type RunControl, runTasks, type TasksDone } from "../../run-tasks.ts";
import { removeShardPlans } from "../../shards/shard-record.ts";
import { coordinatorsOf } from "./campaign.ts";
import { redisAddress } from "./redis-address.ts";
import { type QueuedRun, RedisEngine } from "./redis-engine.ts";
import { type OpenRedis, openRedis, unreachable } from "./redis-server.ts";
import { RedisWatch } from "./redis-watch.ts";
import { asCoordinator, RunBoard } from "./run-board.ts";
import { openQueue } from "./run-queue.ts";
import { recordOf, runIdOf } from "./run-record.ts";
import { queueTiming } from "./timing.ts";

/** Bytes of tasks in Redis at once, and the share of what it has free that they may take. */
const QUEUE_BYTES = 32 << 20;
const QUEUE_SHARE = 0.25;
const REPORTS_AT_ONCE = 16;
/** How often a coordinator asks for its turn to put the results together, and says that it is still at it, milliseconds. */
const ASK_EVERY_MS = 250;
const HOLD_EVERY_MS = 15_000;

interface Start {
  settled: SettledOptions;
  control: RunControl;
  startedAt: Date;
  startedMs: number;
}

/**
 * Coordinates a run whose tasks are done by workers on other machines. It may be killed and started again by the same command, and several
 * may be at the same run: all of them find the same plan, and put the results together one after the other, with the same bytes.
 */
export async function runOnRedis(engine: string, start: Start): Promise<RunResult> {
  const { control } = start;
  const settled = withAbsolutePaths(start.settled);
  const timing = queueTiming();
  const sampler = new MemorySampler();
  const server = await openRedis(redisAddress(engine));
  const tell = (message: string) => control.observer?.warning?.(message);
  const { redis, shown } = server;
  const watch = new RedisWatch({ redis, shown, patienceMs: timing.patienceMs, stop: control.stop, tell });
  try {
    for (const warning of server.warnings) tell(warning);
    const plan = await planRun(await loadBundle(settled.model), settled);
    prepareOutput(settled);
    const run = queuedRun({ plan, settled, server, watch });
    return await coordinate(run, { ...start, settled, plan, sampler });
  } catch (error) {
    if (error instanceof Error && error.name === "ReplyError") throw unreachable(shown, error);
    throw explainSystemError(error, settled.output);
  } finally {
    watch.end();
    sampler.end();
    redis.disconnect();
  }
}

interface Planned extends Start {
  plan: RunPlan;
  sampler: MemorySampler;
}

function queuedRun({
  plan,
  settled,
  server: { redis, freeBytes },
  watch,
}: Pick<Planned, "plan" | "settled"> & { server: OpenRedis; watch: RedisWatch }): QueuedRun {
  const timing = queueTiming();
  const id = runIdOf(plan, settled.output);
  const { partsDirectory } = plan.taskOptions;
  return {
    id,
    record: recordOf(plan, settled),
    coordinator: `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`,
    board: new RunBoard(redis, timing),
    queue: openQueue(id, redis),
    timing,
    watch,
    queueBytes: Math.min(QUEUE_BYTES, QUEUE_SHARE * (freeBytes ?? Number.POSITIVE_INFINITY)),
    readReports: (tasks) =>
      mapLimited(tasks, REPORTS_AT_ONCE, ({ fingerprint }) => readPartReport(partsDirectory, fingerprint)),
  };
}

async function coordinate(run: QueuedRun, planned: Planned): Promise<RunResult> {
  const { board, id, coordinator, watch } = run;
  const { plan, settled, control } = planned;
  const unlock = await lockRun(settled.runDirectory, { share: `queue-${coordinator}` });
  try {
    await watch.orBroken(expectNoOtherRun(run, settled.output));
    const joins = await watch.orBroken(join(run));
    if (!joins) {
      if (!(await board.isMerging(id))) tidyOutput(settled);
      await writePlanRecord(settled.runDirectory, plan.record);
    } else if (settled.fresh)
      control.observer?.warning?.("--fresh is left aside: another coordinator is at this run, and this one joins it");
    await watch.orBroken(board.announce(id, run.record));
    control.observer?.queued?.(id, settled.engine!);
    const engine = new RedisEngine(run);
    const tasks = await runTasks(engine, { plan, settled, control, profile: null, joins });
    return await finish(run, planned, { tasks, joins, engine });
  } finally {
    await unlock();
    if (board.redis.status === "ready") await leave(run).catch(() => {});
  }
}

async function leave({ board, id, coordinator }: QueuedRun): Promise<void> {
  await board.endLead(id, coordinator);
  await board.leave(coordinatorsOf(id), coordinator);
}

/** Whether others are at the run already. Of several that begin at the same time one is the first. */
async function join({ board, id, coordinator, queue }: QueuedRun): Promise<boolean> {
  const others = await board.present(coordinatorsOf(id), asCoordinator);
  const isFirst = await board.lead(id, coordinator);
  await board.beat(coordinatorsOf(id), coordinator, { host: hostname(), pid: process.pid });
  if (others.length > 0 || !isFirst) return true;
  // What was given up in an earlier try is tried again, as the same command does on one machine.
  await Promise.all((await queue.getFailed()).map((job) => job?.remove().catch(() => {})));
  return false;
}

/** Another plan for the same output: refused while its coordinator lives, else its queue is given up. @throws Fault USAGE */
async function expectNoOtherRun({ board, id, timing }: QueuedRun, output: string): Promise<void> {
  for (const other of await board.running()) {
    if (other === id || (await board.record(other))?.output !== output) continue;
    const [holder] = await board.present(coordinatorsOf(other), asCoordinator);
    if (holder !== undefined)
      throw new Fault({
        code: "USAGE",
        path: output,
        found: `run ${other} of other files or options into it (process ${holder.says.pid} on ${holder.says.host})`,
        expected: "one run at a time for each output",
        hint: `Wait for it, choose another --output, or end it by \`flightbatch cancel ${other}\`. One that was killed counts for ${timing.presenceMs / 1000} s more.`,
      });
    await board.retire(other, "stopped");
    const queue = openQueue(other, board.redis);
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

/** Puts the results together, in turn with other coordinators. */
async function finish(
  run: QueuedRun,
  planned: Planned,
  { tasks, joins, engine }: { tasks: TasksDone; joins: boolean; engine: RedisEngine },
): Promise<RunResult> {
  const { board, id, coordinator, watch } = run;
  if (tasks.end !== "whole") return finishRun({ ...planned, tasks, profile: null });
  while (!(await isOurTurn(run))) await sleep(ASK_EVERY_MS);
  watch.good();
  const holding = setInterval(() => board.holdMerge(id, coordinator).catch(() => {}), HOLD_EVERY_MS);
  try {
    const whole = joins ? await asTheyStand(engine, planned, tasks) : tasks;
    const result = await finishRun({ ...planned, tasks: whole, profile: null });
    if (result.end !== "whole") return result;
    await removeShardPlans(planned.settled.runDirectory);
    await close(run, planned.control);
    return result;
  } finally {
    clearInterval(holding);
    if (board.redis.status === "ready") await board.releaseMerge(id, coordinator).catch(() => {});
  }
}

/** A Redis that is full or away is waited for here, too. */
async function isOurTurn({ board, id, coordinator, watch }: QueuedRun): Promise<boolean> {
  try {
    return await watch.orBroken(board.holdMerge(id, coordinator));
  } catch (error) {
    if (error instanceof Fault) throw error;
    watch.bad(error as Error);
    return false;
  }
}

/** Parts may have been done again since: what is put together is what stands now. */
async function asTheyStand(
  engine: RedisEngine,
  { plan, settled, control }: Planned,
  tasks: TasksDone,
): Promise<TasksDone> {
  const ledger = await PartLedger.open(plan.taskOptions.partsDirectory);
  const found = await ledger.reports(plan.tasks.map(({ fingerprint }) => fingerprint));
  const reports = found.filter((report) => report !== null).map((report, index) => ({ ...report, index }));
  if (reports.length === plan.tasks.length) return { ...tasks, reports };
  const quiet = { ...(control.stop && { stop: control.stop }) };
  return runTasks(engine, { plan, settled, control: quiet, profile: null, joins: true });
}

/** The results are in place: whatever Redis says now, the run is done. */
async function close({ board, id, queue }: QueuedRun, { observer }: RunControl): Promise<void> {
  try {
    await board.retire(id, "done");
    await queue.obliterate({ force: true });
  } catch (error) {
    observer?.warning?.(`the run is done, but its queue could not be removed (${(error as Error).message})`);
  }
}

/** Workers are elsewhere: what is relative here means nothing there. */
function withAbsolutePaths(settled: SettledOptions): SettledOptions {
  // The slash at the end of a data set's name says that it is one.
  const absolute = (path: string) => (isRemote(path) ? path : resolve(path) + (path.endsWith("/") ? "/" : ""));
  const orNull = (path: string | null) => (path === null ? null : absolute(path));
  return {
    ...settled,
    model: absolute(settled.model),
    data: settled.data.map(absolute),
    output: absolute(settled.output),
    runDirectory: absolute(settled.runDirectory),
    cacheDirectory: orNull(settled.cacheDirectory),
    quarantineDirectory: orNull(settled.quarantineDirectory),
  };
}
