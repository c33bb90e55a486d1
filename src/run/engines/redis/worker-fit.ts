import { currentVersions } from "../../../io/versions.ts";
import { loadBundle } from "../../../model/load-bundle.ts";
import type { TaskOptions } from "../../../task/messages.ts";
import type { RunRecord } from "./run-record.ts";

/** Whether a worker may take a run's tasks. */
export type Fit = { taskOptions: TaskOptions; remarks: string[] } | { refusal: string };

/** Holds this machine against a run's plan: its results have to be those of the plan bit for bit, whoever computes them. */
export async function fitFor(record: RunRecord): Promise<Fit> {
  const own = currentVersions();
  const { versions } = record;
  if (own.flightbatch !== versions.flightbatch)
    return { refusal: `flightbatch ${own.flightbatch} here, ${versions.flightbatch} in the plan` };
  if (own.onnxruntime !== versions.onnxruntime)
    return { refusal: `ONNX Runtime ${own.onnxruntime} here, ${versions.onnxruntime} in the plan` };
  try {
    const bundle = await loadBundle(record.bundle.directory);
    if (bundle.digests.recipe !== record.bundle.recipe)
      return { refusal: `${record.bundle.directory} has another recipe here than in the plan` };
    if (bundle.digests.bundle !== record.bundle.digest)
      return { refusal: `${record.bundle.directory} has other files here than in the plan (sha256 of the bundle)` };
    const remarks =
      own.cpu === versions.cpu
        ? []
        : [`another processor here (${own.cpu}) than the plan's (${versions.cpu}): the last bits of scores may differ`];
    return { taskOptions: { ...record.options, bundle }, remarks };
  } catch (error) {
    return { refusal: (error as Error).message.split("\n")[0]! };
  }
}
