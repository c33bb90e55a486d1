import type { Command } from "commander";
import type { CompareFlags } from "./compare.ts";
import { decimal, wholeNumber } from "./numbers.ts";
import type { Terminal } from "./output.ts";

/** Adds `compare` with its flags to the program; its code is loaded when it is run. */
export function addCompare(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("compare")
    .alias("compare-results")
    .description("Compare two results window by window, and say which part of the model made decisions flip")
    .argument("[results...]", "two files of results, A and B")
    .option("--tolerance <number>", "how far scores may lie apart and be the same", decimal, 0)
    .option("--relative-tolerance <number>", "the same as a share of the larger score, added to it", decimal, 0)
    .option("--models <dirs...>", "bundles of A and of B (default: those that the runs name)")
    .option("--no-attribution", "do not look for the part of the bundle that made each flip")
    .option("--attributed-flights <n>", "of more flights with flips, attribute so many", wholeNumber, 1000)
    .option("--filter <expr>", "only windows that match, such as aircraft_id==AC001 (docs/filters.md)")
    .option("--json", "all of it as JSON, instead of text")
    .option("--output <file>", "write it there too: .json, .txt, or .html for a page to look at")
    .action(async (results: string[], flags: CompareFlags) =>
      setExitCode(await (await import("./compare.ts")).compareCommand(results, flags, terminal)),
    );
}
