import type { ModelBundle } from "../model/bundle.ts";

/** Puts scaled rows together: `clip((x - center) / scale)` in float64, then float32, in the model's feature order. */
export class RowScaler {
  readonly width: number;
  readonly #sources: Int32Array;
  readonly #center: Float64Array;
  readonly #scale: Float64Array;
  readonly #low: number;
  readonly #high: number;

  constructor({ featureOrder, recipe, scaler }: Pick<ModelBundle, "featureOrder" | "recipe" | "scaler">) {
    const names = recipe.features.map(({ name }) => name);
    this.width = featureOrder.length;
    this.#sources = Int32Array.from(featureOrder, (name) => names.indexOf(name));
    this.#center = Float64Array.from(scaler.center);
    this.#scale = Float64Array.from(scaler.scale);
    const sigma = recipe.clipSigma ?? Number.POSITIVE_INFINITY;
    const [low, high] = scaler.clip ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    // First the scaler's own range, then sigma: together both limits, sigma having the last word.
    this.#low = clamp(low, -sigma, sigma);
    this.#high = clamp(high, -sigma, sigma);
  }

  /** Writes window `w` of `features` (by feature, in the recipe's order) to row `row` of `rows` (row-major `[rows, width]`). */
  put(features: Float64Array[], w: number, { rows, row }: { rows: Float32Array; row: number }): void {
    for (let j = 0; j < this.width; j++) {
      const z = (features[this.#sources[j]!]![w]! - this.#center[j]!) / this.#scale[j]!;
      rows[row * this.width + j] = clamp(z, this.#low, this.#high);
    }
  }
}

function clamp(x: number, low: number, high: number): number {
  return Math.max(low, Math.min(x, high));
}
