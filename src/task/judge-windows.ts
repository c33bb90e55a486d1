import { compileFilter } from "../filter/compile-filter.ts";
import type { Filter } from "../filter/filter.ts";
import { exactly } from "../filter/restrict-filter.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { listedName } from "../results/name-list.ts";
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
  /** Per window the list of its imputed features (`name-list.ts`); empty where none is. */
  imputed: string[];
  /** By feature, in the recipe's order, typical values put in where they were imputed. */
  features: Float64Array[];
}

/** Applies filter, coverage and missing features, in this order, and puts in the scaler's typical values. */
export function judgeWindows(
  table: WindowTable,
  { bundle, filter, clock }: { bundle: ModelBundle; filter: Filter | null; clock: WindowClock },
): JudgedWindows {
  const reasons = new Array<SkipReason | null>(table.count);
  const phases = new Array<number | null>(table.count);
  const ids = new Array<string>(table.count);
  const phaseOfSet: (number | null | undefined)[] = [];
  for (let w = 0; w < table.count; w++) {
    const set = table.phaseSets[w]!;
    if (phaseOfSet[set] === undefined) phaseOfSet[set] = resolvePhase(set, bundle.thresholds);
    phases[w] = phaseOfSet[set]!;
    ids[w] = table.windowIds?.[w] || clock.windowId(table.aircraftId, table.starts[w]!);
    const coverage = table.coverage[w]!;
    if (coverage === COVERED) reasons[w] = null;
    else reasons[w] = coverage === NO_EXTENT ? "no_extent" : `low_coverage:${bundle.recipe.signals[coverage]!.name}`;
  }
  if (filter !== null) applyFilter(filter, table, { reasons, phases, ids, clock });
  return { reasons, phases, ids, ...imputeMissing(table, reasons, bundle) };
}

function applyFilter(
  filter: Filter,
  table: WindowTable,
  { reasons, phases, ids, clock }: Pick<JudgedWindows, "reasons" | "phases" | "ids"> & { clock: WindowClock },
): void {
  const { aircraftId, flightId } = table;
  const passes = compileFilter(filter, { aircraftId: exactly(aircraftId), flightId: exactly(flightId) });
  if (passes === true) return;
  for (let w = 0; w < table.count; w++) {
    const startNs = clock.instantNs(table.starts[w]!);
    const isIn = passes !== false && passes({ aircraftId, flightId, windowId: ids[w]!, startNs, phase: phases[w]! });
    if (!isIn) reasons[w] = "filtered";
  }
}

/** A missing feature skips its window, or gets its typical value; the first that skips is named. */
function imputeMissing(
  table: WindowTable,
  reasons: (SkipReason | null)[],
  { recipe, featureOrder, scaler }: ModelBundle,
): Pick<JudgedWindows, "imputed" | "features"> {
  const imputed = new Array<string>(table.count).fill("");
  const features = table.features.map((values, f) => {
    const { name, onMissing } = recipe.features[f]!;
    const typical = scaler.typical[featureOrder.indexOf(name)]!;
    const listed = listedName(name);
    let filled = values;
    for (let w = 0; w < values.length; w++) {
      if (reasons[w] !== null || Number.isFinite(values[w]!)) continue;
      if (onMissing === "skip") {
        reasons[w] = `not_computable:${name}`;
        continue;
      }
      if (filled === values) filled = values.slice();
      filled[w] = typical;
      imputed[w] = imputed[w] === "" ? listed : `${imputed[w]},${listed}`;
    }
    return filled;
  });
  return { imputed, features };
}
