import type { Recipe, SignalSpec } from "../features/recipe.ts";

function vibration(place: string): SignalSpec {
  const columns = [`engine_1_vib_${place}_bearing`, `vib_${place}`, `vib_${place}_rms`];
  return { name: `vib_${place}`, columns, unit: "mils", range: [0, 10], fill: "none", maxGapSeconds: 10 };
}

function slow(name: string, unit: string, highest: number): SignalSpec {
  return { name, columns: [`engine_1_${name}`, name], unit, range: [0, highest], fill: "linear", maxGapSeconds: 10 };
}

/** The recipe of the engine-vibration detector, whose first bundles had no `preprocess.yaml`. */
export const ENGINE_VIBRATION_RECIPE: Recipe = {
  window: { lengthSeconds: 10, hopSeconds: 5, minCoverage: 0.95 },
  clipSigma: null,
  signals: [
    vibration("fan"),
    vibration("compressor"),
    vibration("turbine"),
    slow("n1", "percent", 110),
    slow("n2", "percent", 110),
    slow("egt", "degC", 1200),
  ],
  features: [
    { name: "vib_fan_rms", op: "rms", signal: "vib_fan", onMissing: "skip" },
    { name: "vib_fan_peak", op: "peak", signal: "vib_fan", onMissing: "skip" },
    { name: "vib_compressor_rms", op: "rms", signal: "vib_compressor", onMissing: "skip" },
    { name: "vib_turbine_rms", op: "rms", signal: "vib_turbine", onMissing: "skip" },
    {
      name: "vib_imbalance_score",
      op: "order_ratio",
      signal: "vib_fan",
      onMissing: "impute",
      speed: "n1",
      order: 1,
      ratedRpm: 2560,
    },
    { name: "n1", op: "mean", signal: "n1", onMissing: "skip" },
    { name: "n2", op: "mean", signal: "n2", onMissing: "skip" },
    { name: "egt", op: "mean", signal: "egt", onMissing: "skip" },
    { name: "n1_rate_of_change", op: "rate", signal: "n1", onMissing: "skip", seconds: 5 },
  ],
};
