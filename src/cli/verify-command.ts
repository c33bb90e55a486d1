import type { Command } from "commander";
import { wholeNumber } from "./numbers.ts";
import type { Terminal } from "./output.ts";
import type { VerifyFlags } from "./verify.ts";

/** Adds `verify` with its flags to the program; its code is loaded when it is run. */
export function addVerify(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("verify")
    .description("Score files of an old result again, and say whether it can be reproduced")
    .argument("<results>", "results file of a run, with its .run folder beside it")
    .option("--sample <n>", "files to score again, chosen by chance", wholeNumber, 20)
    .option("--all", "score all files again")
    .option("--seed <n>", "choose the same files as another time", wholeNumber)
    .option("--model <dir>", "where the run's model bundle is now (default: where it was)")
    .option("--data <path...>", "where the inputs are now, by their names (default: where they were)")
    .option("--workers <n>", "worker processes (default: the cores this process may use)", wholeNumber)
    .option("--json", "as JSON (docs/cli.md)")
    .action(async (results: string, flags: VerifyFlags) =>
      setExitCode(await (await import("./verify.ts")).verifyCommand(results, flags, terminal)),
    );
}
