import { rmSync } from "node:fs";
import { join } from "node:path";
import type { KeyValue } from "hyparquet";
import { commitFile, temporaryName } from "../io/atomic-write.ts";
import { convertResults } from "../results/convert.ts";
import { joinParquetFiles } from "../results/parquet/join-files.ts";
import { KIND_KEY } from "../results/parquet/write-chunks.ts";
import { findRepeatedKeys, type RepeatedKeys } from "../results/repeated-keys.ts";
import type { TaskReport } from "../task/messages.ts";
import { columnsOfRun, partFiles } from "../task/part-files.ts";
import type { RunPlan } from "./plan.ts";
import type { SettledOptions } from "./run-options.ts";

/** Puts the parts together in the plan's order: the results under their name, whole or not at all, and `windows.parquet`. */
export async function mergeParts(
  plan: RunPlan,
  options: SettledOptions,
  reports: readonly TaskReport[],
): Promise<RepeatedKeys> {
  const parts = reports.map((report) => partFiles(plan.taskOptions.partsDirectory, report));
  const columns = columnsOfRun(plan.taskOptions);
  const windows = join(options.runDirectory, "windows.parquet");
  joinInPlace(
    parts.map((part) => part.windows),
    windows,
    { columns: columns.windows, metadata: describe(plan, "windows") },
  );
  const joined = temporaryName(
    options.format === "parquet" ? options.output : join(options.runDirectory, "results.parquet"),
  );
  const converted = temporaryName(options.output);
  try {
    rmSync(joined, { force: true });
    joinParquetFiles(
      parts.map((part) => part.results),
      joined,
      { columns: columns.results, metadata: describe(plan, "results") },
    );
    const repeated = await findRepeatedKeys(
      joined,
      reports.flatMap(({ files }) => files),
    );
    if (options.format !== "parquet") await convertResults(joined, converted, options.format);
    commitFile(options.format === "parquet" ? joined : converted, options.output);
    return repeated;
  } finally {
    rmSync(joined, { force: true });
    rmSync(converted, { force: true });
  }
}

type JoinOptions = Parameters<typeof joinParquetFiles>[2];

function joinInPlace(parts: string[], output: string, how: JoinOptions): void {
  const temporary = temporaryName(output);
  rmSync(temporary, { force: true });
  joinParquetFiles(parts, temporary, how);
  commitFile(temporary, output);
}

/** What the file says of itself: what it is, and what it was made with. */
function describe({ versions, taskOptions }: RunPlan, kind: string): KeyValue[] {
  const { detector, version, digests } = taskOptions.bundle;
  return [
    { key: KIND_KEY, value: kind },
    { key: "flightbatch.version", value: versions.flightbatch },
    { key: "flightbatch.model", value: `${detector}/${version}` },
    { key: "flightbatch.bundle_sha256", value: digests.bundle! },
    { key: "flightbatch.onnxruntime", value: versions.onnxruntime },
  ];
}
