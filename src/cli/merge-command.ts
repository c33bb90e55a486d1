import type { Command } from "commander";
import type { MergeFlags } from "./merge.ts";
import type { Terminal } from "./output.ts";

/** Adds `merge` with its flags to the program; its code is loaded when it is run. */
export function addMerge(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("merge")
    .description("Put the parts of all shards of a run together, or say which are missing")
    .argument("<run>", "the --output of the shards, or the .run folder beside it")
    .option("--quiet", "nothing but errors")
    .action(async (run: string, flags: MergeFlags) =>
      setExitCode(await (await import("./merge.ts")).mergeCommand(run, flags, terminal)),
    );
}
