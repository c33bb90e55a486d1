import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { KeyValue } from "hyparquet";
import { commitDataSet, type DataSetTally, type NewGroup } from "../../dataset/commit.ts";
import { type DataSetFile, type DataSetInput, type Manifest, readManifest } from "../../dataset/manifest.ts";
import { settleDataSet } from "../../dataset/settle.ts";
import { FAULT_CODES, Fault } from "../../faults/fault.ts";
import type { InputFile } from "../../io/input-file.ts";
import { mapLimited } from "../../io/map-limited.ts";
import { isRemote, joinPlace } from "../../io/storage/address.ts";
import { storageOf } from "../../io/storage/storage.ts";
import { encodeCoverage } from "../../results/coverage.ts";
import { DATA_SET_FOLDERS, sqlPath } from "../../results/duckdb.ts";
import { findRepeatedKeys, type KeyedFile, type RepeatedKeys } from "../../results/repeated-keys.ts";
import type { FileReport } from "../../results/reports.ts";
import type { TaskReport } from "../../task/messages.ts";
import { columnsOfRun, partFiles } from "../../task/part-files.ts";
import type { RunPlan } from "../plan.ts";
import { mayPass } from "../plan-record.ts";
import type { SettledOptions } from "../run-options.ts";
import { inputPath } from "./plan-data-set.ts";

/** What came of a data set: its keys, and how it changed. */
export interface MergedDataSet {
  repeated: RepeatedKeys;
  tally: DataSetTally;
  /** The manifest as it lies there. */
  manifest: string;
}

interface DataSetMerge {
  plan: RunPlan;
  settled: SettledOptions;
  reports: readonly TaskReport[];
  workingDirectory: string;
  metadata: KeyValue[];
}

/** Puts the parts into the data set. @throws Fault USAGE if another run has changed it since this one was planned */
export async function mergeDataSet(merge: DataSetMerge): Promise<MergedDataSet> {
  const { plan, settled, reports, workingDirectory, metadata } = merge;
  const { generation, dropped } = plan.dataSet!;
  const base = await readManifest(settled.output);
  const header = headerOf(plan);
  const isRepeated = base?.generation === generation + 1 && base.plan === header.plan;
  if (!isRepeated && (base?.generation ?? 0) !== generation) throw changedMeanwhile(settled.output);
  const files = reports.flatMap((report) => report.files);
  if (isRepeated) return mergedBefore(settled.output, base, { files, workingDirectory });
  const listed = new Map(plan.tasks.flatMap((task) => task.files).map((file) => [file.path, file]));
  const { tally, touched, manifest } = await commitDataSet(settled.output, {
    base,
    header,
    dropped: new Set(dropped),
    inputs: reports.flatMap(({ files }) =>
      files.map((file) => inputOf(file, listed.get(file.path)!, workingDirectory)),
    ),
    groups: reports.flatMap((report) => groupsOf(report, plan.taskOptions.partsDirectory, workingDirectory)),
    coverage: encodeCoverage(files.map((file) => ({ ...file, path: inputPath(file.path, workingDirectory) }))),
    columns: columnsOfRun(plan.taskOptions).results,
    metadata,
  });
  return { tally, manifest, repeated: await repeatedKeys(settled.output, { touched, files, workingDirectory }) };
}

/** A merge that is repeated, after it had changed the data set. */
async function mergedBefore(
  folder: string,
  base: Manifest,
  { files, workingDirectory }: { files: readonly FileReport[]; workingDirectory: string },
): Promise<MergedDataSet> {
  await settleDataSet(folder);
  const counts = { inputs: base.inputs.length, rows: base.rows, files: base.files.length };
  return {
    tally: { ...counts, written: 0, untouched: base.files.length, removed: 0 },
    manifest: JSON.stringify(base),
    repeated: await repeatedKeys(folder, { touched: base.files, files, workingDirectory }),
  };
}

