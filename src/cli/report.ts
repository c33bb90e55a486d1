import { printable } from "../model/printable.ts";
import { writeReport } from "../report/write-report.ts";
import type { Terminal } from "./output.ts";
import { describeReport } from "./run-page.ts";

/** The flags of `flightbatch report`, as the command line gives them. */
export interface ReportFlags {
  output?: string;
  flight?: string;
  model?: string;
  quiet?: boolean;
}

/** Writes the report of a run. Exit code 0, or 130 if interrupted. @throws Fault for what cannot be read, meant or written */
export async function reportCommand(
  results: string,
  { output, flight, model, quiet }: ReportFlags,
  { terminal, commandLine }: { terminal: Terminal; commandLine: string },
): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const written = await writeReport({ results, output, flight, model, commandLine, stop: stop.signal });
    if (quiet === true) return 0;
    for (const text of written.report.missing) terminal.err.write(`Warning: ${printable(text, 1000)}\n`);
    terminal.out.write(`${describeReport(written)}\n`);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.err.write("Interrupted: no report was written.\n");
    return 130;
  } finally {
    process.off("SIGINT", interrupt);
  }
}
