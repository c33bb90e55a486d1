import { type BundleReport, inspectBundle } from "../model/inspect-bundle.ts";
import { reportAsJson } from "./inspect-json.ts";
import { reportAsText } from "./inspect-text.ts";

/** Where a command writes. */
export interface Output {
  write(text: string): void;
}

/**
 * `flightbatch inspect`: writes all that is understood of a bundle, and every fault of it. Resolves to the exit code:
 * 0, or 2 if the bundle cannot be run.
 */
export async function inspectCommand(modelDir: string, { json }: { json: boolean }, out: Output): Promise<number> {
  const report: BundleReport = await inspectBundle(modelDir);
  out.write(json ? reportAsJson(report) : reportAsText(report));
  return report.errors.length === 0 ? 0 : 2;
}
