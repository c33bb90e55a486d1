import { createHash } from "node:crypto";
import { MANIFEST, readManifest } from "../../dataset/manifest.ts";
import { hasStaged, settleDataSet } from "../../dataset/settle.ts";
import { joinPlace } from "../../io/storage/address.ts";
import { storageOf } from "../../io/storage/storage.ts";
import type { RunPlan } from "../plan.ts";
import type { RunReport } from "../run-report.ts";
import type { RunResult } from "../run-result.ts";

/** Whether a run of a data set has nothing to score, and no rows to remove. */
export function hasNothingNew({ tasks, dataSet }: Pick<RunPlan, "tasks" | "dataSet">): boolean {
  return dataSet !== null && dataSet.generation > 0 && dataSet.dropped.length === 0 && tasks.length === 0;
}

/**
 * Leaves a data set for which there is nothing new as it is, but for files of a killed run that wait for their places. Null where there is
 * something to do, or where the run folder does not tell of the data set as it is: then reports have to be written.
 */
export async function leaveDataSet(
  plan: RunPlan,
  { output, runDirectory }: { output: string; runDirectory: string },
): Promise<RunResult["dataSet"]> {
  if (!hasNothingNew(plan) || !(await isVouchedFor(output, runDirectory))) return null;
  const manifest = (await readManifest(output))!;
  const { generation, unchanged, vanished } = plan.dataSet!;
  if (manifest.generation !== generation) return null;
  if (await hasStaged(output)) await settleDataSet(output);
  const { inputs, rows, files } = manifest;
  const counts = { inputs: inputs.length, rows, files: files.length, untouched: files.length };
  return { ...counts, written: 0, removed: 0, unchanged, vanished, isAsBefore: true };
}

/** Whether the run of that folder left this data set: a run may have been killed between the two. */
async function isVouchedFor(output: string, runDirectory: string): Promise<boolean> {
  const read = async (path: string) => (await storageOf(path)).read(path);
  try {
    const manifest = createHash("sha256").update(await read(joinPlace(output, MANIFEST)));
    const run = JSON.parse(new TextDecoder().decode(await read(joinPlace(runDirectory, "run.json")))) as RunReport;
    return run.certificate?.files.results === manifest.digest("hex");
  } catch {
    return false;
  }
}
