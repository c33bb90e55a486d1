import { Fault } from "../faults/fault.ts";
import type { Recipe, SignalSpec } from "../features/recipe.ts";
import { type OutsideRange, sketchOf } from "../quality/sketch.ts";
import { type SampleLists, UNKNOWN_PHASE } from "../windows/series.ts";
import { type Column, isValid, type ListColumn, type NumberColumn, type Table } from "./column.ts";
import { nameReader, splitFlights } from "./flights.ts";
import { phaseCodes } from "./phases.ts";
import type { FlightFeatures, FlightLists, WindowRows } from "./recording.ts";
import { finiteOutside, type Range } from "./samples.ts";
import type { RecordingContext } from "./series-recording.ts";
import { asLists, asNumbers, signalColumns } from "./signal-columns.ts";
import { plausibleTimesFrom, timeColumn } from "./times.ts";

/** Reads a processed file: a window a row, a list of samples per signal. @throws Fault SIGNAL_MISSING, COLUMN_TYPE, TIME_TYPE */
export function readLists(table: Table, context: RecordingContext): FlightLists[] {
  const { path, recipe, times } = context;
  const ends = plausibleTimesFrom(timeColumn(path, table, "timestamp_end"), times.originNs);
  const lists = signalColumns(path, table, recipe).map(({ name, column }) => asLists(path, name, column));
  const usualLengths = lists.map(usualLength);
  const phases = phaseCodes(table.columns.get("flight_phase"), table.rowCount);
  return flightRows(table, context).map(({ rows, ...flight }) => {
    const starts = pick(times.times, rows);
    const outside = new Map<string, OutsideRange>();
    const input = {
      starts,
      ends: pick(ends, rows).map((end, i) => (end > starts[i]! ? end : Number.NaN)),
      phases: Uint8Array.from(rows, (row) => phases[row]!),
      lists: lists.map((column, i) => {
        const picked = pickLists(column, rows, usualLengths[i]!);
        leaveOutOutside(picked, recipe.signals[i]!, { counts: context.counts, outside });
        return picked;
      }),
    };
    return { ...flight, input, outside: recipe.signals.map(({ name }) => outside.get(name) ?? null) };
  });
}

/** Reads a features file: a window a row, a number per feature. @throws Fault FEATURE_MISSING, COLUMN_TYPE */
export function readFeatures(table: Table, context: RecordingContext): FlightFeatures[] {
  const { path, recipe, times } = context;
  checkFeatures(path, table, recipe);
  const columns = recipe.features.map(({ name }) => asNumbers(path, name, table.columns.get(name)!));
  const phases = phaseCodes(table.columns.get("flight_phase"), table.rowCount);
  return flightRows(table, context).map(({ rows, ...flight }) => ({
    ...flight,
    starts: pick(times.times, rows),
    phaseSets: Uint8Array.from(rows, (row) => (phases[row] === UNKNOWN_PHASE ? 0 : 1 << phases[row]!)),
    features: columns.map((column) => Float64Array.from(rows, (row) => valueAt(column, row))),
  }));
}

/** That of a table which the user says is one of features no column is missing. */
function checkFeatures(path: string, table: Table, recipe: Recipe): void {
  const missing = recipe.features.filter(({ name }) => !table.columns.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new Fault({
    code: "FEATURE_MISSING",
    path,
    found: `no column for ${missing.join(", ")} among ${[...table.columns.keys()].join(", ")}`,
    expected: `a column for each feature of the model: ${recipe.features.map(({ name }) => name).join(", ")}`,
    hint: "Compute the feature, or score the recording that it comes from.",
  });
}

/** Whether every feature of the recipe is a column of its own, with one value a row. */
export function hasEveryFeature(table: Table, recipe: Recipe): boolean {
  return recipe.features.every(({ name }) => isScalar(table.columns.get(name)));
}

function isScalar(column: Column | undefined): boolean {
  return column !== undefined && column.kind !== "list" && !/^(list|struct|map)/.test(column.type);
}

function flightRows(
  table: Table,
  { identity, times, oddities }: RecordingContext,
): (WindowRows & { rows: Int32Array })[] {
  const idColumn = table.columns.get("window_id");
  const idAt = idColumn === undefined ? null : nameReader(idColumn);
  let firstRow = 0;
  return splitFlights(table, identity, times).map(({ aircraftId, flightId, rows: chosen, backwardSteps }) => {
    oddities.backwardSteps += backwardSteps;
    const rows = chosen ?? Int32Array.from({ length: table.rowCount }, (_, row) => row);
    const windowIds = idAt === null ? null : Array.from(rows, idAt);
    firstRow += rows.length;
    return { aircraftId, flightId, originNs: times.originNs, windowIds, firstRow: firstRow - rows.length, rows };
  });
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function pickLists({ offsets, validity, items }: ListColumn, rows: Int32Array, usualLength: number): SampleLists {
  const values: number[] = [];
  const picked = new Int32Array(rows.length + 1);
  rows.forEach((row, k) => {
    const end = isValid(validity, row) ? offsets[row + 1]! : offsets[row]!;
    for (let i = offsets[row]!; i < end; i++) values.push(valueAt(items, i));
    picked[k + 1] = values.length;
  });
  return { offsets: picked, values: Float64Array.from(values), usualLength };
}

/** Makes what is no number of the range missing, and counts it. */
function leaveOutOutside(
  lists: SampleLists,
  { name, range }: SignalSpec,
  { counts, outside }: Pick<RecordingContext, "counts"> & { outside: Map<string, OutsideRange> },
): void {
  const [low, high] = range ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
  const limits: Range = { low, high };
  const { values } = lists;
  const found = finiteOutside(values, limits);
  counts.outOfRange[name] = (counts.outOfRange[name] ?? 0) + found.count;
  if (found.count > 0) {
    outside.set(name, { ...found, sketch: sketchOf(values) });
    lists.outside = rowsOutside(lists, limits);
  }
  for (let i = 0; i < values.length; i++) if (!(values[i]! >= low && values[i]! <= high)) values[i] = Number.NaN;
}

function rowsOutside({ offsets, values }: SampleLists, limits: Range): Uint8Array {
  return Uint8Array.from({ length: offsets.length - 1 }, (_, row) =>
    finiteOutside(values.subarray(offsets[row]!, offsets[row + 1]!), limits).count > 0 ? 1 : 0,
  );
}

function valueAt({ values, validity }: NumberColumn, i: number): number {
  return isValid(validity, i) ? values[i]! : Number.NaN;
}

/** The commonest length of the lists that are not empty, of several as common the longest; 0 if all are empty. */
function usualLength({ offsets, validity }: ListColumn): number {
  const timesSeen = new Map<number, number>();
  for (let row = 0; row + 1 < offsets.length; row++) {
    const length = isValid(validity, row) ? offsets[row + 1]! - offsets[row]! : 0;
    if (length > 0) timesSeen.set(length, (timesSeen.get(length) ?? 0) + 1);
  }
  let usual = 0;
  for (const [length, seen] of timesSeen) {
    const most = timesSeen.get(usual) ?? 0;
    if (seen > most || (seen === most && length > usual)) usual = length;
  }
  return usual;
}
