import { type Command, Option } from "commander";
import { decimal } from "./numbers.ts";
import type { Terminal } from "./output.ts";
import type { RetuneFlags } from "./retune.ts";

/** Adds `retune` with its flags to the program; its code is loaded when it is run. */
export function addRetune(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("retune")
    .description("Decide results again under other thresholds, without inference: what there would be to look at")
    .argument("<thresholds>", "a thresholds.yaml, or the bundle that holds one")
    .argument("<results...>", "results of runs: files, folders or globs of them")
    .option("--target-rate <n>", "propose thresholds per phase for so many alerts per 100 scored hours", decimal)
    .addOption(
      new Option("--alerts <what>", "what counts as an alert there").choices(["events", "windows"]).default("events"),
    )
    .option("--write <file>", "write the proposed thresholds: the given file with other numbers")
    .option("--output <file>", "write the results as they are decided now: .parquet")
    .option("--json", "all of it as JSON, instead of text")
    .action(async (thresholds: string, results: string[], flags: RetuneFlags) =>
      setExitCode(await (await import("./retune.ts")).retuneCommand({ thresholds, results }, flags, terminal)),
    );
}
