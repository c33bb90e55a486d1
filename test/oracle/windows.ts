/** The slow oracle, part 3: the windows of a series, one at a time. */
import type { Recipe } from "../../src/features/recipe.ts";
import { COVERED, type SeriesInput, type WindowFeatures } from "../../src/windows/series.ts";
import { oracleFeature } from "./feature.ts";
import {
  differences,
  median,
  nanoseconds,
  nearest,
  type OracleSignal,
  oracleSignal,
  samplesBetween,
} from "./signal.ts";

/** One window as the oracle sees it; `values` are NaN throughout where a signal lacks coverage. */
export interface OracleWindow {
  start: number;
  coverage: number;
  phaseSet: number;
  values: number[];
}

/** Every window of a series with its coverage, phases and features. Fewer than two rows have no windows. */
export function oracleWindows(input: SeriesInput, recipe: Recipe): WindowFeatures {
  const windows: OracleWindow[] = [];
  const { rowTimes } = input;
  if (rowTimes.length >= 2) {
    const length = nanoseconds(recipe.window.lengthSeconds);
    const hop = nanoseconds(recipe.window.hopSeconds);
    const rowStep = median(differences(rowTimes));
    const span = rowTimes[rowTimes.length - 1] - rowTimes[0];
    const signals = recipe.signals.map((spec, i) => oracleSignal(input.samples[i], spec, rowStep));
    for (let k = 0; k * hop + length <= span + 1.5 * rowStep; k++) {
      const start = rowTimes[0] + k * hop;
      windows.push(windowOf({ start, end: start + length }, { input, recipe, signals }));
    }
  }
  return toWindowFeatures(windows, recipe);
}

interface Flight {
  input: SeriesInput;
  recipe: Recipe;
  signals: OracleSignal[];
}

function windowOf({ start, end }: { start: number; end: number }, { input, recipe, signals }: Flight): OracleWindow {
  const parts = signals.map((signal) => samplesBetween(signal, start, end));
  const coverage = parts.findIndex((part) => {
    if (part.step === null) return true;
    const expected = Math.max(1, nearest((end - start) / part.step));
    return part.values.length / expected < recipe.window.minCoverage;
  });
  const byName = (list: OracleSignal[]) => new Map(recipe.signals.map((spec, i) => [spec.name, list[i]]));
  const view = { window: byName(parts), flight: byName(signals) };
  return {
    start,
    coverage: coverage < 0 ? COVERED : coverage,
    phaseSet: commonest(input.phases, start, end),
    values: recipe.features.map((feature) => (coverage < 0 ? oracleFeature(feature, view) : Number.NaN)),
  };
}

/** The most common phases of the rows from `start` to `end` (excluded), all that tie, as bits. */
function commonest(phases: SeriesInput["phases"], start: number, end: number): number {
  const counts = new Array<number>(8).fill(0);
  for (let i = 0; i < phases.times.length; i++) {
    if (phases.times[i] >= start && phases.times[i] < end) counts[phases.codes[i]]++;
  }
  const most = Math.max(...counts);
  let set = 0;
  for (let code = 0; code < 8; code++) if (most > 0 && counts[code] === most) set |= 1 << code;
  return set;
}

/** Windows one by one as the columns of {@link WindowFeatures}. */
export function toWindowFeatures(windows: OracleWindow[], recipe: Recipe): WindowFeatures {
  return {
    count: windows.length,
    starts: Float64Array.from(windows, (w) => w.start),
    phaseSets: Uint8Array.from(windows, (w) => w.phaseSet),
    coverage: Int16Array.from(windows, (w) => w.coverage),
    features: recipe.features.map((_, f) => Float64Array.from(windows, (w) => w.values[f])),
  };
}
