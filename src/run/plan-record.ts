import { FAULT_CODES, Fault, type FaultClass } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { isRemote, joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { TaskReport } from "../task/messages.ts";
import { PartLedger } from "../task/part-ledger.ts";
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

/** Name of the ingredient that is told of where it differs, and otherwise let pass: it moves the last bits of scores at most. */
export const PROCESSOR = "the processor";

/** What is told where parts of another processor stand beside this one's; nothing where it is the same. */
export function processorWarnings(made: Ingredients, own: Ingredients): string[] {
  const [there, here] = [made[PROCESSOR], own[PROCESSOR]];
  if (there === here) return [];
  return [`another processor here (${here}) than where this was begun (${there}): the last bits of scores may differ`];
}

/** Keeps the plan of a run. */
export async function writePlanRecord(runDirectory: string, record: PlanRecord): Promise<void> {
  const path = pathOf(runDirectory);
  await (await storageOf(path)).write(path, JSON.stringify(record));
}

/** What an earlier run of these ingredients left in the folder, `whole`: also what it has not done; nothing where there was none. */
export async function readEarlierRun(
  runDirectory: string,
  ingredients: Ingredients,
  whole = false,
): Promise<EarlierRun> {
  const record = await readRecord(runDirectory);
  if (record === null) return { cuts: [], changed: [] };
  const names = new Set([...Object.keys(record.ingredients), ...Object.keys(ingredients)]);
  const changed = [...names].filter((name) => record.ingredients[name] !== ingredients[name]);
  if (changed.length > 0) return { cuts: [], changed };
  if (whole) return { cuts: record.tasks.map(({ files }) => ({ files, unusable: null })), changed: [] };
  const ledger = await PartLedger.open(joinPlace(runDirectory, "parts"));
  const reports = await ledger.reports(record.tasks.map(({ fingerprint }) => fingerprint));
  const cuts = record.tasks.flatMap(({ files }, i): EarlierCut[] =>
    reports[i] === null ? [] : [{ files, unusable: whyTriedAgain(reports[i]!) }],
  );
  return { cuts, changed: [] };
}

/** Whether a failure of this class may not come again. */
export function mayPass(faultClass: FaultClass): boolean {
  return WORTH_ANOTHER_TRY.has(faultClass);
}

/** Why a part is done again though nothing of it has changed: a file failed for a reason that may pass. Null: it stands. */
export function whyTriedAgain({ files }: TaskReport): string | null {
  const failed = files.find(({ failure }) => failure !== null && mayPass(FAULT_CODES[failure.code]));
  return failed === undefined ? null : `${failed.path} failed (${failed.failure!.code}) and is tried again`;
}

async function readRecord(runDirectory: string): Promise<PlanRecord | null> {
  const path = pathOf(runDirectory);
  try {
    return JSON.parse(new TextDecoder().decode(await (await storageOf(path)).read(path))) as PlanRecord;
  } catch (error) {
    // A store that does not answer says nothing of what was done.
    if (isRemote(path) && error instanceof Fault && error.code !== "FILE_MISSING") throw error;
    // None, or cut short by a crash of the machine: then everything is done again, which is never wrong.
    return null;
  }
}

function pathOf(runDirectory: string): string {
  return joinPlace(runDirectory, "plan.json");
}
