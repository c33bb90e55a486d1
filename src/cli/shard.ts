import { printable } from "../model/printable.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { RunControl } from "../run/run-tasks.ts";
import { runShard, type ShardResult } from "../run/shards/run-shard.ts";
import type { Terminal } from "./output.ts";
import { counted } from "./words.ts";

/** What a shard is called with beside the options of its run. */
export interface ShardCall {
  shard: string;
  quiet: boolean;
  commandLine: string;
}

/** Does one share of a run. Exit codes as of a run: 1 if files of this share failed. @throws Fault for what cannot be begun */
export async function shardCommand(
  options: RunOptions,
  { shard, quiet, commandLine }: ShardCall,
  { control, terminal, done }: { control: RunControl; terminal: Terminal; done: () => void },
): Promise<number> {
  const command = commandAround(commandLine);
  const result = await runShard({ ...options, shard, ...(command && { command }) }, control);
  done();
  const { end, failures, runDirectory } = result;
  if (end !== "whole") {
    const why =
      end === "stopped" ? "Interrupted" : `Ended early: ${counted(failures.length, "file")} of this shard alone failed`;
    terminal.err.write(`${why}. What is done is kept. To carry on:\n  ${commandLine}\n`);
    return end === "stopped" ? 130 : 2;
  }
  for (const { path, found, code } of failures)
    terminal.err.write(`  failed: ${printable(`${path ?? ""}: ${found}`, 300)} [${code}]\n`);
  if (!quiet) terminal.out.write(describeShard(result, runDirectory));
  return failures.length > 0 ? 1 : 0;
}

/** What a shard did, how far the whole is, and what comes after all shards. */
export function describeShard(
  { shard, tasks, done, files, failures, standing }: ShardResult,
  runDirectory: string,
): string {
  return [
    `Shard ${shard.index}/${shard.count}: ${done} of ${counted(tasks, "task")} done, ${counted(files.length - failures.length, "file")} scored, ${failures.length} failed`,
    `All shards: ${standing.done} of ${counted(standing.tasks, "task")} stand`,
    `When all shards have ended: flightbatch merge ${printable(runDirectory, 1000)}`,
    "",
  ].join("\n");
}

/** The command line before and after the shard's number. */
function commandAround(commandLine: string): [string, string] | null {
  const [whole, before] = /^(.*? --shard[ =])[^ ]+/.exec(commandLine) ?? [];
  return whole === undefined || before === undefined ? null : [before, commandLine.slice(whole.length)];
}
