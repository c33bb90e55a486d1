import { printable } from "../model/printable.ts";
import { retuneResults } from "../retune/retune-results.ts";
import type { AlertKind } from "../retune/retuned.ts";
import type { Terminal } from "./output.ts";
import { retunedAsText } from "./retune-text.ts";

/** The flags of `flightbatch retune`, as the command line gives them. */
export interface RetuneFlags {
  targetRate?: number;
  alerts: AlertKind;
  write?: string;
  output?: string;
  json?: boolean;
}

/** Decides results again. Exit code 0, or 130 if interrupted. @throws Fault for what cannot be meant, read or written */
export async function retuneCommand(
  { thresholds, results }: { thresholds: string; results: string[] },
  flags: RetuneFlags,
  terminal: Terminal,
): Promise<number> {
  const { targetRate, alerts, write, output } = flags;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const retuned = await retuneResults({
      ...{ thresholds, results, counted: alerts, stop: stop.signal },
      ...(targetRate !== undefined && { targetRate }),
      ...(write !== undefined && { write }),
      ...(output !== undefined && { output }),
    });
    for (const warning of retuned.warnings) terminal.err.write(`Warning: ${printable(warning, 500)}\n`);
    if (flags.json === true) terminal.out.write(`${JSON.stringify(retuned, null, 2)}\n`);
    else terminal.out.write(retunedAsText(retuned, { write, output }));
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.err.write("Interrupted: nothing was written.\n");
    return 130;
  } finally {
    process.off("SIGINT", interrupt);
  }
}
