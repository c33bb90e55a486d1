import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const DETECTOR = "test/fixtures/models/engine_vibration_detector";
export const MODELS = "test/fixtures/bundles/models";

/** A recipe for the models of two features. */
export const RECIPE = `window: {length_s: 10, hop_s: 5}
signals:
  vib: {columns: [vib]}
features:
  - {name: a, op: rms, signal: vib}
  - {name: b, op: peak, signal: vib, on_missing: impute}
`;

export const THRESHOLDS = `reconstruction_error_threshold: {default: 3}
severity_levels: {minor: {min: 3}, moderate: {min: 5}, severe: {min: 8}}
`;

export const SCALER = JSON.stringify({ scaler_type: "StandardScaler", num_features: 2, mean: [1, 2], std: [3, 4] });

/** Contents of the files that differ from a sound bundle of two features; null leaves a file out. */
export interface BundleParts {
  /** A model of test/fixtures/bundles/models, without its ending. */
  model?: string | null;
  scaler?: string | Uint8Array | null;
  recipe?: string | null;
  thresholds?: string | null;
  signature?: string;
}

/** A bundle in a folder of its own, `<temporary>/detector/1.0.0`. */
export async function makeBundle(parts: BundleParts = {}): Promise<string> {
  const directory = join(await mkdtemp(join(tmpdir(), "bundle-")), "detector", "1.0.0");
  await mkdir(directory, { recursive: true });
  const model = parts.model === undefined ? "both" : parts.model;
  if (model !== null) await cp(join(MODELS, `${model}.onnx`), join(directory, "model.onnx"));
  const files: Record<string, string | Uint8Array | null> = {
    "scaler.pkl": parts.scaler === undefined ? SCALER : parts.scaler,
    "preprocess.yaml": parts.recipe === undefined ? RECIPE : parts.recipe,
    "thresholds.yaml": parts.thresholds === undefined ? THRESHOLDS : parts.thresholds,
    "signature.json": parts.signature ?? null,
  };
  for (const [name, content] of Object.entries(files)) {
    if (content !== null) await writeFile(join(directory, name), content);
  }
  return directory;
}
