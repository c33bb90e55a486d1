import { rmSync } from "node:fs";
import { join } from "node:path";
import type { KeyValue } from "hyparquet";
import { commitFile, temporaryName, writeFileAtomic } from "../io/atomic-write.ts";
import { isRemote } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import { convertResults } from "../results/convert.ts";
import { sqlText } from "../results/duckdb.ts";
import { type JoinOptions, joinParquetFiles, ParquetJoiner } from "../results/parquet/join-files.ts";
import { KIND_KEY } from "../results/parquet/write-chunks.ts";
import { findRepeatedKeys, type RepeatedKeys } from "../results/repeated-keys.ts";
import type { TaskReport } from "../task/messages.ts";
import { columnsOfRun, partFiles } from "../task/part-files.ts";
import type { RunPlan } from "./plan.ts";
import type { SettledOptions } from "./run-options.ts";
import type { RunResult } from "./run-result.ts";
import type { Staged } from "./staged-output.ts";

/** What came of putting parts together; `dataSet` of a run that writes one. */
export interface MergedParts {
  repeated: RepeatedKeys;
  dataSet: RunResult["dataSet"];
}

interface PartsMerge {
  plan: RunPlan;
  settled: SettledOptions;
  /** Where files are put together. */
  place: Staged["place"];
  reports: readonly TaskReport[];
  workingDirectory: string;
}

/** Puts the parts together in the plan's order: the results under their name, whole or not at all, and `windows.parquet`. */
export async function mergeParts({
  plan,
  settled,
  place: options,
  reports,
  workingDirectory,
}: PartsMerge): Promise<MergedParts> {
  const parts = reports.map((report) => partFiles(plan.taskOptions.partsDirectory, report));
  const columns = columnsOfRun(plan.taskOptions);
  const windows = join(options.runDirectory, "windows.parquet");
  await joinInPlace(
    parts.map((part) => part.windows),
    windows,
    { columns: columns.windows, metadata: describe(plan, "windows") },
  );
  if (options.format === "dataset") {
    const { mergeDataSet } = await import("./data-set/merge-data-set.ts");
    const { hasNothingNew } = await import("./data-set/nothing-new.ts");
    const metadata = describe(plan, "results");
    const { repeated, tally, manifest } = await mergeDataSet({ plan, settled, reports, workingDirectory, metadata });
    // A store's is vouched for by its copy here.
    if (isRemote(settled.output)) writeFileAtomic(options.output, manifest);
    const { unchanged, vanished } = plan.dataSet!;
    return { repeated, dataSet: { ...tally, unchanged, vanished, isAsBefore: hasNothingNew(plan) } };
  }
  const joined = temporaryName(
    options.format === "parquet" ? options.output : join(options.runDirectory, "results.parquet"),
  );
  const converted = temporaryName(options.output);
  try {
    rmSync(joined, { force: true });
    await joinParts(
      parts.map((part) => part.results),
      joined,
      { columns: columns.results, metadata: describe(plan, "results") },
    );
    const repeated = await findRepeatedKeys(
      async () => `read_parquet(${sqlText(joined)})`,
      reports.flatMap(({ files }) => files),
    );
    if (options.format !== "parquet") await convertResults(joined, converted, options.format);
    commitFile(options.format === "parquet" ? joined : converted, options.output);
    return { repeated, dataSet: null };
  } finally {
    rmSync(joined, { force: true });
    rmSync(converted, { force: true });
  }
}

async function joinInPlace(parts: string[], output: string, how: JoinOptions): Promise<void> {
  const temporary = temporaryName(output);
  rmSync(temporary, { force: true });
  await joinParts(parts, temporary, how);
  commitFile(temporary, output);
}

/** Parts that are under way from a store at once. */
const PARTS_AHEAD = 8;

/** Parts of a store are fetched to files beside the output, a few ahead, and go once they are joined. */
async function joinParts(parts: string[], output: string, how: JoinOptions): Promise<void> {
  if (parts.length === 0 || !isRemote(parts[0]!)) {
    joinParquetFiles(parts, output, how);
    return;
  }
  const storage = await storageOf(parts[0]!);
  const fetched: Promise<string>[] = [];
  const fetchNext = () => {
    const part = parts[fetched.length];
    if (part === undefined) return;
    const file = `${output}.${fetched.length}`;
    const fetching = storage.download(part, file).then(() => file);
    // A failure is looked at when its turn comes.
    fetching.catch(() => {});
    fetched.push(fetching);
  };
  for (let i = 0; i < PARTS_AHEAD; i++) fetchNext();
  const joiner = new ParquetJoiner(output, how);
  try {
    for (let i = 0; i < parts.length; i++) {
      const file = await fetched[i]!;
      joiner.add(file);
      rmSync(file, { force: true });
      fetchNext();
    }
    joiner.finish();
  } finally {
    joiner.close();
  }
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
