import { Fault } from "../faults/fault.ts";
import { joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { Versions } from "../io/versions.ts";
import type { Partition } from "./partition.ts";

/** What a data set holds, and what it was made of: `_manifest.json`. It is replaced at once, and what it names is the data set. */
export interface Manifest {
  format: "flightbatch data set";
  layout: 1;
  /** Counts the changes of the data set. */
  generation: number;
  writtenAt: string;
  /** Digest of the plan that this generation came of: a merge that is repeated is known by it. */
  plan: string;
  versions: Versions;
  model: { detector: string; version: string; bundleSha256: string };
  window: { lengthSeconds: number; hopSeconds: number };
  /** All that decides rows beside the inputs, by name: where one differs, the whole data set has to be made anew. */
  ingredients: Record<string, string>;
  /** Columns of the files, in their order; `date` and `aircraft_id` are in the names of folders. */
  columns: string[];
  partitionColumns: ["date", "aircraft_id"];
  rows: number;
  /** What became of each flight's recorded time: a file below the data set's folder that readers pass over. */
  coverage: string | null;
  inputs: DataSetInput[];
  files: DataSetFile[];
}

/** An input whose rows are in the data set, or that failed. */
export interface DataSetInput {
  /** From the root of the file system, or an address in a store. */
  path: string;
  sizeBytes: number;
  modifiedNs: string;
  sidecarStamp: string | null;
  contentHash: string | null;
  rows: number;
  /** Digest of its rows, latency aside; null of none. */
  rowsDigest: string | null;
  /** Code of its failure, and whether that may pass; null if it did not fail. */
  failure: { code: string; mayPass: boolean } | null;
}

/** A file of a data set: immutable, its name has the digest of its bytes. */
export interface DataSetFile extends Partition {
  /** Below the data set's folder. */
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
  anomalies: number;
  /** Its row groups in their order. */
  groups: DataSetGroup[];
}

/** A row group: rows of one flight of one input and day. */
export interface DataSetGroup {
  input: string;
  flightId: string;
  rows: number;
  anomalies: number;
}

/** Name of the manifest; readers of data sets pass over names that begin with `_`. */
export const MANIFEST = "_manifest.json";

/** The manifest of a data set, or null where there is none. @throws Fault USAGE if it is of another kind or layout */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const path = joinPlace(folder, MANIFEST);
  let text: string;
  try {
    text = new TextDecoder().decode(await (await storageOf(path)).read(path));
  } catch (error) {
    if (error instanceof Fault && error.code === "FILE_MISSING") return null;
    throw error;
  }
  const manifest = parse(text);
  if (manifest?.format === "flightbatch data set" && manifest.layout === 1) return manifest;
  throw new Fault({
    code: "USAGE",
    path,
    found: manifest === null ? "no JSON" : `layout ${String(manifest.layout)} of ${String(manifest.format)}`,
    expected: "the manifest of a data set of this version of flightbatch",
    hint: "Was it changed by hand, or written by a later version? Make the data set anew in another folder.",
  });
}

/** Puts a manifest in place: the moment from which the data set is another. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = joinPlace(folder, MANIFEST);
  await (await storageOf(path)).write(path, JSON.stringify(manifest));
}

function parse(text: string): Manifest | null {
  try {
    return JSON.parse(text) as Manifest | null;
  } catch {
    return null;
  }
}
