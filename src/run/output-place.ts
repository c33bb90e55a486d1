import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Fault } from "../faults/fault.ts";
import { removeTemporaries, temporaryName } from "../io/atomic-write.ts";
import { fileFault } from "../io/file-fault.ts";
import { isRemote } from "../io/storage/address.ts";
import type { SettledOptions } from "./run-options.ts";

/** Name of a file that is made only to see whether one can be. */
const TRIAL = "trial";

/** Makes the folders that a run writes to, and tries that they can be written: before any work. @throws Fault OUTPUT_UNWRITABLE */
export function prepareOutput({ output, format, runDirectory, cacheDirectory }: SettledOptions): void {
  const isDataSet = format === "dataset";
  if (!isDataSet && existsSync(output) && statSync(output).isDirectory()) throw unwritable(output, "a folder", null);
  const place = isDataSet ? output : dirname(output);
  const folders = [
    ...[place, runDirectory, join(runDirectory, "parts")].filter(() => !isRemote(output)),
    ...(cacheDirectory === null || isRemote(cacheDirectory) ? [] : [cacheDirectory]),
  ];
  // A store has no folders, and the lock that is written there next is trial enough.
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      const trial = temporaryName(join(folder, TRIAL));
      writeFileSync(trial, "", { flag: "wx" });
      rmSync(trial, { force: true });
    } catch (error) {
      if (fileFault(error, folder).code === "DISK_FULL") throw fileFault(error, folder);
      throw unwritable(folder, `a folder that cannot be written (${(error as Error).message})`, error);
    }
  }
}

/** Removes what runs of this output that were killed have left half written. Only for who holds the lock. */
export function tidyOutput({ output, format, runDirectory }: SettledOptions): void {
  if (isRemote(output)) return;
  removeTemporaries(runDirectory);
  // What of a data set was left half written is in its staging, which is tidied when it is next changed.
  if (format === "dataset") return;
  removeTemporaries(dirname(output), basename(output));
  removeTemporaries(dirname(output), TRIAL);
}

function unwritable(path: string, found: string, cause: unknown): Fault {
  return new Fault(
    {
      code: "OUTPUT_UNWRITABLE",
      path,
      found,
      expected: "a place where the results can be written",
      hint: "Choose another --output, or ask for permission.",
    },
    { cause },
  );
}
