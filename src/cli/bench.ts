import { Fault } from "../faults/fault.ts";
import { printable } from "../model/printable.ts";
import { wholeNumber } from "../run/run-options.ts";
import { findSettings, type TuneReport } from "../tune/find-settings.ts";
import { describeTuning } from "./bench-text.ts";
import type { Terminal } from "./output.ts";
import { shellWord } from "./words.ts";

/** The flags of `flightbatch bench`. */
export interface BenchFlags {
  model: string;
  data: string[];
  seconds: number;
  workers?: number[];
  batchSize?: number[];
  json?: boolean;
}

const MOST_SECONDS = 3600;
/** Fewer tell nothing. */
const LEAST_SECONDS = 5;

/** Finds good settings. Exit code 0; 130 or 143 if it was interrupted. @throws Fault for what cannot be begun */
export async function benchCommand(flags: BenchFlags, terminal: Terminal): Promise<number> {
  const { model, data, seconds, workers, batchSize, json } = flags;
  const options = {
    model,
    data,
    seconds: secondsAsked(seconds),
    ...(workers && { workers: workers.map((n) => wholeNumber("--workers", n, 1024)) }),
    ...(batchSize && { batchSizes: batchSize.map((n) => wholeNumber("--batch-size", n, 1_000_000)) }),
  };
  const stop = new AbortController();
  const interrupts = onInterrupt(stop, terminal);
  try {
    const report = await findSettings(options, {
      stop: stop.signal,
      onProgress: (line) => void terminal.err.write(`${line}\n`),
      onWarning: (message) => void terminal.err.write(`Warning: ${printable(message, 500)}\n`),
    });
    if (report === null) return interrupts.exitCode();
    const command = commandOf(flags, report);
    terminal.out.write(
      json === true ? `${JSON.stringify({ ...report, command }, null, 1)}\n` : describeTuning(report, command),
    );
    return 0;
  } finally {
    interrupts.forget();
  }
}

function secondsAsked(seconds: number): number {
  if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return seconds;
  throw new Fault({
    code: "USAGE",
    path: "--seconds",
    found: String(seconds),
    expected: `${LEAST_SECONDS} to ${MOST_SECONDS}`,
    hint: "Leave the flag out for a minute.",
  });
}

/** What to type for a run with the settings that were found. */
function commandOf({ model, data }: BenchFlags, { suggestion }: TuneReport): string {
  const { workers, batchSize } = suggestion;
  const settings = ["--workers", String(workers), "--batch-size", String(batchSize)];
  const words = ["run", "--model", model, "--data", ...data, "--output", "results.parquet", ...settings];
  return ["flightbatch", ...words.map(shellWord)].join(" ");
}

/** Ctrl-C, or an end that is asked for, finishes what is being scored; a second one ends at once. Nothing is left behind either way. */
function onInterrupt(stop: AbortController, { err }: Terminal): { exitCode(): number; forget(): void } {
  let code = 130;
  const interrupt = (signal: NodeJS.Signals) => {
    code = signal === "SIGTERM" ? 143 : 130;
    if (stop.signal.aborted) process.exit(code);
    stop.abort();
    err.write("\nStopping: what is being scored is finished first. Once more to stop at once.\n");
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return { exitCode: () => code, forget: () => void process.off("SIGINT", interrupt).off("SIGTERM", interrupt) };
}
