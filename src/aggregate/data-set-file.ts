import { join, resolve } from "node:path";
import { type Manifest, readManifest } from "../dataset/manifest.ts";
import { findDataSetFile, hasStaged } from "../dataset/settle.ts";
import type { Filter } from "../filter/filter.ts";
import { exactly, filterMight } from "../filter/restrict-filter.ts";
import { conditionSql } from "./filter-sql.ts";
import type { ResultFile } from "./result-file.ts";

/** A data set among results: its manifest, and the files that are read. */
export interface DataSetParts {
  manifest: Manifest;
  paths: string[];
}

const DAY_NS = 86_400_000_000_000n;

/** A data set as one file of results. Its manifest says all; none of its files is opened. */
export async function describeDataSet(folder: string): Promise<ResultFile> {
  const manifest = (await readManifest(folder))!;
  const { model, window, columns, files, coverage } = manifest;
  return {
    path: folder,
    format: "parquet",
    columns: [...columns, "aircraft_id"],
    hasTimes: files.length > 0,
    // By itself: no other results are read by the same statement.
    shape: JSON.stringify(["data set", resolve(folder)]),
    model: `${model.detector}/${model.version}`,
    bundleDigest: model.bundleSha256,
    windowSeconds: window.lengthSeconds,
    isWindowKnown: true,
    windowsPath: null,
    coveragePath: coverage === null ? null : join(folder, coverage),
    dataSet: { manifest, paths: await pathsOf(folder, manifest) },
  };
}

/** While a run puts its files in place, some are still in staging. */
async function pathsOf(folder: string, { files }: Manifest): Promise<string[]> {
  if (!(await hasStaged(folder))) return files.map(({ path }) => join(folder, path));
  const found: string[] = [];
  for (const { path } of files) found.push((await findDataSetFile(folder, path)) ?? join(folder, path));
  return found;
}

/**
 * Results of which only the rows that match are read: of a data set only the files of days and aircraft in which a row can match. What is
 * known of recordings as a whole no longer holds. @throws Fault FILTER_INVALID for a condition on the flight phase
 */
export function filterResults(file: ResultFile, filter: Filter): ResultFile {
  const filtered = { ...file, where: conditionSql(filter), coveragePath: null };
  if (file.dataSet === undefined) return filtered;
  const { manifest, paths } = file.dataSet;
  const might = manifest.files.map(({ date, aircraftId }) => {
    const earliestNs = BigInt(Date.parse(date)) * 1_000_000n;
    const startNs = { earliestNs, latestNs: earliestNs + DAY_NS - 1n };
    return filterMight(filter, { aircraftId: exactly(aircraftId), startNs }) !== "none";
  });
  // A statement needs a file to read, if only to find nothing in it.
  const read = paths.filter((_, i) => might[i]);
  return { ...filtered, dataSet: { manifest, paths: read.length > 0 ? read : paths.slice(0, 1) } };
}
