import { Command, InvalidArgumentError, Option } from "commander";
import { currentVersions } from "../io/versions.ts";
import { INPUT_KINDS } from "../recording/recording.ts";
import { VERIFY_LEVELS } from "../task/verify.ts";
import { addAggregate } from "./aggregate-command.ts";
import { addBench } from "./bench-command.ts";
import { addCompare } from "./compare-command.ts";
import { addEvents } from "./events-command.ts";
import type { MakeFleetFlags } from "./make-fleet.ts";
import { addMerge } from "./merge-command.ts";
import { wholeNumber } from "./numbers.ts";
import type { Terminal } from "./output.ts";
import { addPlan } from "./plan-command.ts";
import { addQueueCommands } from "./queue-commands.ts";
import { takeAddresses } from "./remote-arguments.ts";
import { addReport } from "./report-command.ts";
import { addRetune } from "./retune-command.ts";
import type { RunFlags } from "./run.ts";
import type { ValidateFlags } from "./validate.ts";
import { addVerify } from "./verify-command.ts";

/** The commands and all their flags. Each loads its code when it is run, so that help comes at once. `setExitCode` gets what a command returns;
 * `commandLine` is what was typed. */
export function makeProgram(
  given: Terminal,
  setExitCode: (code: number) => void,
  commandLine = "flightbatch",
): Command {
  const program = new Command("flightbatch")
    .description("Scores archived flights with an ONNX anomaly detector, window by window.")
    .version(currentVersions().flightbatch)
    .exitOverride()
    .configureOutput({ writeOut: (text) => given.out.write(text), writeErr: (text) => given.err.write(text) });
  const terminal = takeAddresses(program, given);
  addRun(program).action(async (flags: RunFlags) =>
    setExitCode(await (await import("./run.ts")).runCommand(flags, terminal, commandLine)),
  );
  addPlan(program, terminal, setExitCode);
  addMerge(program, terminal, setExitCode);
  addVerify(program, terminal, setExitCode);
  program
    .command("inspect")
    .description("Show what is understood of a model bundle, and where each fact came from")
    .argument("<model-dir>", "directory of the model bundle")
    .option("--json", "as JSON")
    .action(async (directory: string, flags: { json?: boolean }) => {
      const { inspectCommand } = await import("./inspect.ts");
      setExitCode(
        await inspectCommand(
          directory,
          { json: flags.json === true },
          { write: (text) => void terminal.out.write(text) },
        ),
      );
    });
  addAggregate(program, terminal, setExitCode);
  addCompare(program, terminal, setExitCode);
  addReport(program, { terminal, setExitCode, commandLine });
  addEvents(program, terminal, setExitCode);
  addRetune(program, terminal, setExitCode);
  addValidate(program).action(async (flags: ValidateFlags) =>
    setExitCode(await (await import("./validate.ts")).validateCommand(flags, terminal)),
  );
  addQueueCommands(program, terminal, setExitCode);
  addBench(program, terminal, setExitCode);
  addMakeFleet(program).action(async (flags: MakeFleetFlags) =>
    setExitCode(await (await import("./make-fleet.ts")).makeFleetCommand(flags, terminal.out)),
  );
  return program;
}

function addRun(program: Command): Command {
  const run = program.command("run").alias("run-batch").description("Score every window of every flight");
  return addHow(addWhere(run));
}

/** What is read, where it is written, and who does it. */
function addWhere(run: Command): Command {
  return run
    .requiredOption("--model <dir>", "directory of the model bundle (model.onnx, scaler.pkl, thresholds.yaml, ...)")
    .requiredOption(
      "--data <path...>",
      "folders (with all below them), files or globs of flights: .parquet, .csv, .csv.gz",
    )
    .requiredOption(
      "--output <file>",
      "results: .parquet, .csv, .csv.gz, .jsonl or .json; or a folder with / at its end (docs/data-sets.md)",
    )
    .option(
      "--incremental",
      "score only what is new or changed since the data set was written, and keep the rest of it",
    )
    .option("--remove-vanished", "with --incremental, remove rows of inputs whose files are gone")
    .option("--engine <url>", "let workers on any machines do it, by this Redis: redis://host:port (docs/cluster.md)")
    .option("--shard <i/n>", "do one of n shares of the run, beside others: 3/7, auto, auto/7 (docs/array-jobs.md)");
}

