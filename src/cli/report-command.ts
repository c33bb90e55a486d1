import type { Command } from "commander";
import type { Terminal } from "./output.ts";
import type { ReportFlags } from "./report.ts";

/** Adds `report` with its flags to the program; its code is loaded when it is run. */
export function addReport(
  program: Command,
  {
    terminal,
    setExitCode,
    commandLine,
  }: { terminal: Terminal; setExitCode: (code: number) => void; commandLine: string },
): void {
  program
    .command("report")
    .description("Make a page to look at: what was examined, what was found, flights in depth")
    .argument("<results>", "results of a run, its folder beside them")
    .option("--output <file>", "the page, .html (default: report.html in the folder of the run)")
    .option("--flight <id>", "the flight to show in depth first (default: that of the strongest event)")
    .option("--model <dir>", "the bundle, if it is no longer where the run had it")
    .option("--quiet", "nothing but errors")
    .action(async (results: string, flags: ReportFlags) =>
      setExitCode(await (await import("./report.ts")).reportCommand(results, flags, { terminal, commandLine })),
    );
}
