import { COVERED } from "../windows/series.ts";
import { OPS } from "./ops.ts";
import type { Recipe } from "./recipe.ts";
import type { WindowStats } from "./window-stats.ts";

/** The recipe's signals in windows, in its order, and which windows they cover. */
export interface FeatureInput {
  signals: WindowStats[];
  coverage: Int16Array;
  windowsStandAlone: boolean;
}

/** Every feature of the recipe: a value per window, NaN where it cannot be computed or the window is not covered. */
export function computeAllFeatures(
  recipe: Recipe,
  { signals, coverage, windowsStandAlone }: FeatureInput,
): Float64Array[] {
  const byName = new Map(recipe.signals.map((signal, i) => [signal.name, signals[i]!]));
  const signalNamed = (name: string) => byName.get(name)!;
  return recipe.features.map((feature) => {
    const values = OPS[feature.op](signalNamed(feature.signal), { feature, signalNamed, windowsStandAlone });
    for (let w = 0; w < values.length; w++)
      if (coverage[w] !== COVERED || !Number.isFinite(values[w]!)) values[w] = Number.NaN;
    return values;
  });
}
