import type { Scaler } from "./bundle.ts";
import type { FileFindings } from "./findings.ts";
import type { ScalerFile } from "./scaler-file.ts";

/**
 * The scaler as it is used: a scale of exactly 0 counts as 1 (with a warning), and nothing in it is infinite or NaN
 * (else an error per list, and null). `order`: the model's features, if known; a dict is put in that order.
 */
export function settleScaler(file: ScalerFile, order: string[] | null, findings: FileFindings): Scaler | null {
  const sorted = file.byName && order !== null ? inOrder(file, order, findings) : file;
  if (sorted === null) return null;
  const names = (file.byName ? order : (file.names ?? order)) ?? file.names;
  const label = (i: number): string => names?.[i] ?? `input ${i + 1}`;
  const lists = ["center", "scale", "typical"] as const;
  const faulty = lists.filter((list) => reportNotFinite(sorted[list], list, { label, findings }));
  if (faulty.length > 0) return null;
  const zero = sorted.scale.flatMap((value, i) => (value === 0 ? [label(i)] : []));
  if (zero.length > 0) findings.warn(`scale is 0 for ${zero.join(", ")}; it counts as 1`);
  const { kind, center, clip, typical } = sorted;
  return { kind, center, scale: sorted.scale.map((value) => (value === 0 ? 1 : value)), clip, typical };
}

function reportNotFinite(
  values: number[],
  list: string,
  { label, findings }: { label: (i: number) => string; findings: FileFindings },
): boolean {
  const faulty = values.flatMap((value, i) => (Number.isFinite(value) ? [] : [`${label(i)} (${value})`]));
  if (faulty.length > 0) findings.error(`${list} is not finite for ${faulty.join(", ")}`);
  return faulty.length > 0;
}

function inOrder(file: ScalerFile, order: string[], findings: FileFindings): ScalerFile | null {
  const names = file.names ?? [];
  const rows = new Map(names.map((name, i) => [name, i]));
  const missing = order.filter((name) => !rows.has(name));
  if (missing.length > 0) {
    findings.error(`its dict has no ${missing.join(", ")}, which the model takes; it has ${names.join(", ")}`);
    return null;
  }
  const unused = names.filter((name) => !order.includes(name));
  if (unused.length > 0) findings.warn(`its dict has ${unused.join(", ")}, which the model does not take`);
  const pick = (values: number[]): number[] => order.map((name) => values[rows.get(name)!]!);
  return { ...file, names: order, center: pick(file.center), scale: pick(file.scale), typical: pick(file.typical) };
}
