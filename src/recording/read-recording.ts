import type { Recipe } from "../features/recipe.ts";
import type { ScratchBuffer } from "../io/scratch-buffer.ts";
import { nanosecondsOf } from "../windows/grid.ts";
import { medianOf } from "../windows/median.ts";
import type { Table } from "./column.ts";
import type { Identity, InputKind, Recording, RecordingCounts } from "./recording.ts";
import { type RecordingContext, readSeries } from "./series-recording.ts";
import { checkInstants, type RowTimes, readTimes, timeColumn } from "./times.ts";
import { unusableColumns } from "./unusable-columns.ts";
import { hasEveryFeature, readFeatures, readLists } from "./window-rows.ts";

/** How to read a decoded file. */
export interface ReadOptions {
  path: string;
  recipe: Recipe;
  identity: Identity;
  /** Overrides what is recognised. */
  kind?: InputKind | undefined;
  /** Where the rows' times are put; the recording ends when it is used again. */
  scratch?: ScratchBuffer;
}

/** Columns that are read whatever the recipe; signals, their qualities and the features come to them. */
const OWN_COLUMNS = [
  "timestamp",
  "timestamp_start",
  "timestamp_end",
  "aircraft_id",
  "flight_id",
  "window_id",
  "flight_phase",
];

/** The columns of which a recipe can make use. */
export function usableColumns(recipe: Recipe): Set<string> {
  const signals = recipe.signals.flatMap(({ columns }) => columns.flatMap((name) => [name, `${name}_quality`]));
  return new Set([...OWN_COLUMNS, ...signals, ...recipe.features.map(({ name }) => name)]);
}

/**
 * Understands a decoded file: its kind, its flights, their rows in order, their signals cleaned.
 * @throws Fault TIME_MISSING, TIME_TYPE, SIGNAL_MISSING, FEATURE_MISSING, COLUMN_TYPE, ROWS_TOO_FAR_APART
 */
export function readRecording(table: Table, options: ReadOptions): Recording {
  const shape = recogniseShape(table, options);
  if (shape !== "features?") return readAs(shape, table, options);
  const times = readTimes(timeColumn(options.path, table, "timestamp"), noCounts(table), options.scratch);
  return readAs(kindOfSteps(times, options.recipe, table), table, options);
}

function readAs(kind: InputKind, table: Table, options: ReadOptions): Recording {
  const counts = noCounts(table);
  const column = timeColumn(options.path, table, kind === "processed" ? "timestamp_start" : "timestamp");
  const times = readTimes(column, counts, options.scratch);
  checkInstants(options.path, column, times);
  const oddities = { backwardSteps: 0, unusableColumns: unusableColumns(table, kind, options.recipe) };
  const context: RecordingContext = { ...options, times, counts, oddities };
  if (kind === "features") return { kind, counts, oddities, flights: readFeatures(table, context) };
  if (kind === "processed") return { kind, counts, oddities, flights: readLists(table, context) };
  return { kind, counts, oddities, flights: readSeries(table, context) };
}

function noCounts(table: Table): RecordingCounts {
  return { rows: table.rowCount, noTime: 0, timeImplausible: 0, duplicateTime: 0, outOfRange: {}, unknownQuality: 0 };
}

/** The kind by the columns alone; `features?` where the time step must decide. */
function recogniseShape(table: Table, { kind, recipe }: ReadOptions): InputKind | "features?" {
  if (kind !== undefined) return kind;
  const has = (name: string) => table.columns.has(name);
  if (has("timestamp") && hasEveryFeature(table, recipe)) return has("window_id") ? "features" : "features?";
  if (has("timestamp_start") && has("timestamp_end")) return "processed";
  return seriesKind(table);
}

function seriesKind(table: Table): "raw" | "interim" {
  return [...table.columns.keys()].some((name) => name.endsWith("_quality")) ? "interim" : "raw";
}

/**
 * The kind of a file of which the columns are known, and perhaps the usual step between its rows; null there is taken as that of windows.
 */
export function foreseeKind(table: Table, options: ReadOptions, medianStepNs: number | null): InputKind {
  const shape = recogniseShape(table, options);
  return shape === "features?" ? kindOfStep(medianStepNs, options.recipe, table) : shape;
}

function kindOfSteps({ times }: RowTimes, recipe: Recipe, table: Table): InputKind {
  const sorted = times.filter((t) => !Number.isNaN(t)).sort();
  const steps = sorted
    .subarray(1)
    .map((t, i) => t - sorted[i]!)
    .filter((step) => step > 0);
  return kindOfStep(steps.length === 0 ? null : medianOf(steps), recipe, table);
}

/** Every feature has a column: a table of windows if its rows lie at least half a hop apart, else signals that are named like features. */
function kindOfStep(medianStepNs: number | null, recipe: Recipe, table: Table): InputKind {
  const isFeatures = medianStepNs === null || medianStepNs >= nanosecondsOf(recipe.window.hopSeconds) / 2;
  if (isFeatures) return "features";
  return table.columns.has("timestamp_start") && table.columns.has("timestamp_end") ? "processed" : seriesKind(table);
}
