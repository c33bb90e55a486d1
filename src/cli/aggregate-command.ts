import { type Command, Option } from "commander";
import { DIMENSIONS, TREND_PERIODS } from "../aggregate/options.ts";
import type { AggregateFlags } from "./aggregate.ts";
import type { Terminal } from "./output.ts";

/** Adds `aggregate` with its flags to the program; its code is loaded when it is run. */
export function addAggregate(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("aggregate")
    .alias("results-aggregator")
    .description("Sum results up by aircraft, flight, day and more, with intervals and trends")
    .requiredOption("--input <path...>", "results of runs: files, folders or globs of them")
    .requiredOption("--output <file>", "the summary: .json, .csv, .parquet, or .html for a page to look at")
    .option("--group-by <dimension...>", `${DIMENSIONS.join(", ")}; several too (default: aircraft_id)`)
    .addOption(
      new Option("--trend <period>", "how the anomaly rate of each aircraft goes with time").choices([
        ...TREND_PERIODS,
      ]),
    )
    .option(
      "--filter <expr>",
      "only rows that match, such as date>=2025-10-01 (docs/filters.md); of data sets only their files are read",
    )
    .option("--quiet", "nothing but warnings and errors")
    .action(async (flags: AggregateFlags) =>
      setExitCode(await (await import("./aggregate.ts")).aggregateCommand(flags, terminal)),
    );
}
