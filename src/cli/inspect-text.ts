import type { FeatureSpec } from "../features/recipe.ts";
import type { BundleReport } from "../model/inspect-bundle.ts";
import type { ModelPort } from "../model/model-facts.ts";
import { printable } from "../model/printable.ts";
import { FLIGHT_PHASES, thresholdOfPhase } from "../verdict/thresholds.ts";

/** The report for a reader at a terminal. Nothing that a file says can reach the terminal as a control character. */
export function reportAsText(report: BundleReport): string {
  const sections = [
    [`${report.detector} ${report.version}`, report.directory],
    featureLines(report),
    windowLines(report),
    thresholdLines(report),
    modelLines(report),
    titled("Digests (sha256)", pairLines(report.digests)),
    titled("Origins", pairLines(report.origins)),
    titled("Warnings", report.warnings.map(indented)),
    titled(report.errors.length === 0 ? "" : "Errors: this bundle cannot be run", report.errors.map(indented)),
    report.errors.length === 0 ? ["This bundle can be run."] : [],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.map((line) => printable(line, 1000)).join("\n")}\n`)
    .join("\n");
}

function titled(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function indented(line: string): string {
  return `  ${line}`;
}

/** Rows of cells as lines whose columns line up. */
function tableLines(rows: string[][]): string[] {
  const clean = rows.map((row) => row.map((cell) => printable(cell, 80)));
  const widths = clean[0]?.map((_, column) => Math.max(...clean.map((row) => row[column]!.length))) ?? [];
  return clean.map((row) => indented(row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")).trimEnd());
}

function pairLines(pairs: Record<string, string>): string[] {
  return tableLines(Object.entries(pairs).map(([key, value]) => [key, value]));
}

function short(value: number | undefined): string {
  return value === undefined ? "-" : String(Number(value.toPrecision(6)));
}

function featureLines({ featureOrder, recipe, scaler }: BundleReport): string[] {
  if (featureOrder === null) return [];
  const specs = new Map(recipe?.features.map((feature) => [feature.name, feature]));
  const rows = featureOrder.map((name, i) => {
    const spec = specs.get(name);
    const numbers = [scaler?.center[i], scaler?.scale[i], scaler?.typical[i]].map(short);
    return [String(i + 1), name, spec?.op ?? "-", spec?.signal ?? "-", ...numbers, spec ? detail(spec) : ""];
  });
  const head = ["#", "feature", "op", "signal", "center", "scale", "typical", ""];
  return titled("Features", tableLines([head, ...rows]));
}

function detail(spec: FeatureSpec): string {
  const parts = [
    spec.seconds === undefined ? "" : `over ${spec.seconds} s`,
    spec.order === undefined ? "" : `order ${spec.order} of ${spec.speed} at ${spec.ratedRpm} rpm`,
    spec.onMissing === "impute" ? "typical if it cannot be computed" : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function windowLines({ recipe, scaler }: BundleReport): string[] {
  const lines: string[] = [];
  if (recipe !== null) {
    const { lengthSeconds, hopSeconds, minCoverage } = recipe.window;
    lines.push(
      `  window: ${lengthSeconds} s every ${hopSeconds} s, at least ${minCoverage} of it covered by every signal`,
    );
    for (const { name, columns, fill, range } of recipe.signals) {
      const limits = range === null ? "any value" : `${short(range[0])} to ${short(range[1])}`;
      lines.push(`  signal ${name}: ${limits}, fill ${fill}, from the column ${columns.join(" or ")}`);
    }
  }
  if (scaler !== null) {
    const own = scaler.clip === null ? "" : `, clipped to ${scaler.clip.join(" to ")}`;
    const sigma = recipe?.clipSigma == null ? "" : `, then to +-${recipe.clipSigma}`;
    lines.push(`  scaler: ${scaler.kind}, (x - center) / scale${own}${sigma}`);
  }
  return titled("From a recording to the model's input", lines);
}

function thresholdLines({ thresholds }: BundleReport): string[] {
  if (thresholds === null) return [];
  const phases = FLIGHT_PHASES.map((phase, code) => [phase, String(thresholdOfPhase(thresholds, code))]);
  const { minor, moderate, severe } = thresholds.severity;
  return [
    "Thresholds (an anomaly at or above)",
    ...tableLines([...phases, ["unknown", String(thresholds.default)]]),
    `  severity: minor from ${minor}, moderate from ${moderate}, severe from ${severe}`,
  ];
}

function modelLines({ inputs, outputs, model }: BundleReport): string[] {
  const rows = [
    ...inputs.map((port) => ["in", port.name, portType(port)]),
    ...outputs.map((port) => ["out", port.name, portType(port)]),
  ];
  const batch =
    model?.fixedBatch == null ? [] : [indented(`rows are scored ${model.fixedBatch} at a time (fixed batch)`)];
  return titled("Model", [...tableLines(rows), ...batch]);
}

function portType({ dtype, shape }: ModelPort): string {
  return `${dtype} [${shape.map((axis) => (axis === "" ? "?" : axis)).join(", ")}]`;
}
