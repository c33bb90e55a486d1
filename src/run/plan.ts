import { createHash } from "node:crypto";
import type { FaultDetail } from "../faults/fault.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import { FILE_FACTS } from "../io/file-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import { listInputs } from "../io/list-inputs.ts";
import { joinPlace } from "../io/storage/address.ts";
import { currentVersions, type Versions } from "../io/versions.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { AbsentFile } from "../results/reports.ts";
import type { Task, TaskOptions } from "../task/messages.ts";
import { findAbsentFiles, warnOfAbsent } from "./absent-files.ts";
import type { DataSetPlan } from "./data-set/plan-data-set.ts";
import { type Ingredients, type PlanRecord, PROCESSOR, readEarlierRun } from "./plan-record.ts";
import { type PrunedInputs, pruneInputs } from "./prune.ts";
import { recutTasks } from "./recut-tasks.ts";
import type { SettledOptions } from "./run-options.ts";

/** Changes whenever the same inputs give other parts. */
const PART_VERSION = 7;

/** What a run will do, as plain data. */
export interface RunPlan {
  versions: Versions;
  taskOptions: TaskOptions;
  tasks: Task[];
  record: PlanRecord;
  /** Of a run that writes a data set: what it will do to it. */
  dataSet: DataSetPlan | null;
  /** Files to read, and their bytes. */
  fileCount: number;
  totalBytes: number;
  pruned: Pick<PrunedInputs, "pruned" | "countsByRule">;
  /** Parts of an earlier run that are done again, and why. */
  redone: string[];
  /** Files that should be there by their sidecars. */
  absentFiles: AbsentFile[];
  /** What could not be looked into while listing. */
  listingFaults: FaultDetail[];
  warnings: string[];
}

/** Lists the inputs, prunes what the filter rules out, and cuts the rest into tasks. @throws Fault USAGE, FILTER_INVALID */
export async function planRun(bundle: ModelBundle, options: SettledOptions): Promise<RunPlan> {
  const filter = options.filter === null ? null : parseFilter(options.filter);
  const own = [options.output, options.runDirectory, options.quarantineDirectory].filter((path) => path !== null);
  const listing = await listInputs(options.data, own);
  const inputs =
    filter === null
      ? { kept: listing.files, pruned: [], countsByRule: {} }
      : await pruneInputs(listing.files, filter, FILE_FACTS);
  const absentFiles = options.verify === "off" ? [] : await findAbsentFiles(listing.lonelySidecars, filter);
  const versions = currentVersions();
  const ingredients = ingredientsOf(bundle, options, versions);
  const { files, dataSet, warnings } =
    options.format === "dataset"
      ? await (await import("./data-set/plan-data-set.ts")).planDataSet(options, ingredients, inputs.kept)
      : { files: inputs.kept, dataSet: null, warnings: [] };
  const { groups, redone } = await carryOn(files, options, ingredients);
  const tasks = groups.map((own, index) => ({ index, files: own, fingerprint: fingerprintOf([ingredients, own]) }));
  return {
    versions,
    taskOptions: taskOptionsOf(bundle, options),
    tasks,
    record: { ingredients, tasks: tasks.map((task) => ({ fingerprint: task.fingerprint, files: task.files })) },
    dataSet,
    fileCount: files.length,
    totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    pruned: { pruned: inputs.pruned, countsByRule: inputs.countsByRule },
    // What a data set holds stands by itself: its parts are gone after every run.
    redone: options.incremental ? [] : redone,
    absentFiles,
    listingFaults: listing.faults,
    warnings: [
      ...bundle.warnings,
      ...listing.warnings,
      ...options.memory.warnings,
      ...warnings,
      ...warnOfAbsent(absentFiles),
    ],
  };
}

/** All that decides a part's rows beside its files. */
function ingredientsOf(
  bundle: ModelBundle,
  { filter, inputKind, explain, strict, verify, format }: SettledOptions,
  versions: Versions,
): Ingredients {
  return {
    "the layout of parts": String(PART_VERSION),
    "flightbatch's version": versions.flightbatch,
    "ONNX Runtime's version": versions.onnxruntime,
    [PROCESSOR]: versions.cpu,
    "the model bundle": bundle.digests.bundle!,
    "the filter": filter ?? "",
    "the kind of input": inputKind ?? "",
    "--explain": String(explain),
    "--strict": strict.join(","),
    "--verify": verify,
    ...(format === "dataset" ? { "the form of the results": "data set" } : {}),
  };
}

/** The files in groups, those of an earlier run as it cut them where they still stand; what does not stand is named. */
async function carryOn(
  files: readonly InputFile[],
  { runDirectory, fresh, engine }: SettledOptions,
  ingredients: Ingredients,
): Promise<{ groups: InputFile[][]; redone: string[] }> {
  // Who joins a run that is under way, or comes back to one, has to find its tasks: they are cut as before whether or not they are done.
  const whole = engine !== null;
  const earlier = fresh && !whole ? { cuts: [], changed: [] } : await readEarlierRun(runDirectory, ingredients, whole);
  const { groups, dropped } = recutTasks(files, earlier.cuts);
  const redone = dropped.map(
    ({ files: own, why }) => `${own.length === 1 ? own[0]!.path : `${own.length} files from ${own[0]!.path}`}: ${why}`,
  );
  if (earlier.changed.length > 0) redone.push(`all parts of the run before: ${earlier.changed.join(", ")} changed`);
  return { groups, redone };
}

function taskOptionsOf(
  bundle: ModelBundle,
  { batchSize, filter, inputKind, cacheDirectory, explain, strict, verify, format, runDirectory }: SettledOptions,
): TaskOptions {
  const partsDirectory = joinPlace(runDirectory, "parts");
  const partitioned = format === "dataset";
  return { bundle, batchSize, filter, inputKind, cacheDirectory, explain, strict, verify, partitioned, partsDirectory };
}

function fingerprintOf(parts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
