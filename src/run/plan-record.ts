import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultClass } from "../faults/fault.ts";
import { FAULT_CODES } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import type { InputFile } from "../io/input-file.ts";
import type { TaskReport } from "../task/messages.ts";
import { partPaths, readPartReport } from "../task/part-files.ts";
import type { EarlierCut } from "./recut-tasks.ts";

/** What decides the rows of a part beside its files, by name: where one differs, no part of an earlier run stands. */
export type Ingredients = Record<string, string>;

/** `plan.json`: how a run was cut, kept so that the next one can carry on. */
export interface PlanRecord {
  ingredients: Ingredients;
  tasks: { fingerprint: string; files: InputFile[] }[];
}

/** What stands of an earlier run. */
export interface EarlierRun {
  cuts: EarlierCut[];
  /** Names of the ingredients that differ; where there are any, nothing stands. */
  changed: string[];
}

/** Failures that may not come again: the files are tried anew. */
const WORTH_ANOTHER_TRY: ReadonlySet<FaultClass> = new Set(["transient", "forbidden", "memory", "crashed", "internal"]);

/** Keeps the plan of a run. */
export function writePlanRecord(runDirectory: string, record: PlanRecord): void {
  writeFileAtomic(pathOf(runDirectory), JSON.stringify(record));
}

/** What an earlier run of these ingredients left in the folder; nothing where there was none. */
export function readEarlierRun(runDirectory: string, ingredients: Ingredients): EarlierRun {
  const record = readRecord(runDirectory);
  if (record === null) return { cuts: [], changed: [] };
  const names = new Set([...Object.keys(record.ingredients), ...Object.keys(ingredients)]);
  const changed = [...names].filter((name) => record.ingredients[name] !== ingredients[name]);
  if (changed.length > 0) return { cuts: [], changed };
  const directory = join(runDirectory, "parts");
  const cuts = record.tasks.flatMap(({ fingerprint, files }): EarlierCut[] => {
    const report = readPartReport(partPaths(directory, fingerprint), fingerprint);
    return report === null ? [] : [{ files, unusable: whyTriedAgain(report) }];
  });
  return { cuts, changed: [] };
}

/** Why a part is done again though nothing of it has changed: a file failed for a reason that may pass. Null: it stands. */
export function whyTriedAgain({ files }: TaskReport): string | null {
  const failed = files.find(({ failure }) => failure !== null && WORTH_ANOTHER_TRY.has(FAULT_CODES[failure.code]));
  return failed === undefined ? null : `${failed.path} failed (${failed.failure!.code}) and is tried again`;
}

function readRecord(runDirectory: string): PlanRecord | null {
  try {
    return JSON.parse(readFileSync(pathOf(runDirectory), "utf8")) as PlanRecord;
  } catch {
    // None, or cut short by a crash of the machine: then everything is done again, which is never wrong.
    return null;
  }
}

function pathOf(runDirectory: string): string {
  return join(runDirectory, "plan.json");
}
