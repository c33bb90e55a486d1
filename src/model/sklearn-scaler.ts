import { refusal } from "./pickle/refusal.ts";
import { describeValue, NumpyArray, type PickleValue, type SklearnObject } from "./pickle/values.ts";
import type { ScalerFile } from "./scaler-file.ts";

/** Features of the widest scaler that is read. The count is a bare number in the file: it must not decide what is allocated. */
const MOST_FEATURES = 100_000;

/** What the attributes of a scikit-learn scaler say. */
export type SklearnNumbers = Omit<ScalerFile, "byName" | "warnings">;

/** Center, scale, clip and typical of a fitted scaler, by the formulas of its class. */
export function numbersOfSklearn(scaler: SklearnObject): SklearnNumbers {
  const count = featureCount(scaler);
  const names = featureNames(scaler, count);
  const read = READERS[scaler.className];
  if (read === undefined) throw refusal(`it holds a ${scaler.className}, which is not read`);
  return { kind: scaler.className, names, ...read(scaler, count) };
}

type Numbers = Pick<ScalerFile, "center" | "scale" | "clip" | "typical">;

const READERS: Record<string, (scaler: SklearnObject, count: number) => Numbers> = {
  StandardScaler: (scaler, count) =>
    centred(scaler, { count, center: "mean_", centring: "with_mean", scaling: "with_std" }),
  RobustScaler: (scaler, count) =>
    centred(scaler, { count, center: "center_", centring: "with_centering", scaling: "with_scaling" }),
  MaxAbsScaler: (scaler, count) => {
    const zeros = constant(count, 0);
    return { center: zeros, scale: vector(scaler, "scale_", count), clip: null, typical: zeros };
  },
  MinMaxScaler: minMax,
};

/** (x - center) / scale, each half of it only if its flag is set. */
function centred(
  scaler: SklearnObject,
  names: { count: number; center: string; centring: string; scaling: string },
): Numbers {
  const { count } = names;
  const isAbsent = (scaler.attributes.get(names.center) ?? null) === null;
  const withCenter = flag(scaler, names.centring);
  const typical = isAbsent && !withCenter ? constant(count, 0) : vector(scaler, names.center, count);
  const center = withCenter ? typical : constant(count, 0);
  const scale = flag(scaler, names.scaling) ? vector(scaler, "scale_", count) : constant(count, 1);
  return { center, scale, clip: null, typical };
}

/** scikit-learn computes x * scale_ + min_. */
function minMax(scaler: SklearnObject, count: number): Numbers {
  const factor = vector(scaler, "scale_", count);
  const center = vector(scaler, "min_", count).map((offset, i) => -offset / factor[i]!);
  const low = vector(scaler, "data_min_", count);
  const high = vector(scaler, "data_max_", count);
  return {
    center,
    scale: factor.map((value) => 1 / value),
    clip: flag(scaler, "clip", false) ? range(scaler) : null,
    typical: low.map((value, i) => (value + high[i]!) / 2),
  };
}

function range(scaler: SklearnObject): [number, number] {
  const value = scaler.attributes.get("feature_range");
  const [low, high] = Array.isArray(value) ? value : [];
  if (typeof low !== "number" || typeof high !== "number" || !(low < high)) {
    throw refusal(`its ${scaler.className} has ${describeValue(value)} as feature_range`);
  }
  return [low, high];
}

function featureCount(scaler: SklearnObject): number {
  const count = scaler.attributes.get("n_features_in_");
  if (count === undefined) throw refusal(`its ${scaler.className} was never fitted: it has no n_features_in_`);
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > MOST_FEATURES) {
    throw refusal(`its ${scaler.className} has ${describeValue(count)} as n_features_in_`);
  }
  return count;
}

function featureNames(scaler: SklearnObject, count: number): string[] | null {
  const value = scaler.attributes.get("feature_names_in_") ?? null;
  if (value === null) return null;
  const names = value instanceof NumpyArray ? value.values : [];
  if (names.length !== count || !names.every((name) => typeof name === "string")) {
    throw refusal(
      `its ${scaler.className} has ${describeValue(value)} as feature_names_in_, and ${count} as n_features_in_`,
    );
  }
  return names as string[];
}

function vector(scaler: SklearnObject, name: string, count: number): number[] {
  const value = scaler.attributes.get(name);
  const isVector = value instanceof NumpyArray && value.shape.length === 1 && value.values.length === count;
  if (!isVector || !value.values.every((item) => typeof item === "number")) {
    throw refusal(`its ${scaler.className} has ${describeValue(value)} as ${name}, not ${count} numbers`);
  }
  return value.values as number[];
}

function flag(scaler: SklearnObject, name: string, absent?: boolean): boolean {
  const value: PickleValue | undefined = scaler.attributes.get(name) ?? absent;
  if (typeof value !== "boolean") throw refusal(`its ${scaler.className} has ${describeValue(value)} as ${name}`);
  return value;
}

function constant(count: number, value: number): number[] {
  return new Array<number>(count).fill(value);
}
