import { refusal } from "./pickle/refusal.ts";
import { unpickle } from "./pickle/unpickle.ts";
import { describeValue, type PickleValue, SklearnObject } from "./pickle/values.ts";
import { numbersOfSklearn } from "./sklearn-scaler.ts";

/** The numbers of a scaler as its file has them: not yet checked, in the file's order. */
export interface ScalerFile {
  /** Class of the scaler, `dict` or `JSON`. */
  kind: string;
  center: number[];
  scale: number[];
  clip: [number, number] | null;
  typical: number[];
  /** The features' names, if the file has them. */
  names: string[] | null;
  /** Whether the numbers are looked up by name (a dict), so that their order in the file says nothing. */
  byName: boolean;
  warnings: string[];
}

/**
 * Reads a scaler: a pickled or joblib-dumped scikit-learn scaler, a pickled `{feature: {mean, std}}`, or JSON
 * `{scaler_type, num_features, mean[], std[]}`. Throws a `BUNDLE_INVALID` fault that names what was found instead.
 */
export function readScalerFile(bytes: Uint8Array): ScalerFile {
  const text = Buffer.from(bytes.subarray(0, 64)).toString("latin1");
  if (/^(\xef\xbb\xbf)?\s*\{/.test(text)) return scalerOfJson(bytes);
  const value = unpickle(bytes);
  if (value instanceof SklearnObject) return { ...numbersOfSklearn(value), byName: false, warnings: [] };
  if (value instanceof Map) return scalerOfTable(value);
  throw refusal(`it holds ${describeValue(value)}, not a scaler`);
}

function scalerOfTable(table: Map<unknown, PickleValue>): ScalerFile {
  const names: string[] = [];
  const center: number[] = [];
  const scale: number[] = [];
  for (const [name, entry] of table) {
    const mean = entry instanceof Map ? entry.get("mean") : undefined;
    const std = entry instanceof Map ? entry.get("std") : undefined;
    if (typeof name !== "string" || typeof mean !== "number" || typeof std !== "number") {
      throw refusal(`its dict has "${String(name)}" with ${describeValue(entry)}, not with {mean, std}`);
    }
    names.push(name);
    center.push(mean);
    scale.push(std);
  }
  if (names.length === 0) throw refusal("it holds an empty dict");
  return { kind: "dict", center, scale, clip: null, typical: center, names, byName: true, warnings: [] };
}

function scalerOfJson(bytes: Uint8Array): ScalerFile {
  const content = parseJson(bytes);
  const center = numberList(content.mean, "mean");
  const scale = numberList(content.std, "std");
  if (center.length !== scale.length)
    throw refusal(`it has ${center.length} numbers as mean and ${scale.length} as std`);
  const count = content.num_features;
  if (count !== undefined && count !== null && count !== center.length) {
    throw refusal(`num_features is ${JSON.stringify(count)}, but mean has ${center.length} numbers`);
  }
  const type = content.scaler_type;
  const standard = type === undefined || type === null || /^standard(_?scaler)?$/i.test(String(type));
  const warnings = standard ? [] : [`scaler_type is ${JSON.stringify(type)}; its mean and std are used as they stand`];
  return { kind: "JSON", center, scale, clip: null, typical: center, names: null, byName: false, warnings };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<string, unknown>;
  } catch (cause) {
    throw refusal(`it begins like JSON, but is not: ${(cause as Error).message}`, cause);
  }
}

function numberList(value: unknown, name: string): number[] {
  const valid = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number");
  if (!valid) throw refusal(`its ${name} is not a list of numbers`);
  return value;
}
