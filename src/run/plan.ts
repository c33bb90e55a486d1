import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FaultDetail } from "../faults/fault.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import { LOCAL_FACTS } from "../io/file-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import { listInputs } from "../io/list-inputs.ts";
import { currentVersions, type Versions } from "../io/versions.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { Task, TaskOptions } from "../task/messages.ts";
import { cutTasks } from "./cut-tasks.ts";
import { type PrunedInputs, pruneInputs } from "./prune.ts";
import type { SettledOptions } from "./run-options.ts";

/** Changes whenever the same inputs give other parts. */
const PART_VERSION = 1;

/** What a run will do, as plain data. */
export interface RunPlan {
  versions: Versions;
  taskOptions: TaskOptions;
  tasks: Task[];
  /** Files to read, and their bytes. */
  fileCount: number;
  totalBytes: number;
  pruned: Pick<PrunedInputs, "pruned" | "countsByRule">;
  /** What could not be looked into while listing. */
  listingFaults: FaultDetail[];
  warnings: string[];
}

/** Lists the inputs, prunes what the filter rules out, and cuts the rest into tasks. @throws Fault USAGE, FILTER_INVALID */
export async function planRun(bundle: ModelBundle, options: SettledOptions): Promise<RunPlan> {
  const filter = options.filter === null ? null : parseFilter(options.filter);
  const listing = await listInputs(options.data, [options.output, options.runDirectory]);
  const inputs =
    filter === null
      ? { kept: listing.files, pruned: [], countsByRule: {} }
      : await pruneInputs(listing.files, filter, LOCAL_FACTS);
  const taskOptions: TaskOptions = {
    bundle,
    batchSize: options.batchSize,
    filter: options.filter,
    inputKind: options.inputKind,
    cacheDirectory: options.cacheDirectory,
    explain: options.explain,
    partsDirectory: join(options.runDirectory, "parts"),
  };
  const versions = currentVersions();
  const common = fingerprintOf([
    PART_VERSION,
    versions.flightbatch,
    versions.onnxruntime,
    versions.cpu,
    bundle.digests.bundle,
    options.filter,
    options.inputKind,
    options.explain,
  ]);
  return {
    versions,
    taskOptions,
    tasks: cutTasks(inputs.kept).map((files, index) => ({
      index,
      files,
      fingerprint: fingerprintOf([common, files.map(identityOf)]),
    })),
    fileCount: inputs.kept.length,
    totalBytes: inputs.kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    pruned: { pruned: inputs.pruned, countsByRule: inputs.countsByRule },
    listingFaults: listing.faults,
    warnings: [...bundle.warnings, ...listing.warnings],
  };
}

function identityOf({ path, sizeBytes, modifiedNs }: InputFile): unknown[] {
  return [path, sizeBytes, modifiedNs];
}

function fingerprintOf(parts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
