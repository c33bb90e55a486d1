import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Fault } from "../../faults/fault.ts";
import { explainSystemError } from "../../io/file-fault.ts";
import { mapLimited } from "../../io/map-limited.ts";
import { isRemote, joinPlace, nameOf, placeOf } from "../../io/storage/address.ts";
import type { TaskReport } from "../../task/messages.ts";
import { PartLedger } from "../../task/part-ledger.ts";
import { finishRun } from "../finish-run.ts";
import { MemorySampler } from "../memory-sampler.ts";
import { prepareOutput, tidyOutput } from "../output-place.ts";
import type { RunPlan } from "../plan.ts";
import { lockRun } from "../run-lock.ts";
import { outputForm, type SettledOptions } from "../run-options.ts";
import type { RunResult } from "../run-result.ts";
import { hasTooManyFailed } from "../run-tasks.ts";
import { markMerged, type NumberedPlan, readShardPlan, readShardRecord, type ShardRecord } from "./shard-record.ts";

/** A task without a part. */
export interface MissingTask {
  /** Its place in the plan, from 0. */
  index: number;
  /** Whose it is, from 1. */
  shard: number;
  files: string[];
}

/** Why nothing was put together: tasks that nobody has done. */
export interface MissingTasks {
  runDirectory: string;
  /** Tasks of the run. */
  tasks: number;
  shards: number;
  missing: MissingTask[];
  /** Of each shard that is not done: how it ended by its own account (null: it has not, or was killed), and what to type for it. */
  unfinished: { shard: number; end: string | null; command: string | null }[];
}

/** What a merge comes to. */
export type MergeResult = { merged: RunResult } | { missing: MissingTasks };

/**
 * Puts the parts of all shards together, as a run of the whole does: results and all reports. `run` is the run folder or the output's name.
 * Nothing is written where a task is missing. @throws Fault USAGE if there are no shards, or one is under way
 */
export async function mergeShards(run: string): Promise<MergeResult> {
  const runDirectory = runFolderOf(run);
  const sampler = new MemorySampler();
  let unlock: () => void | Promise<void> = () => {};
  try {
    if ((await readShardPlan(runDirectory)) === null) throw noShards(run, runDirectory);
    unlock = await lockRun(runDirectory);
    // Read again: what was there before nobody else could write may have been replaced.
    const joined = (await readShardPlan(runDirectory))!;
    const { plan, settled } = movedHere(joined, runDirectory);
    const ledger = await PartLedger.open(plan.taskOptions.partsDirectory);
    const reports = await ledger.reports(plan.tasks.map(({ fingerprint }) => fingerprint));
    if (reports.includes(null)) return { missing: await describeMissing(joined, reports, runDirectory) };
    return { merged: await merge({ joined, plan, settled, sampler }, reports as TaskReport[]) };
  } catch (error) {
    throw explainSystemError(error, runDirectory);
  } finally {
    sampler.end();
    await unlock();
  }
}

interface Merge {
  joined: NumberedPlan;
  plan: RunPlan;
  settled: SettledOptions;
  sampler: MemorySampler;
}

async function merge({ joined, plan, settled, sampler }: Merge, reports: TaskReport[]): Promise<RunResult> {
  prepareOutput({ ...settled, cacheDirectory: null });
  tidyOutput(settled);
  const failed = hasTooManyFailed(settled, plan, reports);
  const records = await shardRecords(settled.runDirectory, joined);
  const shards = records.filter((record) => record !== null);
  const reused = shards.reduce((sum, record) => sum + record.reused, 0);
  const startedAt = new Date(joined.createdAt);
  const result = await finishRun({
    plan,
    settled,
    tasks: { reports, reused, end: failed ? "too-many-failed" : "whole" },
    startedAt,
    startedMs: performance.now() - (Date.now() - startedAt.getTime()),
    // The shards ran on machines of their own: the most that one of them took.
    sampler: {
      peak: (own) =>
        [sampler.peak(own), ...shards.map(({ memory }) => memory)].reduce((most, one) =>
          one.peakBytes > most.peakBytes ? one : most,
        ),
    },
    profile: null,
    workingDirectory: joined.workingDirectory,
  });
  if (result.end === "whole") await markMerged(settled.runDirectory, joined.number);
  return result;
}

/** The plan and options as they are seen from here: shards may have been called from another folder. */
function movedHere(joined: NumberedPlan, runDirectory: string): Pick<Merge, "plan" | "settled"> {
  const { plan, workingDirectory } = joined;
  const { output: given, quarantineDirectory: aside } = joined.settled;
  const output = joinPlace(placeOf(runDirectory), nameOf(given)) + (given.endsWith("/") ? "/" : "");
  const quarantineDirectory =
    aside === null || workingDirectory === process.cwd() ? aside : resolve(workingDirectory, aside);
  return {
    plan: { ...plan, taskOptions: { ...plan.taskOptions, partsDirectory: joinPlace(runDirectory, "parts") } },
    settled: { ...joined.settled, output, runDirectory, quarantineDirectory },
  };
}

async function describeMissing(
  joined: NumberedPlan,
  reports: readonly (TaskReport | null)[],
  runDirectory: string,
): Promise<MissingTasks> {
  const { plan, shardOf, shards, command } = joined;
  const missing = plan.tasks.flatMap(({ files }, index): MissingTask[] =>
    reports[index] === null ? [{ index, shard: shardOf[index]!, files: files.map(({ path }) => path) }] : [],
  );
  const records = await shardRecords(runDirectory, joined);
  const unfinished = [...new Set(missing.map(({ shard }) => shard))]
    .sort((a, b) => a - b)
    .map((shard) => ({
      shard,
      end: records[shard - 1]?.end ?? null,
      command: command === null ? null : `${command[0]}${shard}/${shards}${command[1]}`,
    }));
  return { runDirectory, tasks: plan.tasks.length, shards, missing, unfinished };
}

/** How each shard ended, in their order. */
function shardRecords(runDirectory: string, { number, shards }: NumberedPlan): Promise<(ShardRecord | null)[]> {
  return mapLimited(
    Array.from({ length: shards }, (_, i) => i + 1),
    16,
    (shard) => readShardRecord(runDirectory, { number, shard }),
  );
}

/** The run folder that is meant: itself, or that beside an output of this name. */
function runFolderOf(run: string): string {
  const plain = run.replace(/(?<=[^/])\/+$/, "");
  if (/\.run$/.test(plain) && isRemote(plain)) return plain;
  if (/\.run$/.test(plain) && existsSync(plain) && statSync(plain).isDirectory()) return plain;
  return `${outputForm(run).stem}.run`;
}

function noShards(run: string, runDirectory: string): Fault {
  return new Fault({
    code: "USAGE",
    path: run,
    found: existsSync(runDirectory) ? `no run in shards in ${runDirectory}` : `no ${runDirectory}`,
    expected: "the --output of flightbatch run --shard, or the .run folder beside it",
    hint: "A run without --shard puts its results together by itself.",
  });
}
