import { Fault } from "../faults/fault.ts";
import type { Recipe } from "../features/recipe.ts";
import type { OutsideRange } from "../quality/sketch.ts";
import { nanosecondsOf } from "../windows/grid.ts";
import { stepsOf } from "../windows/median.ts";
import type { SeriesInput } from "../windows/series.ts";
import type { Column, Table, TextColumn } from "./column.ts";
import { splitFlights } from "./flights.ts";
import { knownPhases } from "./phases.ts";
import { PresentRows } from "./present-rows.ts";
import type { FlightSeries, Identity, Oddities, RecordingCounts } from "./recording.ts";
import { collectSamples, type SignalColumn } from "./samples.ts";
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
  oddities: Oddities;
}

/** Reads a raw or interim file as flights. Their values may lie in the table's memory. @throws Fault SIGNAL_MISSING, COLUMN_TYPE, ROWS_TOO_FAR_APART */
export function readSeries(table: Table, context: RecordingContext): FlightSeries[] {
  const { path, recipe, identity, times } = context;
  const signals = signalColumns(path, table, recipe).map(({ name, column }) => ({
    column: asNumbers(path, name, column),
    quality: qualityColumn(table, name),
  }));
  const columns = { signals, phase: table.columns.get("flight_phase") };
  return splitFlights(table, identity, times).map(({ aircraftId, flightId, rows, backwardSteps }) => {
    context.oddities.backwardSteps += backwardSteps;
    const distinct = rows === null ? null : dropEqualTimes(rows, context);
    const { input, outside } = seriesInput(distinct, columns, context);
    checkRowStep(input, context);
    return { aircraftId, flightId, originNs: times.originNs, input, outside };
  });
}

interface SeriesColumns {
  signals: SignalColumn[];
  phase: Column | undefined;
}

function seriesInput(
  rows: Int32Array | null,
  { signals, phase }: SeriesColumns,
  { recipe, times, counts }: RecordingContext,
): { input: SeriesInput; outside: (OutsideRange | null)[] } {
  const rowTimes = rows === null ? times.times : Float64Array.from(rows, (row) => times.times[row]!);
  const flight = { times: rowTimes, rows };
  const present = new PresentRows(flight);
  const outside = new Map<string, OutsideRange>();
  const source = { flight, present, counts, outside };
  const samples = signals.map((signal, i) => collectSamples(signal, recipe.signals[i]!, source));
  const rowSteps = rows === null ? times.steps : rowTimes.length < 2 ? null : stepsOf(rowTimes);
  return {
    input: { rowTimes, rowSteps, samples, phases: knownPhases(phase, present) },
    outside: recipe.signals.map(({ name }) => outside.get(name) ?? null),
  };
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

/** Instants further apart than a quarter of the window are no recording of a flight's signals. @throws Fault ROWS_TOO_FAR_APART */
export function checkRowStep(
  { rowSteps }: Pick<SeriesInput, "rowSteps">,
  { path, recipe }: Pick<RecordingContext, "path" | "recipe">,
): void {
  if (!rowSteps) return;
  const stepNs = rowSteps.median;
  if (stepNs <= nanosecondsOf(recipe.window.lengthSeconds) / 4) return;
  throw new Fault({
    code: "ROWS_TOO_FAR_APART",
    path,
    found: `rows ${stepNs / 1e9} s apart`,
    expected: `a recording with rows at most ${recipe.window.lengthSeconds / 4} s apart, a quarter of the window`,
    hint: "Is it a features table that lacks a column of the model's, or the wrong recipe?",
  });
}
