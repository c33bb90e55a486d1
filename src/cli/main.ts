import { CommanderError } from "commander";
import { asFault, Fault } from "../faults/fault.ts";
import { printable } from "../model/printable.ts";
import type { Terminal } from "./output.ts";
import { makeProgram } from "./program.ts";
import { nameAddresses } from "./remote-arguments.ts";
import { shellWord } from "./words.ts";

/** Exit code of a call that could not be begun, or was not understood. */
const FAILED = 2;

/** Runs a command line (without the program's own name) and returns its exit code: 0 done, 1 done with failures, 2 not begun, 130 interrupted. */
export async function main(
  args: string[],
  terminal: Terminal = { out: process.stdout, err: process.stderr },
): Promise<number> {
  let exitCode = 0;
  try {
    const setExitCode = (code: number) => {
      exitCode = code;
    };
    const program = makeProgram(terminal, setExitCode, commandLineOf(args));
    await program.parseAsync(args.map(withHyphens), { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
    terminal.err.write(nameAddresses(`${describe(error)}\n`));
    return FAILED;
  }
}

/** `run_batch` and `--batch_size` are the same as `run-batch` and `--batch-size`; values keep their underscores. */
function withHyphens(arg: string, i: number): string {
  if (i === 0 && /^[a-z]+(_[a-z]+)+$/.test(arg)) return arg.replaceAll("_", "-");
  const [flag, ...value] = arg.split("=");
  return /^--[a-z]+(_[a-z]+)+$/.test(flag!) ? [flag!.replaceAll("_", "-"), ...value].join("=") : arg;
}

/** What to type for the same again, fit for a shell; without `--fresh`, which would begin anew. */
function commandLineOf(args: string[]): string {
  const words = args.filter((arg) => arg !== "--fresh").map(shellWord);
  return ["flightbatch", ...words].join(" ");
}

function describe(error: unknown): string {
  const lines = asFault(error)
    .message.split("\n")
    .map((line) => printable(line, 2000));
  const trace = error instanceof Fault || !(error instanceof Error) ? [] : [error.stack ?? ""];
  return [`Error: ${lines.join("\n")}`, ...trace].join("\n");
}
