import { basename, dirname, resolve } from "node:path";
import { asFault } from "../faults/fault.ts";
import type { Recipe } from "../features/recipe.ts";
import { isRemote } from "../io/storage/address.ts";
import { checkAgreement, featureOrder, type Parts } from "./agreement.ts";
import type { ModelBundle } from "./bundle.ts";
import { type BundleContents, type BundleFile, digestFiles, readBundleFiles, whyNotBundle } from "./bundle-files.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import { ENGINE_VIBRATION_RECIPE } from "./default-recipe.ts";
import { MODEL_FILE, withBundleFolder } from "./fetch-bundle.ts";
import { FileFindings, type Findings } from "./findings.ts";
import type { ModelPort } from "./model-facts.ts";
import { parseRecipe } from "./recipe-file.ts";
import { settleScaler } from "./scaler.ts";
import { readScalerFile, type ScalerFile } from "./scaler-file.ts";
import { type OpenedModel, openModel } from "./session.ts";
import { parseSignature, type Signature } from "./signature.ts";
import { parseThresholds, type ThresholdsFile } from "./thresholds-file.ts";

/** What is understood of a bundle: each part, or null where it is absent or faulty. */
export type BundleReport = Pick<ModelBundle, "directory" | "detector" | "version" | "digests" | "origins"> & {
  [Part in "recipe" | "featureOrder" | "scaler" | "thresholds" | "extras" | "model"]: ModelBundle[Part] | null;
} & Findings & { inputs: ModelPort[]; outputs: ModelPort[] };

const NO_MODEL: OpenedModel = { session: null, facts: null, inputs: [], outputs: [] };
const BUILT_IN = "the built-in engine-vibration recipe";

/** Reads a bundle as far as it goes. Never throws for what is wrong with it: `errors` has it all; but for an object store that cannot be read. */
export async function inspectBundle(path: string): Promise<BundleReport> {
  const directory = isRemote(path) ? path.replace(/\/+$/, "") : resolve(path);
  try {
    return await withBundleFolder(directory, (folder) => inspectFolder(directory, folder));
  } catch (error) {
    const { code, found, hint } = asFault(error).detail;
    if (code !== "BUNDLE_INVALID") throw error;
    return inspectFolder(directory, null, `${found}. ${hint}`);
  }
}

/** `directory` says where the bundle is, `folder` where its files are now; null: nowhere, and then why. */
async function inspectFolder(
  directory: string,
  folder: string | null,
  problem: string | null = null,
): Promise<BundleReport> {
  const found: Findings = { errors: [], warnings: [] };
  const obstacle = folder === null ? problem : await whyNotBundle(folder);
  if (obstacle !== null) new FileFindings("the path", found).error(obstacle);
  const contents: BundleContents = obstacle === null ? await readBundleFiles(folder!, found) : new Map();
  const model = contents.has(MODEL_FILE) ? await examineModel(folder!, found) : NO_MODEL;
  const files = readParts(contents, { model, found });
  const order = featureOrder(files);
  checkAgreement(files, order, found);
  const names = order?.names ?? null;
  const scaler =
    files.scaler === null ? null : settleScaler(files.scaler, names, new FileFindings("scaler.pkl", found));
  return {
    directory,
    detector: basename(dirname(directory)),
    version: basename(directory),
    recipe: files.recipe,
    featureOrder: names,
    scaler,
    thresholds: files.thresholds?.thresholds ?? null,
    extras: files.thresholds?.extras ?? null,
    model: model.facts,
    inputs: model.inputs,
    outputs: model.outputs,
    digests: withSums(folder === null ? {} : await digestFiles(folder, contents), files.recipe),
    origins: originsOf(files, order?.origin ?? null),
    ...found,
  };
}

/** Opens the model only to look at it. */
async function examineModel(directory: string, found: Findings): Promise<OpenedModel> {
  const model = await openModel(directory, new FileFindings(MODEL_FILE, found));
  await model.session?.release();
  return model;
}

interface ReadParts extends Parts {
  thresholds: ThresholdsFile | null;
}

function readParts(contents: BundleContents, { model, found }: { model: OpenedModel; found: Findings }): ReadParts {
  const parse = <T>(name: BundleFile, parser: (text: string, findings: FileFindings) => T | null): T | null => {
    const bytes = contents.get(name);
    return bytes === undefined ? null : parser(new TextDecoder().decode(bytes), new FileFindings(name, found));
  };
  const isUnreadable = found.errors.some((error) => error.startsWith("preprocess.yaml:"));
  const isBuiltIn = contents.size > 0 && !contents.has("preprocess.yaml") && !isUnreadable;
  const written = parse("preprocess.yaml", parseRecipe);
  return {
    recipe: isBuiltIn ? builtInRecipe(model, new FileFindings("preprocess.yaml", found)) : written,
    recipeOrigin: isBuiltIn ? BUILT_IN : "preprocess.yaml",
    signature: parse<Signature>("signature.json", parseSignature),
    scaler: parseScaler(contents.get("scaler.pkl"), new FileFindings("scaler.pkl", found)),
    thresholds: parse("thresholds.yaml", parseThresholds),
    model: model.facts,
  };
}

function builtInRecipe({ facts }: OpenedModel, findings: FileFindings): Recipe | null {
  const count = ENGINE_VIBRATION_RECIPE.features.length;
  if (facts === null || facts.width === count) return ENGINE_VIBRATION_RECIPE;
  findings.error(`is missing; ${BUILT_IN} makes ${count} features, but model.onnx takes ${facts.width}`);
  return null;
}

function parseScaler(bytes: Uint8Array | undefined, findings: FileFindings): ScalerFile | null {
  if (bytes === undefined) return null;
  try {
    const scaler = readScalerFile(bytes);
    for (const warning of scaler.warnings) findings.warn(warning);
    return scaler;
  } catch (error) {
    const { found, expected } = asFault(error).detail;
    findings.error(`${found}; expected ${expected}`);
    return null;
  }
}

function withSums(files: Record<string, string>, recipe: Recipe | null): Record<string, string> {
  if (Object.keys(files).length === 0) return {};
  const digests = recipe === null ? files : { ...files, recipe: sha256(canonicalJson(recipe)) };
  return { ...digests, bundle: sha256(canonicalJson(digests)) };
}

function originsOf(files: ReadParts, order: string | null): Record<string, string> {
  const { model, scaler } = files;
  const score = model?.scoreOutput ?? `mean squared error of ${model?.reconstructionOutput}`;
  const origins: Record<string, string | null> = {
    feature_order: order,
    recipe: files.recipe === null ? null : files.recipeOrigin,
    scaler: scaler === null ? null : `scaler.pkl (${scaler.kind}${scaler.byName ? ", by name" : ""})`,
    thresholds: files.thresholds === null ? null : "thresholds.yaml",
    score: model === null ? null : `model.onnx (${score})`,
  };
  return Object.fromEntries(Object.entries(origins).filter((entry): entry is [string, string] => entry[1] !== null));
}
