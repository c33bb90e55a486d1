import { printable } from "../model/printable.ts";
import { type MissingTasks, mergeShards } from "../run/shards/merge-shards.ts";
import type { Terminal } from "./output.ts";
import { describeRun } from "./run-summary.ts";
import { showsBlocks } from "./sparkline.ts";
import { counted } from "./words.ts";

/** The flags of `flightbatch merge`. */
export interface MergeFlags {
  quiet?: boolean;
}

/** Tasks of a shard, and files of a task, that are named one by one. */
const MOST_TASKS = 10;
const MOST_FILES = 3;

/** Puts shards together. Exit codes as of a run; 2 too where a task is missing. @throws Fault for what cannot be begun */
export async function mergeCommand(run: string, flags: MergeFlags, { out, err }: Terminal): Promise<number> {
  const result = await mergeShards(run);
  if ("missing" in result) {
    err.write(describeMissing(result.missing));
    return 2;
  }
  const { failures, end, runDirectory } = result.merged;
  if (end !== "whole") {
    err.write(
      `Not merged: ${counted(failures.length, "failure")}, more than --max-failed allows (${runDirectory}/failures.jsonl).\n`,
    );
    return 2;
  }
  if (flags.quiet !== true) out.write(describeRun(result.merged, showsBlocks(out)));
  else if (failures.length > 0)
    err.write(`${counted(failures.length, "failure")}: see ${runDirectory}/failures.jsonl\n`);
  return failures.length > 0 ? 1 : 0;
}

/** Which tasks are missing, whose they are and of which files, and what to type. */
export function describeMissing({ tasks, shards, missing, unfinished }: MissingTasks): string {
  const lines = [`Not merged: ${missing.length} of ${counted(tasks, "task")} missing.`];
  for (const { shard, end, command } of unfinished) {
    const own = missing.filter((task) => task.shard === shard);
    lines.push(
      `Shard ${shard}/${shards} ${HOW_IT_ENDED[end ?? "unknown"] ?? end}: ${counted(own.length, "task")} missing`,
    );
    for (const { index, files } of own.slice(0, MOST_TASKS)) lines.push(`  task ${index + 1}: ${nameFiles(files)}`);
    if (own.length > MOST_TASKS) lines.push(`  and ${own.length - MOST_TASKS} more`);
    if (command !== null) lines.push(`  ${printable(command, 4000)}`);
  }
  return `${lines.join("\n")}\n`;
}

const HOW_IT_ENDED: Record<string, string> = {
  unknown: "has not ended",
  stopped: "was interrupted",
  "too-many-failed": "ended early, too many of its files failed",
  whole: "was done, but its parts are gone or cut short",
};

function nameFiles(files: readonly string[]): string {
  const more = files.length - MOST_FILES;
  return `${printable(files.slice(0, MOST_FILES).join(", "), 1000)}${more > 0 ? ` and ${more} more` : ""}`;
}
