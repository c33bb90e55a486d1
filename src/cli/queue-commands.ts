import type { Command } from "commander";
import { wholeNumber } from "./numbers.ts";
import type { Terminal } from "./output.ts";
import type { StatusFlags } from "./status.ts";
import type { WorkerFlags } from "./worker.ts";

const ENGINE_HELP = "Redis of the queue, as for run (default: that of FLIGHTBATCH_REDIS_URL)";

/** Adds what goes with `run --engine`: `worker`, `status`, `cancel` and `retry`. Their code is loaded when they are run. */
export function addQueueCommands(program: Command, terminal: Terminal, setExitCode: (code: number) => void): void {
  program
    .command("worker")
    .description("Take tasks of queued runs from Redis and do them on this machine, until it is told to stop")
    .option("--engine <url>", ENGINE_HELP)
    .option("--workers <n>", "tasks at once, each in a process (default: the cores this process may use)", wholeNumber)
    .option("--memory-limit <size>", "most memory for all of its processes together, as for run")
    .option("--metrics-port <port>", "answer GET /metrics there, in the text format of Prometheus", wholeNumber)
    .option("--metrics-host <host>", "address for that (default: 127.0.0.1, this machine alone)")
    .action(async (flags: WorkerFlags) =>
      setExitCode(await (await import("./worker.ts")).workerCommand(flags, terminal)),
    );
  program
    .command("status")
    .description("Show queued runs and their workers: progress, rates, failed tasks with reasons, time left")
    .argument("[run]", "id of a run (default: all)")
    .option("--engine <url>", ENGINE_HELP)
    .option("--json", "as JSON (docs/cli.md)")
    .option("--watch", "again every two seconds, until Ctrl-C")
    .action(async (run: string | undefined, flags: StatusFlags) =>
      setExitCode(await (await import("./status.ts")).statusCommand(run, flags, terminal)),
    );
  program
    .command("cancel")
    .description("End a queued run: tasks in work are finished, no more begun, and what is done is kept")
    .argument("<run>", "id of the run")
    .option("--engine <url>", ENGINE_HELP)
    .action(async (run: string, flags: { engine?: string }) =>
      setExitCode(await (await import("./status.ts")).cancelCommand(run, flags, terminal)),
    );
  program
    .command("retry")
    .description("Put the failed tasks of a queued run into its queue again")
    .argument("<run>", "id of the run")
    .option("--engine <url>", ENGINE_HELP)
    .action(async (run: string, flags: { engine?: string }) =>
      setExitCode(await (await import("./status.ts")).retryCommand(run, flags, terminal)),
    );
}
