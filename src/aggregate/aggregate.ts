import { existsSync, realpathSync } from "node:fs";
import { BOOTSTRAP } from "./bootstrap-by-flight.ts";
import { makeCells } from "./cells.ts";
import { type RecordedCoverage, readCoverage } from "./coverage.ts";
import { filterResults } from "./data-set-file.ts";
import { Database } from "./database.ts";
import { noPhases } from "./faults.ts";
import { labelModels } from "./label-models.ts";
import { listResults } from "./list-results.ts";
import { type AggregateOptions, type Dimension, type SettledAggregate, settleAggregate, usage } from "./options.ts";
import type { DaysOfModels } from "./page/days.ts";
import type { RepeatedWindows } from "./repeated-windows.ts";
import type { ResultFile } from "./result-file.ts";
import { hasPhase } from "./rows-sql.ts";
import type { CellsOf } from "./sum-cells.ts";
import { type GroupRow, type ModelSummary, type Summarised, summariseCells } from "./summary.ts";
import { LEAST_POINTS } from "./theil-sen.ts";
import { makeFolder, writeSummary } from "./write-summary.ts";

/** The summary of results, as `.json` has it. With results of several models all `by_...` but `by_model` are those of each model, in there. */
export interface AggregateSummary extends ModelSummary {
  by_model?: Record<string, ModelSummary>;
  /** By all dimensions together, where there are several. */
  groups?: GroupRow[];
  /** What the runs say of their recordings; null where no `coverage.parquet` is beside the inputs. */
  coverage: RecordedCoverage | null;
  group_by: Dimension[];
  /** As it was asked; absent where all rows are in. */
  filter?: string;
  /** Rows that other inputs hold, too, with the same score: counted once. */
  repeated_windows: number;
  inputs: { path: string; model: string | null; window_seconds: number; window_seconds_assumed: boolean }[];
  /** How the intervals and slopes were made. */
  method: Record<string, string | number>;
}

/** What became of an aggregation. */
export interface AggregateResult {
  output: string;
  summary: AggregateSummary;
  /** What the reader should know: windows counted once, lengths of windows assumed, files passed over. */
  warnings: string[];
}

/**
 * Sums up results of runs and writes the summary, whole or not at all. In bounded memory, whatever the number of rows. `stop` ends it early.
 * @throws Fault for what cannot be meant or read, results of several models, a window with two scores
 */
export async function aggregateResults(options: AggregateOptions, stop?: AbortSignal): Promise<AggregateResult> {
  const settled = settleAggregate(options);
  const { files, passedOver } = await listFiles(settled);
  const labels = labelModels(files, settled.groupBy.includes("model"));
  if (settled.groupBy.includes("flight_phase")) requirePhases(files);
  const grain = {
    withPhase: settled.groupBy.includes("flight_phase"),
    withSeverity: settled.groupBy.includes("severity"),
  };
  const computed = await compute(settled, { files, labels, ...grain }, stop);
  const { repeated, summarised } = computed;
  const summary = assemble(settled, { files, labels, ...computed });
  const digests = files.map(({ bundleDigest }) => bundleDigest);
  await writeSummary(settled, { summary, summarised, days: computed.days, digests });
  return { output: settled.output, summary, warnings: warningsOf({ files, passedOver, repeated }) };
}

async function listFiles({
  input,
  output,
  filter,
}: SettledAggregate): Promise<{ files: ResultFile[]; passedOver: number }> {
  const { files, passedOver } = await listResults(input);
  if (existsSync(output) && files.some(({ path }) => realpathSync(path) === realpathSync(output))) {
    throw usage(`--output ${output}`, {
      found: "one of the results that are read",
      expected: "another file",
      hint: "Name the summary otherwise.",
    });
  }
  return { files: filter === null ? files : files.map((file) => filterResults(file, filter)), passedOver };
}

function requirePhases(files: readonly ResultFile[]): void {
  const without = files.filter((file) => !hasPhase(file) && file.windowsPath === null);
  if (without.length > 0) throw noPhases(without);
}

async function compute(
  { output, format, groupBy, trend }: SettledAggregate,
  of: CellsOf,
  stop: AbortSignal | undefined,
): Promise<Omit<Found, "files" | "labels">> {
  makeFolder(output);
  const db = await Database.open(output);
  const interrupt = () => db.interrupt();
  stop?.addEventListener("abort", interrupt);
  try {
    const repeated = await makeCells(db, of);
    const models = [...new Set(of.labels)];
    return {
      repeated,
      summarised: await summariseCells(db, { groupBy, trend, models }),
      coverage: await readCoverage(db, of.files),
      days: format === "html" ? await (await import("./page/days.ts")).readDays(db) : new Map(),
    };
  } finally {
    stop?.removeEventListener("abort", interrupt);
    db.close();
  }
}

interface Found {
  files: readonly ResultFile[];
  labels: readonly string[];
  repeated: RepeatedWindows;
  summarised: Summarised;
  coverage: RecordedCoverage | null;
  /** Empty unless a page is made. */
  days: DaysOfModels;
}

function assemble(
  { groupBy, trend, filter }: SettledAggregate,
  { files, labels, repeated, summarised, coverage }: Omit<Found, "days">,
): AggregateSummary {
  const { totals, byModel, groups } = summarised;
  const isOne = byModel.size === 1;
  return {
    ...(isOne ? [...byModel.values()][0]! : totals),
    ...(groupBy.includes("model") ? { by_model: Object.fromEntries(byModel) } : {}),
    ...(groupBy.length > 1 ? { groups } : {}),
    coverage,
    group_by: groupBy,
    ...(filter === null ? {} : { filter: filter.text }),
    repeated_windows: repeated.windows,
    inputs: files.map(({ path, model, windowSeconds, isWindowKnown }, i) => ({
      path,
      model: model === null ? null : labels[i]!,
      window_seconds: windowSeconds,
      window_seconds_assumed: !isWindowKnown,
    })),
    method: {
      intervals: "percentile bootstrap, whole flights drawn",
      confidence: BOOTSTRAP.confidence,
      resamples: BOOTSTRAP.resamples,
      seed: BOOTSTRAP.seed,
      ...(trend === null
        ? {}
        : {
            trend: `Theil-Sen slope of the anomaly rate per ${trend}, with Sen's interval at 95 %`,
            trend_least_points: LEAST_POINTS,
          }),
    },
  };
}

function warningsOf({
  files,
  passedOver,
  repeated,
}: Pick<Found, "files" | "repeated"> & { passedOver: number }): string[] {
  const assumed = files.filter(({ isWindowKnown }) => !isWindowKnown);
  const nameless = files.filter(({ model }) => model === null);
  const named = ([first, ...more]: readonly ResultFile[]) =>
    more.length === 0 ? first!.path : `${first!.path} and ${more.length} more`;
  return [
    ...(passedOver > 0 ? [`${passedOver} other ${passedOver === 1 ? "file" : "files"} passed over: no results`] : []),
    ...repeated.pairs
      .slice(0, 5)
      .map(
        ({ first, other, windows }) =>
          `${windows} windows of ${first} are in ${other} too, with the same scores: counted once`,
      ),
    ...(repeated.pairs.length > 5
      ? [`${repeated.pairs.length - 5} more pairs of files hold the same windows: counted once`]
      : []),
    ...(nameless.length > 0 ? [`nothing says which model made ${named(nameless)}`] : []),
    ...(assumed.length > 0
      ? [`no run.json with the length of a window for ${named(assumed)}: ${assumed[0]!.windowSeconds} s assumed`]
      : []),
  ];
}
