import { Fault } from "../faults/fault.ts";
import type { ModelBundle } from "./bundle.ts";
import { type BundleReport, inspectBundle } from "./inspect-bundle.ts";

/** Reads and checks a bundle. Throws one `BUNDLE_INVALID` fault with all that is wrong with it as its `items`. */
export async function loadBundle(path: string): Promise<ModelBundle> {
  const { errors, inputs: _inputs, outputs: _outputs, ...report } = await inspectBundle(path);
  if (errors.length > 0 || !isComplete(report)) throw bundleFault(report.directory, errors);
  return report;
}

function isComplete(report: Partial<BundleReport>): report is ModelBundle {
  const { recipe, featureOrder, scaler, thresholds, extras, model } = report;
  return [recipe, featureOrder, scaler, thresholds, extras, model].every((part) => part !== null);
}

function bundleFault(directory: string, errors: string[]): Fault {
  return new Fault({
    code: "BUNDLE_INVALID",
    path: directory,
    found: errors.length === 1 ? "a model bundle with a fault" : `a model bundle with ${errors.length} faults`,
    expected: "a bundle that can be run (docs/bundles.md)",
    hint: "`flightbatch inspect` shows all that is understood of it.",
    items: errors,
  });
}
