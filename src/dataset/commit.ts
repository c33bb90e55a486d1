import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { KeyValue } from "hyparquet";
import { isRemote, joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { ResultColumn } from "../results/parquet/columns.ts";
import { fileOfGroups, type PlacedGroup } from "../results/parquet/row-groups.ts";
import { writeCoverage } from "./coverage.ts";
import { GroupReader } from "./group-reader.ts";
import { type DataSetFile, type DataSetGroup, type DataSetInput, type Manifest, writeManifest } from "./manifest.ts";
import { type Partition, partitionFolder } from "./partition.ts";
import { findDataSetFile, settleDataSet, stagedPath } from "./settle.ts";

/** A row group of a part that goes into a data set. */
export interface NewGroup extends DataSetGroup, Partition {
  part: { path: string; bytes: number };
  /** Its place among the part's row groups. */
  index: number;
}

/** How a data set is to change. */
export interface DataSetChange {
  /** What there is; null for a new data set. */
  base: Manifest | null;
  /** What the manifest says beside inputs, files and rows. */
  header: Omit<Manifest, "generation" | "inputs" | "files" | "rows" | "coverage">;
  /** Inputs whose rows of before go: they were scored again, or are wanted no more. */
  dropped: ReadonlySet<string>;
  inputs: readonly DataSetInput[];
  groups: readonly NewGroup[];
  /** What became of the recorded time of the run's inputs, a Parquet file. */
  coverage: Uint8Array;
  columns: ResultColumn[];
  metadata: KeyValue[];
}

/** What became of a data set. */
export interface DataSetTally {
  inputs: number;
  rows: number;
  /** Files: all, those that were written, and those that were left as they are. */
  files: number;
  written: number;
  untouched: number;
  /** Files of before that are gone or replaced. */
  removed: number;
}

/**
 * Changes a data set: new files are written beside it, then the manifest is replaced, then the files are put in place and those that it does
 * not name removed. Killed at any moment, the manifest names the whole data set of before or the whole new one.
 */
export async function commitDataSet(
  folder: string,
  change: DataSetChange,
): Promise<{ tally: DataSetTally; touched: DataSetFile[]; manifest: string }> {
  const before = new Map(change.base?.files.map((file) => [partitionFolder(file), file]));
  const fresh = groupByPartition(change.groups);
  const reader = new GroupReader();
  const digests = digestsOf(change);
  const files: DataSetFile[] = [];
  const touched: DataSetFile[] = [];
  for (const place of [...new Set([...before.keys(), ...fresh.keys()])].sort(compareBytes)) {
    const old = before.get(place) ?? null;
    const file = await partitionFile(folder, { old, fresh: fresh.get(place) ?? [], change, digests, reader });
    if (file !== null) files.push(file);
    if (file !== null && file !== old) touched.push(file);
  }
  const paths = new Set(files.map(({ path }) => path));
  const removed = [...before.values()].filter(({ path }) => !paths.has(path)).length;
  const inputs = [...(change.base?.inputs.filter(({ path }) => !change.dropped.has(path)) ?? []), ...change.inputs];
  const manifest: Manifest = {
    ...change.header,
    generation: (change.base?.generation ?? 0) + 1,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    coverage: await coverageOf(folder, change),
    inputs: inputs.sort((a, b) => compareBytes(a.path, b.path)),
    files,
  };
  const standing = change.base !== null && saysTheSame(change.base, manifest) ? change.base : null;
  if (standing === null) await writeManifest(folder, manifest);
  // Also where nothing changes: a run may have been killed after its manifest, with old files still there.
  await settleDataSet(folder);
  const tally = { inputs: inputs.length, rows: manifest.rows, files: files.length, removed };
  return {
    tally: { ...tally, written: touched.length, untouched: files.length - touched.length },
    touched,
    manifest: JSON.stringify(standing ?? manifest),
  };
}

/** Where no input comes or goes it is as it was. */
async function coverageOf(folder: string, change: DataSetChange): Promise<string | null> {
  const isSame = change.base !== null && change.inputs.length === 0 && change.dropped.size === 0;
  if (isSame) return change.base!.coverage;
  const isNew = change.base?.inputs.every(({ path }) => change.dropped.has(path)) === true;
  return writeCoverage(folder, { ...change, base: isNew ? null : change.base });
}

interface OnePartition {
  old: DataSetFile | null;
  fresh: readonly NewGroup[];
  change: DataSetChange;
  digests: RowDigests;
  reader: GroupReader;
}

/** The file of a partition: the old one where nothing of it changes, null where nothing is left. */
async function partitionFile(
  folder: string,
  { old, fresh, change, digests, reader }: OnePartition,
): Promise<DataSetFile | null> {
  const kept = old?.groups.flatMap((group, index) => (change.dropped.has(group.input) ? [] : [{ group, index }])) ?? [];
  if (old !== null && fresh.length === 0 && kept.length === old.groups.length) return old;
  if (fresh.length === 0 && kept.length === 0) return null;
  const { date, aircraftId } = old ?? fresh[0]!;
  const groups: { group: DataSetGroup; placed: PlacedGroup }[] = [];
  if (old !== null && kept.length > 0) {
    const part = { path: (await findDataSetFile(folder, old.path)) ?? joinPlace(folder, old.path), bytes: old.bytes };
    for (const { group, index } of kept) groups.push({ group, placed: await reader.group(part, { index, ...group }) });
  }
  for (const { part, index, input, flightId, rows, anomalies } of fresh)
    groups.push({ group: { input, flightId, rows, anomalies }, placed: await reader.group(part, { index, rows }) });
  // The order of inputs by their paths, whatever order they came in: done at once or night by night, the rows are the same.
  groups.sort((a, b) => compareBytes(a.group.input, b.group.input));
  const rows = groups.map(({ group }) => group);
  if (old !== null && hasSameRows(old, rows, digests)) return old;
  const bytes = await fileOfGroups(
    groups.map(({ placed }) => placed),
    change,
  );
  return stageFile(folder, { old, bytes, file: { date, aircraftId, groups: rows } });
}

/** Whether a file has these rows already, latencies aside: scored again, they came to the same. */
function hasSameRows(old: DataSetFile, groups: readonly DataSetGroup[], { before, now }: RowDigests): boolean {
  if (JSON.stringify(old.groups) !== JSON.stringify(groups)) return false;
  return groups.every(({ input }) => !now.has(input) || now.get(input) === before.get(input));
}

/** Digests of the rows of each input, latencies aside, before and now; of before none where rows were made otherwise. */
interface RowDigests {
  before: ReadonlyMap<string, string | null>;
  now: ReadonlyMap<string, string | null>;
}

function digestsOf({ base, header, inputs }: DataSetChange): RowDigests {
  const isSame = base !== null && JSON.stringify(base.ingredients) === JSON.stringify(header.ingredients);
  const map = (all: readonly DataSetInput[]) => new Map(all.map(({ path, rowsDigest }) => [path, rowsDigest]));
  return { before: map(isSame ? base.inputs : []), now: map(inputs) };
}

async function stageFile(
  folder: string,
  { old, bytes, file }: { old: DataSetFile | null; bytes: Uint8Array; file: Partition & { groups: DataSetGroup[] } },
): Promise<DataSetFile> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = `${partitionFolder(file)}/part-${sha256.slice(0, 32)}.parquet`;
  if (old?.path === path) return old;
  const staged = joinPlace(folder, stagedPath(path));
  if (!isRemote(folder)) mkdirSync(dirname(staged), { recursive: true });
  await (await storageOf(staged)).write(staged, bytes);
  const sum = (of: (group: DataSetGroup) => number) => file.groups.reduce((total, group) => total + of(group), 0);
  return {
    path,
    ...file,
    rows: sum(({ rows }) => rows),
    anomalies: sum(({ anomalies }) => anomalies),
    bytes: bytes.length,
    sha256,
  };
}

function groupByPartition(groups: readonly NewGroup[]): Map<string, NewGroup[]> {
  const found = new Map<string, NewGroup[]>();
  for (const group of groups) {
    const place = partitionFolder(group);
    const known = found.get(place);
    if (known === undefined) found.set(place, [group]);
    else known.push(group);
  }
  return found;
}

function saysTheSame(a: Manifest, b: Manifest): boolean {
  const timeless = (manifest: Manifest) => JSON.stringify({ ...manifest, generation: 0, writtenAt: "", plan: "" });
  return timeless(a) === timeless(b);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
