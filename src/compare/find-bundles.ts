import { resolve } from "node:path";
import type { ResultFile } from "../aggregate/result-file.ts";
import { asFault, Fault } from "../faults/fault.ts";
import { isRemote } from "../io/storage/address.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import type { RunRecord } from "./run-record.ts";
import type { Side } from "./side.ts";

/**
 * The bundles that made the results: those of `--models`, else those that the runs name, or in words why they cannot be had.
 * @throws Fault for one of `--models` that cannot be run, or is not what made the results
 */
export async function findBundles(
  files: Record<Side, ResultFile>,
  records: Record<Side, RunRecord | null>,
  models: readonly [string, string] | undefined,
): Promise<Record<Side, ModelBundle> | string> {
  if (models !== undefined) {
    return { a: await namedBundle(models[0], files.a), b: await namedBundle(models[1], files.b) };
  }
  const a = await recordedBundle(files.a, records.a);
  if (typeof a === "string") return a;
  const b = await recordedBundle(files.b, records.b);
  return typeof b === "string" ? b : { a, b };
}

async function namedBundle(directory: string, { path, bundleDigest }: ResultFile): Promise<ModelBundle> {
  const bundle = await loadBundle(directory);
  if (bundleDigest === null || bundle.digests.bundle === bundleDigest) return bundle;
  throw new Fault({
    code: "USAGE",
    path: `--models ${directory}`,
    found: `a bundle with the digest ${bundle.digests.bundle}`,
    expected: `the one that made ${path}, ${bundleDigest}`,
    hint: "Give the bundles in the order of the results. Was a file of the bundle changed since?",
  });
}

async function recordedBundle(file: ResultFile, record: RunRecord | null): Promise<ModelBundle | string> {
  const directory = record?.bundleDirectory ?? null;
  if (directory === null) return `nothing beside ${file.path} says which bundle made it (give --models A B)`;
  try {
    const bundle = await loadBundle(isRemote(directory) ? directory : resolve(directory));
    if (bundle.digests.bundle === file.bundleDigest) return bundle;
    return `the bundle ${directory} is no longer the one that made ${file.path} (give --models A B)`;
  } catch (error) {
    return `the bundle of ${file.path} cannot be read: ${asFault(error).detail.found} at ${directory} (give --models A B)`;
  }
}
