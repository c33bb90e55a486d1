import { Fault } from "../faults/fault.ts";
import type { Recipe } from "../features/recipe.ts";
import { nanosecondsOf } from "../windows/grid.ts";
import { medianStep } from "../windows/median.ts";
import { type SeriesInput, UNKNOWN_PHASE } from "../windows/series.ts";
import type { NumberColumn, Table, TextColumn } from "./column.ts";
import { splitFlights } from "./flights.ts";
import { phaseCodes } from "./phases.ts";
import type { FlightSeries, Identity, RecordingCounts } from "./recording.ts";
import { collectSamples } from "./samples.ts";
import { asNumbers, signalColumns } from "./signal-columns.ts";
import type { RowTimes } from "./times.ts";

/** What is needed beside the table to understand a file. */
export interface RecordingContext {
  path: string;
  recipe: Recipe;
  /** The file's identity as a whole: used for rows that have none of their own. */
  identity: Identity;
  times: RowTimes;
  counts: RecordingCounts;
}

/** Reads a raw or interim file as flights. @throws Fault SIGNAL_MISSING, COLUMN_TYPE, ROWS_TOO_FAR_APART */
export function readSeries(table: Table, context: RecordingContext): FlightSeries[] {
  const { path, recipe, identity, times } = context;
  const signals = signalColumns(path, table, recipe).map(({ name, column }) => ({
    column: asNumbers(path, name, column),
    quality: qualityColumn(table, name),
  }));
  const phases = phaseCodes(table.columns.get("flight_phase"), table.rowCount);
  return splitFlights(table, identity, times).map(({ aircraftId, flightId, rows }) => {
    const distinct = rows === null ? null : dropEqualTimes(rows, context);
    const input = seriesInput({ rows: distinct, signals, phases }, context);
    checkRowStep(input.rowTimes, context);
    return { aircraftId, flightId, originNs: times.originNs, input };
  });
}

interface FlightColumns {
  rows: Int32Array | null;
  signals: { column: NumberColumn; quality: TextColumn | null }[];
  phases: Uint8Array;
}

function seriesInput(
  { rows, signals, phases }: FlightColumns,
  { recipe, times, counts }: RecordingContext,
): SeriesInput {
  const rowTimes = rows === null ? times.times : Float64Array.from(rows, (row) => times.times[row]!);
  const samples = signals.map(({ column, quality }, i) =>
    collectSamples(column, recipe.signals[i]!, { source: { rowTimes, rows, quality }, counts }),
  );
  return { rowTimes, samples, phases: knownPhases(phases, rows, rowTimes) };
}

function qualityColumn(table: Table, name: string): TextColumn | null {
  const column = table.columns.get(`${name}_quality`);
  return column?.kind === "text" ? column : null;
}

function dropEqualTimes(rows: Int32Array, { times, counts }: RecordingContext): Int32Array {
  const distinct = rows.filter((row, i) => i === 0 || times.times[row]! > times.times[rows[i - 1]!]!);
  counts.duplicateTime += rows.length - distinct.length;
  return distinct;
}

function knownPhases(phases: Uint8Array, rows: Int32Array | null, rowTimes: Float64Array): SeriesInput["phases"] {
  const times = new Float64Array(rowTimes.length);
  const codes = new Uint8Array(rowTimes.length);
  let count = 0;
  for (let i = 0; i < rowTimes.length; i++) {
    const code = phases[rows === null ? i : rows[i]!]!;
    if (code === UNKNOWN_PHASE) continue;
    times[count] = rowTimes[i]!;
    codes[count++] = code;
  }
  return { times: times.subarray(0, count), codes: codes.subarray(0, count) };
}

/** Instants further apart than a quarter of the window are no recording of a flight's signals. */
function checkRowStep(rowTimes: Float64Array, { path, recipe }: RecordingContext): void {
  if (rowTimes.length < 2) return;
  const stepNs = medianStep(rowTimes);
  if (stepNs <= nanosecondsOf(recipe.window.lengthSeconds) / 4) return;
  throw new Fault({
    code: "ROWS_TOO_FAR_APART",
    path,
    found: `rows ${stepNs / 1e9} s apart`,
    expected: `a recording with rows at most ${recipe.window.lengthSeconds / 4} s apart, a quarter of the window`,
    hint: "Is it a features table that lacks a column of the model's, or the wrong recipe?",
  });
}