function headerOf({
  versions,
  taskOptions,
  record,
  dataSet,
}: RunPlan): Omit<Manifest, "generation" | "inputs" | "files" | "rows" | "coverage"> {
  const { detector, version, digests, recipe } = taskOptions.bundle;
  const { lengthSeconds, hopSeconds } = recipe.window;
  return {
    format: "flightbatch data set",
    layout: 1,
    writtenAt: new Date().toISOString(),
    plan: createHash("sha256")
      .update(JSON.stringify([record.tasks.map(({ fingerprint }) => fingerprint), dataSet]))
      .digest("hex"),
    versions,
    model: { detector, version, bundleSha256: digests.bundle! },
    window: { lengthSeconds, hopSeconds },
    ingredients: record.ingredients,
    columns: columnsOfRun(taskOptions).results.map(({ element }) => element.name),
    partitionColumns: ["date", "aircraft_id"],
  };
}

function inputOf(report: FileReport, listed: InputFile, workingDirectory: string): DataSetInput {
  const { contentHash, flights, rowsDigest, failure } = report;
  const { path, sizeBytes, modifiedNs, sidecarStamp } = listed;
  return {
    path: inputPath(path, workingDirectory),
    ...{ sizeBytes, modifiedNs, sidecarStamp, contentHash },
    rows: flights.reduce((sum, { scored }) => sum + scored, 0),
    rowsDigest: rowsDigest ?? null,
    failure: failure === null ? null : { code: failure.code, mayPass: mayPass(FAULT_CODES[failure.code]) },
  };
}

/** The row groups of a part: of each flight of each file one for each day that has windows, in their order. */
function groupsOf(report: TaskReport, partsDirectory: string, workingDirectory: string): NewGroup[] {
  const part = { path: partFiles(partsDirectory, report).results, bytes: report.part!.bytes[0] };
  const groups = report.files.flatMap(({ path, flights }) =>
    flights.flatMap(({ aircraftId, flightId, days }) =>
      Object.entries(days)
        .filter(([, { windows }]) => windows > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([date, { windows: rows, anomalies }]) => ({
          ...{ date, aircraftId, flightId, rows, anomalies },
          input: inputPath(path, workingDirectory),
        })),
    ),
  );
  return groups.map((group, index) => ({ ...group, part, index }));
}

/** Looked for where something was written: in those folders also among the rows that stood. */
async function repeatedKeys(
  folder: string,
  {
    touched,
    files,
    workingDirectory,
  }: { touched: readonly DataSetFile[]; files: readonly FileReport[]; workingDirectory: string },
): Promise<RepeatedKeys> {
  const own = files.map(({ path, flights }) => ({ path: inputPath(path, workingDirectory), flights }));
  const scored = new Set(own.map(({ path }) => path));
  const standing = touched.flatMap(({ aircraftId, groups }): KeyedFile[] =>
    groups
      .filter(({ input }) => !scored.has(input))
      .map(({ input, flightId }) => ({ path: input, flights: [{ aircraftId, flightId, repeatsIds: false }] })),
  );
  const folderHere = isRemote(folder) ? mkdtempSync(join(tmpdir(), "flightbatch-keys-")) : folder;
  try {
    return await findRepeatedKeys(async () => {
      const paths = touched.map(({ path }) => path);
      if (folderHere !== folder) await mapLimited(paths, 8, (path) => fetchFile(folder, folderHere, path));
      return `read_parquet([${paths.map((path) => sqlPath(joinPlace(folderHere, path))).join(", ")}], ${DATA_SET_FOLDERS})`;
    }, [...own, ...standing]);
  } finally {
    if (folderHere !== folder) rmSync(folderHere, { recursive: true, force: true });
  }
}

async function fetchFile(from: string, to: string, path: string): Promise<void> {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  await (await storageOf(from)).download(joinPlace(from, path), join(to, path));
}

function changedMeanwhile(path: string): Fault {
  return new Fault({
    code: "USAGE",
    path,
    found: "a data set that another run has changed since this one was planned",
    expected: "one run at a time for each data set",
    hint: "Run the same command again: what is done is kept.",
  });
}
