import { mkdirSync } from "node:fs";
import { Fault, type FaultDetail } from "../../faults/fault.ts";
import { isRemote, joinPlace, nameOf } from "../../io/storage/address.ts";
import { storageOf } from "../../io/storage/storage.ts";
import type { MemoryPeak } from "../memory-sampler.ts";
import type { RunPlan } from "../plan.ts";
import type { SettledOptions } from "../run-options.ts";
import type { TasksEnd } from "../run-tasks.ts";

/** The plan that all shards of a run work by. The first of them writes it; it holds all that the merge needs. */
export interface ShardPlan {
  shards: number;
  /** For each task its shard, from 1. */
  shardOf: number[];
  plan: RunPlan;
  settled: SettledOptions;
  workingDirectory: string;
  createdAt: string;
  /** What to type for a shard, before and after its number; null where nobody typed it. */
  command: [string, string] | null;
}

/** How a shard ended, by its own account. */
export interface ShardRecord {
  end: TasksEnd;
  /** Its tasks, those that are done, and those that stood from before. */
  tasks: number;
  done: number;
  reused: number;
  failures: FaultDetail[];
  host: string;
  endedAt: string;
  memory: MemoryPeak;
}

/** A plan under its number: plans follow each other, the last one counts. */
export interface NumberedPlan extends ShardPlan {
  number: number;
  /** Whether its parts were put together already. */
  isMerged: boolean;
}

/** The plan that counts, or null. */
export async function readShardPlan(runDirectory: string): Promise<NumberedPlan | null> {
  const names = await namesIn(runDirectory);
  const number = Math.max(0, ...names.map((name) => Number(/^(\d+)\.plan\.json$/.exec(name)?.[1] ?? 0)));
  const plan = number === 0 ? null : await readJson<ShardPlan>(pathOf(runDirectory, number, "plan"));
  return plan === null ? null : { ...plan, number, isMerged: names.includes(fileName(number, "merged")) };
}

/** Writes the plan with this number, unless another shard was first: then false. */
export async function writeShardPlan(runDirectory: string, number: number, plan: ShardPlan): Promise<boolean> {
  const path = pathOf(runDirectory, number, "plan");
  if (!isRemote(path)) mkdirSync(folderOf(runDirectory), { recursive: true });
  return (await storageOf(path)).create(path, JSON.stringify(plan));
}

/** Keeps how a shard ended. */
export async function writeShardRecord(
  runDirectory: string,
  of: { number: number; shard: number },
  record: ShardRecord,
): Promise<void> {
  const path = pathOf(runDirectory, of.number, `shard-${of.shard}`);
  await (await storageOf(path)).write(path, `${JSON.stringify(record, null, 1)}\n`);
}

/** How a shard ended; null if it has not, or was killed. */
export function readShardRecord(
  runDirectory: string,
  of: { number: number; shard: number },
): Promise<ShardRecord | null> {
  return readJson<ShardRecord>(pathOf(runDirectory, of.number, `shard-${of.shard}`));
}

/** Notes that a plan's parts were put together, and removes what is left of earlier plans. */
export async function markMerged(runDirectory: string, number: number): Promise<void> {
  const path = pathOf(runDirectory, number, "merged");
  const storage = await storageOf(path);
  await storage.write(path, `${JSON.stringify({ mergedAt: new Date().toISOString() })}\n`);
  for (const name of await namesIn(runDirectory))
    if (Number.parseInt(name, 10) < number) await storage.remove(joinPlace(folderOf(runDirectory), name));
}

/** Removes all plans of shards: a run of the whole has taken their place. */
export async function removeShardPlans(runDirectory: string): Promise<void> {
  const storage = await storageOf(runDirectory);
  for (const name of await namesIn(runDirectory)) await storage.remove(joinPlace(folderOf(runDirectory), name));
}

/** Where the plans of shards lie. */
export function folderOf(runDirectory: string): string {
  return joinPlace(runDirectory, "shards");
}

function fileName(number: number, name: string): string {
  return `${String(number).padStart(4, "0")}.${name}.json`;
}

function pathOf(runDirectory: string, number: number, name: string): string {
  return joinPlace(folderOf(runDirectory), fileName(number, name));
}

async function namesIn(runDirectory: string): Promise<string[]> {
  const names: string[] = [];
  const storage = await storageOf(runDirectory);
  for await (const { path } of storage.list(folderOf(runDirectory))) names.push(nameOf(path));
  return names;
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(new TextDecoder().decode(await (await storageOf(path)).read(path))) as T;
  } catch (error) {
    if (error instanceof Fault && error.code === "FILE_MISSING") return null;
    if (error instanceof SyntaxError) throw notWhole(path, error);
    throw error;
  }
}

/** On file systems without links a crash may leave half of a file. */
function notWhole(path: string, cause: SyntaxError): Fault {
  return new Fault(
    {
      code: "FILE_CORRUPT",
      path,
      found: `a record that cannot be read (${cause.message})`,
      expected: "what a shard wrote of its run",
      hint: "End all shards, remove the folder that it lies in, and run them again: parts that stand are used.",
    },
    { cause },
  );
}
