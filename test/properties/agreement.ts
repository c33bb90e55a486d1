import { expect } from "vitest";
import type { FeatureOp, FeatureSpec, Recipe } from "../../src/features/recipe.ts";
import { COVERED, type WindowFeatures } from "../../src/windows/series.ts";

/** The size of a signal in a window, which the tolerance of a feature depends on. */
export interface Size {
  /** Highest absolute value. */
  peak: number;
  std: number;
}

/** Computes windows of one and the same input by another recipe. */
export type Compute = (recipe: Recipe) => WindowFeatures;

/**
 * Fast and slow windows must agree: grid, coverage and phases exactly, and which features of the covered windows can be
 * computed; their values within {@link tolerance}. Features of windows without coverage are nobody's concern.
 */
export function expectAgreement(fast: WindowFeatures, slow: Compute, recipe: Recipe): void {
  const expected = slow(recipe);
  expect(fast.count).toBe(expected.count);
  expect([...fast.starts]).toEqual([...expected.starts]);
  expect([...fast.coverage]).toEqual([...expected.coverage]);
  expect([...fast.phaseSets]).toEqual([...expected.phaseSets]);
  expect(fast.features.length).toBe(recipe.features.length);
  const sizes = slow(sizeRecipe(recipe));
  recipe.features.forEach((feature, f) => {
    for (let w = 0; w < expected.count; w++) {
      if (expected.coverage[w] !== COVERED) continue;
      const size = { peak: sizes.features[2 * f][w], std: sizes.features[2 * f + 1][w] };
      const found = fast.features[f][w];
      const wanted = expected.features[f][w];
      const allowed = tolerance(feature.op, wanted, { size, lengthSeconds: recipe.window.lengthSeconds });
      const agrees = Number.isNaN(wanted) ? Number.isNaN(found) : Math.abs(found - wanted) <= allowed;
      if (!agrees)
        expect.fail(`${feature.op} of window ${w}: ${found} for ${wanted} +- ${allowed}, ${describe(feature, size)}`);
    }
  });
}

/** The recipe that tells, for each feature, how large its signal is: its peak, then its std. */
function sizeRecipe(recipe: Recipe): Recipe {
  const features = recipe.features.flatMap(({ name, signal }): FeatureSpec[] => [
    { name: `${name}_peak`, op: "peak", signal, onMissing: "skip" },
    { name: `${name}_std`, op: "std", signal, onMissing: "skip" },
  ]);
  return { ...recipe, features };
}

/**
 * How far a value may lie from the oracle's. A float64 carries 2^-53 of the largest value; a window has up to some
 * hundred samples, whose sums in another order differ by some hundred of these: `rounding` allows 1e-12 of the peak.
 * Features free of any offset (std, moments, orders) lose as much of their digits as the peak exceeds the std. Above
 * that all have 1e-7 of their own size, a thousandth of what scores must agree to. What is 0 by rule (a constant signal, a
 * shaft that stands) must be exactly 0.
 */
export function tolerance(op: FeatureOp, wanted: number, window: { size: Size; lengthSeconds: number }): number {
  const { size, lengthSeconds } = window;
  const rounding = 1e-12 * size.peak;
  const isCentered = ["std", "skewness", "kurtosis", "slope", "order_ratio", "order_amplitude"].includes(op);
  if (isCentered && size.std === 0) return 0;
  switch (op) {
    case "min":
    case "max":
    case "first":
    case "last":
    case "peak":
    case "peak_to_peak":
      return 1e-15 * size.peak; // picked, not summed: only a filled sample may be rounded
    case "rate":
      return 1e-12 * Math.abs(wanted) + (1e-15 * size.peak) / lengthSeconds;
    case "mean":
    case "rms":
    case "crest_factor":
      return rounding + 1e-12 * Math.abs(wanted);
    case "std":
      return rounding + 1e-7 * wanted;
    case "skewness":
    case "kurtosis":
      return (rounding / size.std + 1e-7) * Math.max(1, Math.abs(wanted));
    case "slope":
      return (rounding + 1e-9 * size.std) / lengthSeconds + 1e-7 * Math.abs(wanted);
    case "order_ratio":
      return wanted === 0 ? 0 : rounding / size.std + 1e-9 + 1e-7 * wanted;
    case "order_amplitude":
      return wanted === 0 ? 0 : rounding + 1e-9 * size.std + 1e-7 * wanted;
  }
}

function describe(feature: FeatureSpec, size: Size): string {
  return `${JSON.stringify(feature)} on a signal of ${JSON.stringify(size)}`;
}
