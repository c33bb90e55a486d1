import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** What `run.json` says of the results beside it. */
export interface RunFacts {
  model?: string;
  bundleDigest?: string;
  windowSeconds?: number;
  /** Where the bundle was, and sha256 of its `thresholds.yaml`. */
  bundleDirectory?: string;
  thresholdsDigest?: string;
}

/** The run's facts on a results file; null where there is no `run.json`, or it tells of another file (such as the same results in another form). */
export async function readRunFacts(resultsPath: string): Promise<RunFacts | null> {
  const path = companionPath(resultsPath, "run.json");
  if (path === null) return null;
  const report = await readJson(path);
  const output = textAt(report, "options", "output");
  if (output === undefined || basename(output) !== basename(resultsPath)) return null;
  const [detector, version] = [textAt(report, "bundle", "detector"), textAt(report, "bundle", "version")];
  const bundleDigest = textAt(report, "bundle", "digests", "bundle");
  const bundleDirectory = textAt(report, "bundle", "directory");
  const thresholdsDigest = textAt(report, "bundle", "digests", "thresholds.yaml");
  const windowSeconds = valueAt(report, "window", "lengthSeconds");
  return {
    ...(detector === undefined || version === undefined ? {} : { model: `${detector}/${version}` }),
    ...(bundleDigest === undefined ? {} : { bundleDigest }),
    ...(bundleDirectory === undefined ? {} : { bundleDirectory }),
    ...(thresholdsDigest === undefined ? {} : { thresholdsDigest }),
    ...(typeof windowSeconds === "number" && windowSeconds > 0 && windowSeconds < 1e6 ? { windowSeconds } : {}),
  };
}

/** The path of a file in `<stem>.run/` beside results, or null if it is not there. */
export function companionPath(resultsPath: string, name: string): string | null {
  const stem = resultsPath.replace(/\.(parquet|csv|csv\.gz|jsonl|json)$/i, "");
  const path = join(`${stem}.run`, name);
  return existsSync(path) ? path : null;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch {
    return null;
  }
}

function textAt(value: unknown, ...keys: string[]): string | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : undefined;
}

function valueAt(value: unknown, ...keys: string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
