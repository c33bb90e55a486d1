import { type Command, Option } from "commander";
import { INPUT_KINDS } from "../recording/recording.ts";
import { VERIFY_LEVELS } from "../task/verify.ts";
import { wholeNumber } from "./numbers.ts";
import type { Terminal } from "./output.ts";
import type { PlanFlags } from "./plan.ts";

/** Adds `plan` with its flags to the program; its code is loaded when it is run. */
export function addPlan(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("plan")
    .description("Show what a run would do, and which files would fail, without doing it")
    .requiredOption("--model <dir>", "directory of the model bundle")
    .requiredOption("--data <path...>", "folders, files or globs of flights, as for run")
    .option("--output <file>", "results of the run: what stands from an earlier one is not done again")
    .option("--workers <n>", "worker processes (default: the cores this process may use)", wholeNumber)
    .option("--memory-limit <size>", "as for run: files that need more of it will fail")
    .option("--batch-size <n>", "windows of an inference call", wholeNumber, 128)
    .option("--filter <expr>", "score only what matches (docs/filters.md)")
    .addOption(
      new Option("--input-kind <kind>", "what the files are, instead of recognising it").choices([...INPUT_KINDS]),
    )
    .option("--explain", "as for run: parts of a run without it do not stand")
    .option("--strict [check...]", "as for run: parts of a run with other checks do not stand")
    .addOption(
      new Option("--verify <how>", "as for run: parts of a run with another do not stand")
        .choices([...VERIFY_LEVELS])
        .default("size"),
    )
    .option("--fresh", "as if nothing stood from an earlier run")
    .option("--verbose", "a line per file, and every failure")
    .option("--json", "all of it as JSON (docs/cli.md)")
    .action(async (flags: PlanFlags) => setExitCode(await (await import("./plan.ts")).planCommand(flags, terminal)));
}
