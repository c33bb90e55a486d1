import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../faults/fault.ts";
import { temporaryName } from "../io/atomic-write.ts";
import type { SettledOptions } from "./run-options.ts";

/** Makes the folders that a run writes to, and tries that they can be written: before any work. @throws Fault OUTPUT_UNWRITABLE */
export function prepareOutput({ output, runDirectory, cacheDirectory }: SettledOptions): void {
  if (existsSync(output) && statSync(output).isDirectory()) throw unwritable(output, "a folder", null);
  for (const folder of [
    dirname(output),
    runDirectory,
    join(runDirectory, "parts"),
    ...(cacheDirectory === null ? [] : [cacheDirectory]),
  ]) {
    try {
      mkdirSync(folder, { recursive: true });
      const trial = temporaryName(join(folder, "trial"));
      writeFileSync(trial, "");
      rmSync(trial);
    } catch (error) {
      throw unwritable(folder, `a folder that cannot be written (${(error as Error).message})`, error);
    }
  }
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
