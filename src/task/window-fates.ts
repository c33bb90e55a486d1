import type { WindowFates } from "../coverage/account-hops.ts";
import { Reasons } from "../coverage/reasons.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { resolvePhase } from "../verdict/phase.ts";
import { NO_EXTENT, type WindowTable } from "../windows/series.ts";
import type { JudgedWindows } from "./judge-windows.ts";

/**
 * What became of each window, for the ledger of time. What the data itself lacks goes before the filter, which looks at windows first: a
 * window that could not have been scored without it either is not its doing.
 */
export function windowFates(
  table: WindowTable,
  judged: Pick<JudgedWindows, "reasons">,
  { recipe, thresholds }: ModelBundle,
): WindowFates {
  const nameOf = ({ name }: { name: string }) => name;
  const reasons = new Reasons(recipe.signals.map(nameOf), recipe.features.map(nameOf));
  const required = recipe.features.flatMap(({ onMissing }, f) => (onMissing === "skip" ? [f] : []));
  const fates = new Int16Array(table.count).fill(reasons.scored);
  judged.reasons.forEach((reason, w) => {
    if (reason !== null) fates[w] = fateOf(table, w, { reasons, required, isFinal: reason === "score_not_finite" });
  });
  const phases: (number | null | undefined)[] = [];
  const phaseOf = (set: number) => {
    if (phases[set] === undefined) phases[set] = resolvePhase(set, thresholds);
    return phases[set] ?? null;
  };
  return { reasons, fates, phaseSets: table.phaseSets, phaseOf };
}

function fateOf(
  { coverage, features }: WindowTable,
  w: number,
  { reasons, required, isFinal }: { reasons: Reasons; required: readonly number[]; isFinal: boolean },
): number {
  // A row without an extent takes no time: nothing is ever entered for it.
  if (coverage[w] === NO_EXTENT) return reasons.tail;
  if (coverage[w]! >= 0) return reasons.lowCoverage(coverage[w]!);
  const missing = required.find((f) => !Number.isFinite(features[f]![w]!));
  if (missing !== undefined) return reasons.notComputable(missing);
  return isFinal ? reasons.scoreNotFinite : reasons.filtered;
}