/** How it is done, and what is told of it. */
function addHow(run: Command): Command {
  return run
    .option("--workers <n>", "worker processes (default: the cores this process may use)", wholeNumber)
    .option(
      "--memory-limit <size>",
      "most memory for all processes together, such as 2GiB (default: 4/5 of what there is)",
    )
    .option("--batch-size <n>", "windows of an inference call, rounded up to a multiple of 16", wholeNumber, 128)
    .option("--filter <expr>", "score only what matches, such as aircraft_id==AC001 (docs/filters.md)")
    .addOption(
      new Option("--input-kind <kind>", "what the files are, instead of recognising it").choices([...INPUT_KINDS]),
    )
    .option("--cache-features", "keep computed features for the next run")
    .option(
      "--cache-dir <dir>",
      "where features are kept (default: .flightbatch-cache beside the output; implies --cache-features)",
    )
    .option(
      "--explain",
      "put flight phase, threshold, score ratio, squared errors and imputed features into the results too",
    )
    .option(
      "--strict [check...]",
      "fail files with findings of these checks of data quality, or of any (docs/quality.md)",
    )
    .addOption(
      new Option("--verify <how>", "hold files against their sidecars: by size, rows and duration, or by checksum too")
        .choices([...VERIFY_LEVELS])
        .default("size"),
    )
    .option("--fresh", "do everything again, whatever an earlier run of this output left")
    .option("--max-failed <n>", "end the run, to be carried on, once more files fail: a number, or a share such as 5%")
    .option(
      "--task-timeout <seconds>",
      "give a worker up that has had one file for so long, and try again",
      wholeNumber,
    )
    .option("--quarantine <dir>", "link or copy failed files there, each with its reason")
    .option("--events", "make events of the anomalous windows too: events.parquet in the run's folder (docs/events.md)")
    .option("--profile <file>", "trace of what each process did when, for chrome://tracing or Perfetto")
    .option("--log-file <file>", "log of JSON lines", "logs/batch_inference.log")
    .option("--report [file]", "a page to look at, too (default: report.html in the folder of the run)")
    .option("--verbose", "a line per file")
    .option("--quiet", "nothing but errors");
}

function addValidate(program: Command): Command {
  return program
    .command("validate")
    .description("Look the data over without scoring it: frozen sensors, wrong units, damaged files ...")
    .requiredOption("--model <dir>", "directory of the model bundle, whose recipe says what the data should hold")
    .requiredOption("--data <path...>", "folders, files or globs of flights, as for run")
    .option("--workers <n>", "worker processes (default: the cores this process may use)", wholeNumber)
    .addOption(
      new Option("--input-kind <kind>", "what the files are, instead of recognising it").choices([...INPUT_KINDS]),
    )
    .option("--json", "as JSON (docs/quality.md)");
}

function addMakeFleet(program: Command): Command {
  return program
    .command("make-fleet")
    .description("Make a small believable fleet of simulated flights, with faults that grow")
    .requiredOption("--output <dir>", "folder for the flights")
    .option("--aircraft <n>", "aircraft of the fleet", wholeNumber)
    .option("--days <n>", "days of flying", wholeNumber)
    .option("--flights-per-day <n>", "flights a day of each aircraft", wholeNumber)
    .option("--minutes <m>", "length of a flight", decimalNumber)
    .option("--rate <hz>", "samples a second of vibration", wholeNumber)
    .option("--seed <n>", "another seed makes other flights", wholeNumber)
    .option("--with-faulty", "put files that cannot be read among the others")
    .option("--force", "write into a folder that is not empty");
}

function decimalNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("Not a number.");
  return Number(text);
}
