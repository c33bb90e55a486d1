import { FEATURE_OPS, type FeatureOp, type FeatureSpec, type Recipe, type SignalSpec } from "../features/recipe.ts";
import { Fields, isRecord, shown } from "./fields.ts";
import type { FileFindings } from "./findings.ts";
import { parseYaml } from "./yaml-text.ts";

const FILLS = ["none", "linear", "hold"] as const;
const ON_MISSING = ["skip", "impute"] as const;
const ORDER_OPS: readonly FeatureOp[] = ["order_ratio", "order_amplitude"];

/** What features are checked against. */
interface Surroundings {
  signals: ReadonlySet<string>;
  lengthSeconds: number;
  findings: FileFindings;
}

/** Reads `preprocess.yaml`. All its faults are noted at once; the recipe is null if there is any. */
export function parseRecipe(text: string, findings: FileFindings): Recipe | null {
  const errorsBefore = findings.errorCount;
  const content = parseYaml(text, findings);
  if (findings.errorCount > errorsBefore) return null;
  const root = Fields.of(content, "the recipe", findings);
  if (root === null) return null;
  const window = readWindow(root.raw("window"), findings);
  const clip = root.raw("clip_sigma");
  const clipSigma = clip === undefined ? null : root.number("clip_sigma", { above: 0 });
  const signals = readSignals(root.raw("signals"), findings);
  const surroundings = { signals: new Set(signals.names), lengthSeconds: window.lengthSeconds, findings };
  const features = readFeatures(root.raw("features"), surroundings);
  root.warnOfOthers();
  return findings.errorCount > errorsBefore ? null : { window, clipSigma, signals: signals.specs, features };
}

function readWindow(value: unknown, findings: FileFindings): Recipe["window"] {
  const fields = Fields.of(value, "window", findings);
  if (fields === null) return { lengthSeconds: Number.NaN, hopSeconds: Number.NaN, minCoverage: Number.NaN };
  const window = {
    lengthSeconds: fields.number("length_s", { above: 0 }),
    hopSeconds: fields.number("hop_s", { above: 0 }),
    minCoverage: fields.number("min_coverage", { atLeast: 0, atMost: 1, absent: 0.95 }),
  };
  fields.warnOfOthers();
  return window;
}

/** The signals, and the names of all of them, also of those with a fault: a feature's signal is known if it is named. */
function readSignals(value: unknown, findings: FileFindings): { specs: SignalSpec[]; names: string[] } {
  if (!isRecord(value) || Object.keys(value).length === 0) {
    findings.error(`signals is ${shown(value)}, expected a map of at least one signal`);
    return { specs: [], names: isRecord(value) ? Object.keys(value) : [] };
  }
  const specs = Object.entries(value).flatMap(([name, entry]) => readSignal(name, entry, findings) ?? []);
  return { specs, names: Object.keys(value) };
}

function readSignal(name: string, value: unknown, findings: FileFindings): SignalSpec | null {
  const fields = Fields.of(value, `signal ${name}`, findings);
  if (fields === null) return null;
  const unit = fields.raw("unit");
  const spec: SignalSpec = {
    name,
    columns: readColumns(fields),
    range: readRange(fields),
    fill: fields.choice("fill", FILLS, "none") ?? "none",
    maxGapSeconds: fields.number("max_gap_s", { atLeast: 0, absent: 10 }),
  };
  if (unit !== undefined) spec.unit = fields.text("unit");
  fields.warnOfOthers();
  return spec;
}

function readColumns(fields: Fields): string[] {
  const value = fields.raw("columns");
  const valid =
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" && item !== "");
  if (valid) return value;
  fields.error("columns", value, "a list of column names");
  return [];
}

/** An open end (`.inf`) becomes the largest number: the same for finite samples, and it survives JSON. */
function readRange(fields: Fields): [number, number] | null {
  const value = fields.raw("range");
  if (value === undefined) return null;
  const [low, high] = Array.isArray(value) && value.length === 2 ? value : [];
  if (typeof low === "number" && typeof high === "number" && low <= high) {
    return [Math.max(low, -Number.MAX_VALUE), Math.min(high, Number.MAX_VALUE)];
  }
  fields.error("range", value, "[lowest, highest]");
  return null;
}

function readFeatures(value: unknown, surroundings: Surroundings): FeatureSpec[] {
  const { findings } = surroundings;
  if (!Array.isArray(value) || value.length === 0) {
    findings.error(`features is ${shown(value)}, expected a list of at least one feature`);
    return [];
  }
  const features = value.flatMap((entry, i) => readFeature(entry, i, surroundings) ?? []);
  const names = features.map((feature) => feature.name).filter((name) => name !== "");
  const repeated = new Set(names.filter((name, i) => names.indexOf(name) < i));
  for (const name of repeated) findings.error(`feature ${name} is listed more than once`);
  return features;
}

function readFeature(value: unknown, index: number, surroundings: Surroundings): FeatureSpec | null {
  const named = isRecord(value) && typeof value.name === "string" && value.name !== "";
  const fields = Fields.of(value, named ? `feature ${value.name}` : `feature ${index + 1}`, surroundings.findings);
  if (fields === null) return null;
  const name = fields.text("name");
  const op = fields.choice("op", FEATURE_OPS);
  const feature: FeatureSpec = {
    name,
    op: op ?? "mean",
    signal: readSignalName(fields, "signal", surroundings),
    onMissing: fields.choice("on_missing", ON_MISSING, "skip") ?? "skip",
  };
  if (op !== null) Object.assign(feature, readParameters(fields, op, surroundings));
  for (const key of op === null ? ["seconds", "speed", "order", "rated_rpm"] : []) fields.raw(key);
  fields.warnOfOthers();
  return feature;
}

/** What `rate` and the order ops need beside a signal. */
function readParameters(fields: Fields, op: FeatureOp, surroundings: Surroundings): Partial<FeatureSpec> {
  if (op === "rate") {
    const { lengthSeconds } = surroundings;
    const seconds = fields.number("seconds", { above: 0 });
    if (seconds >= lengthSeconds) {
      fields.error("seconds", seconds, `less than the window's length of ${lengthSeconds} s`);
    }
    return { seconds };
  }
  if (!ORDER_OPS.includes(op)) return {};
  return {
    speed: readSignalName(fields, "speed", surroundings),
    order: fields.number("order", { above: 0 }),
    ratedRpm: fields.number("rated_rpm", { above: 0 }),
  };
}

function readSignalName(fields: Fields, key: "signal" | "speed", { signals }: Surroundings): string {
  const value = fields.raw(key);
  if (typeof value === "string" && signals.has(value)) return value;
  fields.error(key, value, `one of the recipe's signals (${[...signals].join(", ")})`);
  return "";
}
