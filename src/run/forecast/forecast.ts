import type { FaultDetail } from "../../faults/fault.ts";
import { mapLimited } from "../../io/map-limited.ts";
import type { ModelBundle } from "../../model/bundle.ts";
import { SchemaTables } from "../../recording/parquet/schema-table.ts";
import { MemoryGrant } from "../../task/memory-grant.ts";
import type { TaskReport } from "../../task/messages.ts";
import { PartLedger } from "../../task/part-ledger.ts";
import { filesMemory } from "../memory-plan.ts";
import { planRun, type RunPlan } from "../plan.ts";
import type { PrunedFile } from "../prune.ts";
import type { SettledOptions } from "../run-options.ts";
import { standingReports } from "../run-tasks.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { type ForeseenFile, foreseeFile, recallFile } from "./foresee-file.ts";

/** What a run would do. */
export interface Forecast {
  model: { directory: string; detector: string; version: string; sha256: string };
  options: Pick<SettledOptions, "data" | "filter" | "inputKind" | "batchSize"> & {
    output: string | null;
    /** Workers that there will be: fewer than wanted where the memory limit has no room for them. */
    workers: number;
    memoryLimitBytes: number;
  };
  /** Files to read, in the order of the results. */
  files: ForeseenFile[];
  pruned: { files: PrunedFile[]; countsByRule: Record<string, number> };
  /** Of the files to read: windows that are known to come, and files of which nothing tells how many. */
  windows: { expected: number; unknownFiles: number };
  tasks: ForeseenTasks;
  /** Parts of an earlier run of this output that are done again, and why. */
  redone: string[];
  /** What could not be looked into while listing: it counts as failed. */
  listingFaults: FaultDetail[];
  warnings: string[];
  estimate: Estimate;
}

/** The tasks of a run; bytes are those of their inputs. */
export interface ForeseenTasks {
  total: number;
  /** Of these, parts that stand from an earlier run of this output. */
  standing: number;
  /** Of those that are to be done. */
  bytes: { smallest: number; median: number; largest: number } | null;
  files: { smallest: number; median: number; largest: number } | null;
}

/** Footers under way at once: their reads are short and wait for the disk; none is kept. */
const FILES_AT_ONCE = 16;

/**
 * Foresees a run, and writes nothing. `output` is null where none was given: then nothing can stand from an earlier run.
 * @throws Fault USAGE, FILTER_INVALID
 */
export async function forecastRun(
  bundle: ModelBundle,
  options: SettledOptions,
  output: string | null,
): Promise<Forecast> {
  const plan = await planRun(bundle, options);
  const standing: (TaskReport | null)[] =
    options.fresh || output === null
      ? plan.tasks.map(() => null)
      : await standingReports(plan, await PartLedger.open(plan.taskOptions.partsDirectory));
  const files = await foreseeFiles(plan, standing, options);
  const { data, filter, inputKind, batchSize, memory } = options;
  const limits = { workers: memory.workers, memoryLimitBytes: memory.limitBytes };
  return {
    model: describeModel(bundle),
    options: { data, output, filter, inputKind, batchSize, ...limits },
    files,
    pruned: { files: plan.pruned.pruned, countsByRule: plan.pruned.countsByRule },
    windows: {
      expected: files.reduce((sum, { windows }) => sum + (windows ?? 0), 0),
      unknownFiles: files.filter(({ windows }) => windows === null).length,
    },
    tasks: describeTasks(plan, standing),
    redone: plan.redone,
    listingFaults: plan.listingFaults,
    warnings: plan.warnings,
    estimate: await estimate(files, { options, taskCount: standing.filter((report) => report === null).length }),
  };
}

async function foreseeFiles(
  { tasks, taskOptions: { bundle } }: RunPlan,
  standing: (TaskReport | null)[],
  { inputKind, memory }: SettledOptions,
): Promise<ForeseenFile[]> {
  const work = tasks.flatMap(({ files }, task) =>
    files.map((file, at) => ({ file, report: standing[task]?.files[at] })),
  );
  const grant = new MemoryGrant({ bytes: filesMemory(memory, work.length), isAll: true });
  const foresight = { bundle, inputKind, schemas: new SchemaTables(), memory: grant };
  return mapLimited(work, FILES_AT_ONCE, async ({ file, report }) =>
    report === undefined ? foreseeFile(file, foresight) : recallFile(file, report),
  );
}

function describeModel({ directory, detector, version, digests }: ModelBundle): Forecast["model"] {
  return { directory, detector, version, sha256: digests.bundle! };
}

function describeTasks({ tasks }: RunPlan, standing: (TaskReport | null)[]): ForeseenTasks {
  const open = tasks.filter((_, task) => standing[task] === null);
  return {
    total: tasks.length,
    standing: tasks.length - open.length,
    bytes: spread(open.map(({ files }) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))),
    files: spread(open.map(({ files }) => files.length)),
  };
}

function spread(values: number[]): ForeseenTasks["bytes"] {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  return { smallest: sorted[0]!, median: sorted[(sorted.length - 1) >> 1]!, largest: sorted[sorted.length - 1]! };
}
