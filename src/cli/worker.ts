import { Fault } from "../faults/fault.ts";
import { printable } from "../model/printable.ts";
import { workForQueue } from "../run/engines/redis/work.ts";
import type { Terminal } from "./output.ts";

/** The flags of `flightbatch worker`. */
export interface WorkerFlags {
  engine?: string;
  workers?: number;
  memoryLimit?: string;
  metricsPort?: number;
  metricsHost?: string;
}

/**
 * Works until SIGTERM or Ctrl-C, which finish what is in work; a second one ends at once. Exit code 0.
 * @throws Fault for what cannot be begun
 */
export async function workerCommand(flags: WorkerFlags, { err }: Terminal): Promise<number> {
  const { workers, memoryLimit, metricsPort, metricsHost } = flags;
  if (metricsHost !== undefined && metricsPort === undefined) throw noPort();
  const drain = new AbortController();
  const tell = (message: string) => void err.write(`${new Date().toISOString()} ${printable(message, 1000)}\n`);
  const forget = onSignals(drain, tell);
  try {
    await workForQueue(
      {
        engine: flags.engine ?? "redis",
        ...(workers !== undefined && { workers }),
        ...(memoryLimit !== undefined && { memoryLimit }),
        ...(metricsPort !== undefined && { metrics: { host: metricsHost ?? "127.0.0.1", port: metricsPort } }),
      },
      drain.signal,
      tell,
    );
    return 0;
  } finally {
    forget();
  }
}

function onSignals(drain: AbortController, tell: (message: string) => void): () => void {
  const stop = (signal: NodeJS.Signals) => {
    if (drain.signal.aborted) process.exit(signal === "SIGTERM" ? 143 : 130);
    tell("stopping: tasks in work are finished first. Once more to stop at once; other workers get the tasks then");
    drain.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
}

function noPort(): Fault {
  return new Fault({
    code: "USAGE",
    path: "--metrics-host",
    found: "no --metrics-port",
    expected: "both, or the port alone",
    hint: "Such as --metrics-port 9464.",
  });
}
