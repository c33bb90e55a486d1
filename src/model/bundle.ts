import type { Recipe } from "../features/recipe.ts";
import type { Thresholds } from "../verdict/thresholds.ts";
import type { ThresholdExtras } from "./threshold-extras.ts";

/** Scaled input = clip((x - center) / scale), all float64, in the model's feature order. */
export interface Scaler {
  kind: string;
  center: number[];
  /** Never 0: a scale of 0 counts as 1. */
  scale: number[];
  clip: [number, number] | null;
  /** What an imputed feature gets. */
  typical: number[];
}

/** What the ONNX file says of itself. */
export interface ModelFacts {
  inputName: string;
  /** Number of features. */
  width: number;
  /** The batch axis where it is fixed, null where it is dynamic. */
  fixedBatch: number | null;
  /** Output that holds the score, or null if it is the mean squared error of `reconstruction`. */
  scoreOutput: string | null;
  /** Output that holds the reconstruction, or null if the model has none. */
  reconstructionOutput: string | null;
}

/** A model directory, read and checked. Plain data: it is sent to the workers as it is. */
export interface ModelBundle {
  /** Absolute path of the directory. */
  directory: string;
  /** `<detector>` and `<version>`: the last two folders of the path. */
  detector: string;
  version: string;
  recipe: Recipe;
  /** Names of the model's inputs, in its order: a permutation of the recipe's. */
  featureOrder: string[];
  scaler: Scaler;
  thresholds: Thresholds;
  /** What `thresholds.yaml` says beside the thresholds: no score or verdict depends on it. */
  extras: ThresholdExtras;
  model: ModelFacts;
  /**
   * File name to sha256 (hex) of each file that was read; `recipe`: sha256 of the recipe as canonical JSON;
   * `bundle`: sha256 of all of these as canonical JSON.
   */
  digests: Record<string, string>;
  /** Where each fact came from, for `inspect`: fact to file or rule. */
  origins: Record<string, string>;
  warnings: string[];
}
