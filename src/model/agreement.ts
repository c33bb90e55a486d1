import type { Recipe } from "../features/recipe.ts";
import type { ModelFacts } from "./bundle.ts";
import { shown } from "./fields.ts";
import { FileFindings, type Findings } from "./findings.ts";
import type { ScalerFile } from "./scaler-file.ts";
import type { Signature, SignaturePort } from "./signature.ts";

/** The parts of a bundle that must agree on the features; null where one is absent or could not be understood. */
export interface Parts {
  recipe: Recipe | null;
  /** Where the recipe comes from, for messages. */
  recipeOrigin: string;
  signature: Signature | null;
  scaler: ScalerFile | null;
  model: ModelFacts | null;
}

/** The order of the model's features and where it comes from. */
export interface FeatureOrder {
  names: string[];
  origin: string;
}

/** The order of the features: the signature's, else the recipe's; null if neither is known. */
export function featureOrder({ recipe, recipeOrigin, signature }: Parts): FeatureOrder | null {
  const given = signature?.featureOrder ?? null;
  if (given !== null) return { names: given, origin: "signature.json" };
  return recipe === null ? null : { names: recipe.features.map((feature) => feature.name), origin: recipeOrigin };
}

/** Notes every contradiction between the parts, naming both sides. */
export function checkAgreement(parts: Parts, order: FeatureOrder | null, found: Findings): void {
  const { recipe, recipeOrigin, signature, scaler, model } = parts;
  if (order !== null && recipe !== null && signature?.featureOrder != null) {
    const names = recipe.features.map((feature) => feature.name);
    const differences = [
      onlyIn(order.names, names, "only in it"),
      onlyIn(names, order.names, `only in ${recipeOrigin}`),
    ];
    const text = differences.filter((difference) => difference !== "").join("; ");
    if (text !== "")
      new FileFindings("signature.json", found).error(`feature_order and ${recipeOrigin} differ: ${text}`);
  }
  if (scaler !== null && !scaler.byName) checkScaler(scaler, { order, model }, new FileFindings("scaler.pkl", found));
  if (model === null) return;
  if (order !== null && model.width !== order.names.length) {
    const text = `takes ${model.width} features, but ${order.origin} has ${order.names.length}`;
    new FileFindings("model.onnx", found).error(text);
  }
  if (signature !== null) checkSignature(signature, model, new FileFindings("signature.json", found));
}

function onlyIn(names: string[], others: string[], where: string): string {
  const only = names.filter((name) => !others.includes(name));
  return only.length === 0 ? "" : `${where}: ${only.join(", ")}`;
}

function checkScaler(
  scaler: ScalerFile,
  { order, model }: { order: FeatureOrder | null; model: ModelFacts | null },
  findings: FileFindings,
): void {
  const count = scaler.center.length;
  if (order !== null && scaler.names !== null && !sameOrder(scaler.names, order.names)) {
    const both = `feature_names_in_ is ${scaler.names.join(", ")}, but ${order.origin} has ${order.names.join(", ")}`;
    findings.error(`${both}; both must have the same names in the same order`);
  } else if (order !== null && count !== order.names.length) {
    findings.error(`is of ${count} features, but ${order.origin} has ${order.names.length}`);
  }
  if (model !== null && count !== model.width) {
    findings.error(`is of ${count} features, but model.onnx takes ${model.width}`);
  }
}

function sameOrder(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/** The model itself is what runs: where the signature describes another, that is odd, but no obstacle. */
function checkSignature(signature: Signature, model: ModelFacts, findings: FileFindings): void {
  const [input] = signature.inputs;
  if (input === undefined) return;
  const differs =
    (input.name !== null && input.name !== model.inputName) ||
    (input.dtype !== null && input.dtype !== "float32") ||
    (input.shape !== null && (input.shape.at(-1) ?? model.width) !== model.width);
  if (differs) {
    findings.warn(
      `has the input ${inWords(input)}, but model.onnx takes ${shown(model.inputName)} of ${model.width} features`,
    );
  }
}

function inWords({ name, dtype, shape }: SignaturePort): string {
  return `${shown(name)} ${dtype ?? ""} ${shown(shape)}`;
}
