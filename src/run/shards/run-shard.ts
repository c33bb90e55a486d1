import { hostname } from "node:os";
import { Fault, type FaultDetail } from "../../faults/fault.ts";
import { explainSystemError } from "../../io/file-fault.ts";
import { loadBundle } from "../../model/load-bundle.ts";
import type { FileReport } from "../../results/reports.ts";
import { PartLedger } from "../../task/part-ledger.ts";
import { LocalEngine } from "../engines/local-engine.ts";
import { MemorySampler } from "../memory-sampler.ts";
import { prepareOutput } from "../output-place.ts";
import { planRun, type RunPlan } from "../plan.ts";
import { processorWarnings, writePlanRecord } from "../plan-record.ts";
import { lockRun } from "../run-lock.ts";
import { type RunOptions, type SettledOptions, settleOptions } from "../run-options.ts";
import { type RunControl, runTasks, type TasksEnd } from "../run-tasks.ts";
import { joinShards } from "./join-shards.ts";
import { parseShard, type Shard } from "./shard-flag.ts";
import { type NumberedPlan, writeShardRecord } from "./shard-record.ts";

/** What a user asks of a shard: what he would of the whole run, and which share of it this is (`I/N`, `auto` or `auto/N`). */
export interface ShardOptions extends RunOptions {
  shard: string;
  /** What to type for a shard, before and after its number: kept for who finds one missing. */
  command?: [string, string];
}

/** What a shard leaves: parts in the run folder, and this. */
export interface ShardResult {
  shard: Shard;
  runDirectory: string;
  end: TasksEnd;
  /** Of this shard: its tasks, those that are done, and those that stood from before. */
  tasks: number;
  done: number;
  reused: number;
  /** Of the whole run: tasks, and those whose parts stand now. */
  standing: { tasks: number; done: number };
  files: FileReport[];
  failures: FaultDetail[];
}

/**
 * Does one share of a run, beside others that do theirs, and puts its parts into the common run folder: {@link mergeShards} makes results of
 * them. @throws Fault as `runBatch` before any work, and USAGE where this shard would do something else than the others
 */
export async function runShard(options: ShardOptions, control: RunControl = {}): Promise<ShardResult> {
  const shard = parseShard(options.shard);
  const settled = settleOptions(options);
  if (settled.profile !== null) throw onlyWhole("--profile");
  if (settled.engine !== null) throw onlyWhole("--engine");
  const engine = new LocalEngine(settled.workers);
  const sampler = new MemorySampler();
  try {
    const plan = await planRun(await loadBundle(settled.model), settled);
    prepareOutput(settled);
    const unlock = await lockRun(settled.runDirectory, { share: `shard-${shard.index}-of-${shard.count}` });
    try {
      const joined = await joinShards({ plan, settled, shard, command: options.command ?? null });
      await writePlanRecord(settled.runDirectory, joined.plan.record);
      const own = ownShare(joined, plan, shard);
      const tasks = await runTasks(engine, { plan: own, settled: ownLimit(settled, plan), control, profile: null });
      return await recordShard({ joined, settled, shard, own, sampler }, tasks);
    } finally {
      await unlock();
    }
  } catch (error) {
    throw explainSystemError(error, settled.output);
  } finally {
    sampler.end();
    await engine.close();
  }
}

/** A queue shares the work out by itself. */
function onlyWhole(flag: string): Fault {
  return new Fault({
    code: "USAGE",
    path: flag,
    found: "a shard, which is a part of a run",
    expected: "a whole run",
    hint: `Leave out ${flag} or --shard.`,
  });
}

/** The part of the plan that is this shard's, with what only this machine knows. */
function ownShare(
  { plan, shardOf }: NumberedPlan,
  { taskOptions, record, ...own }: RunPlan,
  { index }: Shard,
): RunPlan {
  const warnings = [...own.warnings, ...processorWarnings(plan.record.ingredients, record.ingredients)];
  const tasks = plan.tasks.filter((_, i) => shardOf[i] === index).map((task, i) => ({ ...task, index: i }));
  const files = tasks.flatMap((task) => task.files);
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { ...plan, taskOptions, warnings, tasks, redone: [], fileCount: files.length, totalBytes };
}

/** A share of failed files is one of all files: a shard that has more by itself need not go on. */
function ownLimit(settled: SettledOptions, { fileCount }: RunPlan): SettledOptions {
  const { maxFailed } = settled;
  if (maxFailed === null || "files" in maxFailed) return settled;
  return { ...settled, maxFailed: { files: Math.floor(maxFailed.share * fileCount) } };
}

interface Recorded {
  joined: NumberedPlan;
  settled: SettledOptions;
  shard: Shard;
  own: RunPlan;
  sampler: MemorySampler;
}

async function recordShard(
  { joined, settled, shard, own, sampler }: Recorded,
  { reports, reused, end }: Awaited<ReturnType<typeof runTasks>>,
): Promise<ShardResult> {
  const files = reports.flatMap((report) => report.files);
  const failures = files.flatMap(({ failure }) => failure ?? []);
  const counts = { end, tasks: own.tasks.length, done: reports.length, reused, failures };
  const { runDirectory } = settled;
  await writeShardRecord(
    runDirectory,
    { number: joined.number, shard: shard.index },
    { ...counts, host: hostname(), endedAt: new Date().toISOString(), memory: sampler.peak([]) },
  );
  const ledger = await PartLedger.open(own.taskOptions.partsDirectory);
  const all = joined.plan.tasks.map(({ fingerprint }) => fingerprint);
  return { shard, runDirectory, ...counts, standing: { tasks: all.length, done: ledger.countReports(all) }, files };
}
