/** The features that can be computed of a signal's samples in a window (formulas: docs/features.md). */
export const FEATURE_OPS = [
  "mean",
  "min",
  "max",
  "first",
  "last",
  "rms",
  "peak",
  "peak_to_peak",
  "std",
  "crest_factor",
  "skewness",
  "kurtosis",
  "slope",
  "rate",
  "order_ratio",
  "order_amplitude",
] as const;

/** A name of {@link FEATURE_OPS}. */
export type FeatureOp = (typeof FEATURE_OPS)[number];

/** One recorded quantity: where it is found and how its gaps are treated. */
export interface SignalSpec {
  name: string;
  /** Names that the column may have; the first that a file has is used. */
  columns: string[];
  unit?: string;
  /** Lowest and highest plausible value, both included; anything outside is missing. */
  range: [number, number] | null;
  fill: "none" | "linear" | "hold";
  /** The longest gap that `fill` closes. */
  maxGapSeconds: number;
}

/** One input of the model: an op on a signal. */
export interface FeatureSpec {
  name: string;
  op: FeatureOp;
  /** Name of a signal of the recipe. */
  signal: string;
  /** What happens to a window of which it cannot be computed. */
  onMissing: "skip" | "impute";
  /** `rate` only: how far before the window's last sample the change is measured from. */
  seconds?: number;
  /** Order ops only: name of the signal with the shaft's speed in percent of `ratedRpm`. */
  speed?: string;
  /** Order ops only: multiple of the shaft's frequency. */
  order?: number;
  /** Order ops only: revolutions per minute at 100 percent. */
  ratedRpm?: number;
}

/** How a flight's signals become the inputs of a model: `preprocess.yaml`, read and checked. */
export interface Recipe {
  window: { lengthSeconds: number; hopSeconds: number; minCoverage: number };
  /** Scaled inputs are limited to plus and minus this; null: not limited. */
  clipSigma: number | null;
  signals: SignalSpec[];
  features: FeatureSpec[];
}
