import { compileFilter, type WindowTest } from "../filter/compile-filter.ts";
import type { Filter } from "../filter/filter.ts";
import { exactly } from "../filter/restrict-filter.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { SkipReason } from "../results/reports.ts";
import { resolvePhase } from "../verdict/phase.ts";
import { COVERED, NO_EXTENT, type WindowTable } from "../windows/series.ts";
import type { WindowClock } from "./window-names.ts";

/** The windows of a flight before any score: which are to be scored, and why not the others. */
export interface JudgedWindows {
  /** Per window why it is skipped, or null. */
  reasons: (SkipReason | null)[];
  /** Per window the phase that decides, null where unknown. */
  phases: (number | null)[];
  /** Per window its id. */
  ids: string[];
  /** Per window the imputed features by their index in the recipe; absent where none is. */
  imputed: Map<number, number[]>;
  /** By feature, in the recipe's order, typical values put in where they were imputed. */
  features: Float64Array[];
}

/** Applies filter, coverage and missing features, in this order, and puts in the scaler's typical values. */
export function judgeWindows(
  table: WindowTable,
  { bundle, filter, clock }: { bundle: ModelBundle; filter: Filter | null; clock: WindowClock },
): JudgedWindows {
  const phaseOfSet = new Map<number, number | null>();
  const phases = Array.from(table.phaseSets, (set) => {
    if (!phaseOfSet.has(set)) phaseOfSet.set(set, resolvePhase(set, bundle.thresholds));
    return phaseOfSet.get(set)!;
  });
  const ids = Array.from(table.starts, (start, w) => table.windowIds?.[w] || clock.windowId(table.aircraftId, start));
  const passes = filterOf(table, filter);
  const isOut = (w: number) =>
    passes !== true &&
    (passes === false ||
      !passes({
        aircraftId: table.aircraftId,
        flightId: table.flightId,
        windowId: ids[w]!,
        startNs: clock.instantNs(table.starts[w]!),
        phase: phases[w]!,
      }));
  const { recipe } = bundle;
  const reasons = Array.from(table.coverage, (coverage, w): SkipReason | null => {
    if (isOut(w)) return "filtered";
    if (coverage === NO_EXTENT) return "no_extent";
    return coverage === COVERED ? null : `low_coverage:${recipe.signals[coverage]!.name}`;
  });
  return { reasons, phases, ids, ...imputeMissing(table, reasons, bundle) };
}

function filterOf(table: WindowTable, filter: Filter | null): WindowTest | boolean {
  if (filter === null) return true;
  return compileFilter(filter, { aircraftId: exactly(table.aircraftId), flightId: exactly(table.flightId) });
}

/** A missing feature skips its window, or gets its typical value; the first that skips is named. */
function imputeMissing(
  table: WindowTable,
  reasons: (SkipReason | null)[],
  { recipe, featureOrder, scaler }: ModelBundle,
) {
  const imputed = new Map<number, number[]>();
  const features = table.features.map((values, f) => {
    const { name, onMissing } = recipe.features[f]!;
    const typical = scaler.typical[featureOrder.indexOf(name)]!;
    let filled = values;
    for (let w = 0; w < values.length; w++) {
      if (reasons[w] !== null || Number.isFinite(values[w]!)) continue;
      if (onMissing === "skip") {
        reasons[w] = `not_computable:${name}`;
        continue;
      }
      if (filled === values) filled = values.slice();
      filled[w] = typical;
      imputed.set(w, [...(imputed.get(w) ?? []), f]);
    }
    return filled;
  });
  return { imputed, features };
}
