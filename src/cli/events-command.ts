import { type Command, InvalidArgumentError } from "commander";
import type { EventsFlags } from "./events.ts";
import { decimal } from "./numbers.ts";
import type { Terminal } from "./output.ts";

/** Adds `events` with its flags to the program; its code is loaded when it is run. */
export function addEvents(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("events")
    .description("Make events of the anomalous windows of results: merged, held to persistence and cool-down")
    .argument("<results...>", "results of runs: files, folders or globs of them")
    .option(
      "--output <file>",
      "the events: .parquet, .csv or .json (default: events.parquet in the run's folder, of several results here)",
    )
    .option("--model <dir>", "bundle or thresholds.yaml with the rules (default: the bundle that the run names)")
    .option("--persistence <n/seconds>", "anomalies within so many seconds, such as 3/30, or off", persistenceRule)
    .option("--cooldown <seconds>", "seconds after an event in which the next is suppressed; 0: none", decimal)
    .option("--raised-only", "leave suppressed candidates out")
    .option("--quiet", "nothing but warnings and errors")
    .action(async (results: string[], flags: EventsFlags) =>
      setExitCode(await (await import("./events.ts")).eventsCommand(results, flags, terminal)),
    );
}

/** A rule such as `3/30`, null for `off`. @throws InvalidArgumentError */
export function persistenceRule(text: string): { anomalies: number; withinSeconds: number } | null {
  if (text === "off") return null;
  const [anomalies, withinSeconds] = text.split("/");
  if (!/^\d{1,9}\/\d{1,9}(\.\d+)?$/.test(text))
    throw new InvalidArgumentError("Not a number of anomalies and of seconds such as 3/30, nor off.");
  return { anomalies: Number(anomalies), withinSeconds: Number(withinSeconds) };
}
