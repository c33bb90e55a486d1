import type { FeatureOp, Recipe } from "../features/recipe.ts";
import type { WindowTable } from "../windows/series.ts";
import type { QualityFinding } from "./finding.ts";
import { medianOfSketch, sketchOf } from "./sketch.ts";
import { conversionsTo } from "./unit-table.ts";
import { unitsFinding } from "./units.ts";

/** What a scaler knows of the features: arrays in the recipe's order. */
export interface TrainedOn {
  kind: string;
  scale: readonly number[];
  typical: readonly number[];
}

/** Ops that give a level of the signal, in its own unit. */
const LEVELS: ReadonlySet<FeatureOp> = new Set(["mean", "min", "max", "first", "last", "rms", "peak"]);
/** Fewer windows are not judged; of many, so many are looked at. */
const LEAST_WINDOWS = 10;
const MOST_WINDOWS = 64;
/** Half the width of what training saw, in scales: a MinMaxScaler's is its very range, of others nearly all lies within 3. */
const HALF_WIDTHS: Record<string, number> = { MinMaxScaler: 0.5, MaxAbsScaler: 1 };
const HALF_WIDTH = 3;

/**
 * Signals whose level is far from all that the model was trained on, at least as far again as that is wide, while in a unit that the
 * declared one is mistaken for they would be amid it. Sees what a signal's range cannot: millimetres are small mils, bar are small psi.
 */
export function findModelUnits(tables: readonly WindowTable[], recipe: Recipe, trained: TrainedOn): QualityFinding[] {
  return tables.flatMap(({ aircraftId, flightId, features }) => {
    const suspects = new Map<string, QualityFinding>();
    recipe.features.forEach(({ op, signal }, f) => {
      if (!LEVELS.has(op) || suspects.has(signal)) return;
      const levels = sketchOf(features[f]!, MOST_WINDOWS);
      if (levels.length < LEAST_WINDOWS) return;
      const unit = recipe.signals.find(({ name }) => name === signal)?.unit;
      const median = medianOfSketch(levels);
      const isTrained = trainedBand(trained, f);
      if (isTrained(median, 2)) return;
      const units = conversionsTo(unit).filter(({ toDeclared }) => isTrained(toDeclared(median), 1));
      if (units.length === 0) return;
      const found = unitsFinding({ count: levels.length, median, units, unit });
      suspects.set(signal, { ...found, aircraftId, flightId, signal });
    });
    return [...suspects.values()];
  });
}

/** Whether a value lies amid what training saw of a feature, made so many times as wide. */
function trainedBand({ kind, scale, typical }: TrainedOn, f: number): (value: number, widened: number) => boolean {
  const half = (HALF_WIDTHS[kind] ?? HALF_WIDTH) * Math.abs(scale[f]!);
  return (value, widened) => Math.abs(value - typical[f]!) <= widened * half;
}
