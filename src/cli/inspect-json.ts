import type { FeatureSpec, Recipe, SignalSpec } from "../features/recipe.ts";
import type { BundleReport } from "../model/inspect-bundle.ts";

/** The report as JSON for other programs: numbers at full precision, the recipe as `preprocess.yaml` would have it. */
export function reportAsJson(report: BundleReport): string {
  const { recipe, scaler, thresholds } = report;
  const content = {
    directory: report.directory,
    detector: report.detector,
    version: report.version,
    feature_order: report.featureOrder,
    scaler,
    thresholds: thresholds && {
      default: thresholds.default,
      by_phase: thresholds.byPhase,
      severity: thresholds.severity,
    },
    window: recipe && windowAsWritten(recipe),
    inputs: report.inputs,
    outputs: report.outputs,
    recipe: recipe && recipeAsWritten(recipe),
    digests: report.digests,
    origins: report.origins,
    warnings: report.warnings,
    errors: report.errors,
  };
  return `${withoutControls(JSON.stringify(content, null, 2))}\n`;
}

/** JSON leaves DEL and the C1 controls as they are, and a terminal may obey them: here they are escapes. */
export function withoutControls(json: string): string {
  return json.replace(/[\p{Cf}\u007f-\u009f]/gu, (character) =>
    character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

function windowAsWritten({ window }: Recipe): object {
  return { length_s: window.lengthSeconds, hop_s: window.hopSeconds, min_coverage: window.minCoverage };
}

function recipeAsWritten(recipe: Recipe): object {
  return {
    window: windowAsWritten(recipe),
    clip_sigma: recipe.clipSigma,
    signals: Object.fromEntries(recipe.signals.map((signal) => [signal.name, signalAsWritten(signal)])),
    features: recipe.features.map(featureAsWritten),
  };
}

function signalAsWritten({ columns, unit, range, fill, maxGapSeconds }: SignalSpec): object {
  return { columns, unit, range, fill, max_gap_s: maxGapSeconds };
}

function featureAsWritten({ name, op, signal, onMissing, seconds, speed, order, ratedRpm }: FeatureSpec): object {
  return { name, op, signal, speed, order, rated_rpm: ratedRpm, seconds, on_missing: onMissing };
}
