import { type Command, InvalidArgumentError } from "commander";
import type { BenchFlags } from "./bench.ts";
import { wholeNumber } from "./numbers.ts";
import type { Terminal } from "./output.ts";

/** Adds `bench` with its flags to the program; its code is loaded when it is run. */
export function addBench(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("bench")
    .description("Find good --workers and --batch-size for this machine by trying, and say what limits")
    .requiredOption("--model <dir>", "directory of the model bundle")
    .requiredOption("--data <path...>", "folders, files or globs of flights, as for run; a sample of them is scored")
    .option("--seconds <n>", "about how long it may take", wholeNumber, 60)
    .option("--workers <list>", "numbers of workers to try, such as 2,4,8 (default: by the cores)", numberList)
    .option("--batch-size <list>", "batch sizes to try (default: 32,128,512,2048)", numberList)
    .option("--json", "as JSON (docs/cli.md)")
    .action(async (flags: BenchFlags) => setExitCode(await (await import("./bench.ts")).benchCommand(flags, terminal)));
}

function numberList(text: string): number[] {
  if (!/^\d{1,7}(,\d{1,7})*$/.test(text)) throw new InvalidArgumentError("Not whole numbers with commas between them.");
  return text.split(",").map(Number);
}
