import { Fault } from "../../faults/fault.ts";
import { PartLedger } from "../../task/part-ledger.ts";
import { costOfFiles } from "../cut-tasks.ts";
import type { RunPlan } from "../plan.ts";
import type { SettledOptions } from "../run-options.ts";
import { standingReports } from "../run-tasks.ts";
import { planDifferences } from "./plan-differences.ts";
import type { Shard } from "./shard-flag.ts";
import { folderOf, type NumberedPlan, readShardPlan, type ShardPlan, writeShardPlan } from "./shard-record.ts";
import { shareTasks } from "./share-tasks.ts";

/** What a shard comes with: the plan that it made by itself. */
export interface ShardBegin {
  plan: RunPlan;
  settled: SettledOptions;
  shard: Shard;
  command: [string, string] | null;
}

/**
 * The plan that this shard works by: that of the others, or its own where it is the first. One that was put together already is the
 * others' as long as it is the same. @throws Fault USAGE where its own plan is another than that of the others
 */
export async function joinShards({ plan, settled, shard, command }: ShardBegin): Promise<NumberedPlan> {
  const { runDirectory } = settled;
  for (;;) {
    const standing = await readShardPlan(runDirectory);
    const differences = standing === null ? [] : planDifferences({ plan, settled, shards: shard.count }, standing);
    const isOver = standing?.isMerged === true && (differences.length > 0 || settled.fresh);
    if (standing !== null && !isOver) {
      if (differences.length === 0) return standing;
      throw differentPlan(runDirectory, differences);
    }
    const number = (standing?.number ?? 0) + 1;
    const first = await firstPlan({ plan, settled, shard, command });
    if (await writeShardPlan(runDirectory, number, first)) return { ...first, number, isMerged: false };
  }
}

/** The plan of a first shard. Parts that will be done again go now: to the merge all that stands is done. */
async function firstPlan({ plan, settled, shard, command }: ShardBegin): Promise<ShardPlan> {
  const ledger = await PartLedger.open(plan.taskOptions.partsDirectory);
  const reports = settled.fresh ? plan.tasks.map(() => null) : await standingReports(plan, ledger);
  await ledger.forget(plan.tasks.flatMap(({ fingerprint }, i) => (reports[i] === null ? [fingerprint] : [])));
  const costs = plan.tasks.map(({ files }, i) => (reports[i] === null ? costOfFiles(files) : 0));
  return {
    shards: shard.count,
    shardOf: shareTasks(costs, shard.count),
    plan,
    settled,
    workingDirectory: process.cwd(),
    createdAt: new Date().toISOString(),
    command,
  };
}

function differentPlan(runDirectory: string, items: string[]): Fault {
  return new Fault({
    code: "USAGE",
    path: runDirectory,
    found: "another plan than that of the other shards",
    expected: "the same command, inputs and versions for all shards of a run",
    hint: `Put right what differs. To begin anew, end all shards and remove ${folderOf(runDirectory)}: parts that still stand are used again.`,
    items,
  });
}
