/** The slow oracle, part 4: processed input, where each row is a window and each signal a list of evenly spaced samples. */
import type { Recipe } from "../../src/features/recipe.ts";
import { COVERED, NO_EXTENT, type WindowFeatures } from "../../src/windows/series.ts";
import { oracleFeature } from "./feature.ts";
import { nearest, type OracleSignal } from "./signal.ts";
import { type OracleWindow, toWindowFeatures } from "./windows.ts";

/** One row of processed input; times in nanoseconds since any origin, what is missing or out of range is null. */
export interface ListRow {
  startNs: number;
  /** Exclusive. */
  endNs: number | null;
  /** The row's own phase, code 0 to 7. */
  phase: number | null;
  /** By signal, in the recipe's order. */
  lists: (readonly (number | null)[] | null)[];
}

/** A window per row, in the order given. Lists are not filled, and the shaft turns within the row only. */
export function oracleLists(rows: ListRow[], recipe: Recipe): WindowFeatures {
  const usual = recipe.signals.map((_, s) => usualLength(rows.map((row) => row.lists[s]?.length ?? 0)));
  return toWindowFeatures(
    rows.map((row) => windowOf(row, usual, recipe)),
    recipe,
  );
}

/** The commonest length of the lists that are not empty; the longest of those that tie; 0 if there is none. */
export function usualLength(lengths: number[]): number {
  let usual = 0;
  let most = 0;
  for (const length of lengths.filter((n) => n > 0)) {
    const count = lengths.filter((n) => n === length).length;
    if (count < most || (count === most && length <= usual)) continue;
    usual = length;
    most = count;
  }
  return usual;
}

function windowOf(row: ListRow, usual: number[], recipe: Recipe): OracleWindow {
  const phaseSet = row.phase === null ? 0 : 1 << row.phase;
  const values = recipe.features.map(() => Number.NaN);
  if (row.endNs === null || row.endNs <= row.startNs)
    return { start: row.startNs, coverage: NO_EXTENT, phaseSet, values };

  const extent = row.endNs - row.startNs;
  const signals = row.lists.map((list) => samplesOf(list ?? [], row.startNs, extent));
  const coverage = signals.findIndex((signal, s) => {
    const length = row.lists[s]?.length ?? 0;
    return length === 0 || signal.values.length / Math.max(usual[s], length) < recipe.window.minCoverage;
  });
  if (coverage >= 0) return { start: row.startNs, coverage, phaseSet, values };

  const byName = new Map(recipe.signals.map((spec, i) => [spec.name, signals[i]]));
  const view = { window: byName, flight: byName };
  return {
    start: row.startNs,
    coverage: COVERED,
    phaseSet,
    values: recipe.features.map((feature) => oracleFeature(feature, view)),
  };
}

function samplesOf(list: readonly (number | null)[], start: number, extent: number): OracleSignal {
  const signal: OracleSignal = { times: [], values: [], step: extent / Math.max(1, list.length) };
  list.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) return;
    signal.times.push(start + nearest(i * signal.step!));
    signal.values.push(value);
  });
  return signal;
}
