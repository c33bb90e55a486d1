import { isRecord, shown } from "./fields.ts";
import type { FileFindings } from "./findings.ts";

/** An input or output as the signature tells it. */
export interface SignaturePort {
  name: string | null;
  dtype: string | null;
  /** A number, or null where the axis is dynamic. */
  shape: (number | null)[] | null;
}

/** `signature.json`, read. It says what the model was meant to be; the model itself says what it is. */
export interface Signature {
  inputs: SignaturePort[];
  outputs: SignaturePort[];
  /** Names of the model's inputs, or null if the file does not give them. */
  featureOrder: string[] | null;
}

/** Reads `signature.json`. In the wild it is sometimes Markdown: then there is a warning and nothing to be had from it. */
export function parseSignature(text: string, findings: FileFindings): Signature | null {
  const content = parseJson(text);
  if (!isRecord(content)) {
    const start = text.trimStart().split("\n", 1)[0]!.slice(0, 40);
    findings.warn(`is not a JSON object (it begins with "${start}"); the order of the features comes from elsewhere`);
    return null;
  }
  return {
    inputs: readPorts(content.inputs),
    outputs: readPorts(content.outputs),
    featureOrder: readOrder(content.feature_order, findings),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function readPorts(value: unknown): SignaturePort[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ name, dtype, shape }) => ({
    name: typeof name === "string" ? name : null,
    dtype: typeof dtype === "string" ? dtype : null,
    shape: Array.isArray(shape) ? shape.map((axis) => (typeof axis === "number" ? axis : null)) : null,
  }));
}

/** An empty list counts as none, like an absent one. */
function readOrder(value: unknown, findings: FileFindings): string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string" && name !== "")) {
    findings.error(`feature_order is ${shown(value)}, expected a list of feature names`);
    return null;
  }
  const repeated = value.filter((name, i) => value.indexOf(name) < i);
  if (repeated.length > 0) findings.error(`feature_order lists ${repeated.join(", ")} more than once`);
  return value.length > 0 && repeated.length === 0 ? value : null;
}
