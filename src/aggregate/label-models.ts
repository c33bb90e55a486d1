import { severalModels } from "./faults.ts";
import type { ResultFile } from "./result-file.ts";

/** Stands for a model that nothing names. */
const UNKNOWN = "unknown";

/**
 * The name of the model of each file: `<detector>/<version>`, with the beginning of the bundle's digest where different bundles have one name. Files
 * that nothing says the model of are of the only model there is, unless they are to be told apart.
 * @throws Fault `USAGE` for several models that are not
 */
export function labelModels(files: readonly ResultFile[], areToldApart: boolean): string[] {
  const digests = digestsByModel(files);
  const labels = files.map((file) => labelOf(file, digests));
  const known = [...new Set(labels)].filter((label) => label !== UNKNOWN);
  if (areToldApart) return labels;
  if (known.length > 1) {
    const named = files.filter((_, i) => labels[i] !== UNKNOWN);
    throw severalModels(
      labels.filter((label) => label !== UNKNOWN),
      named,
    );
  }
  return labels.map(() => known[0] ?? UNKNOWN);
}

function digestsByModel(files: readonly ResultFile[]): Map<string, Set<string>> {
  const digests = new Map<string, Set<string>>();
  for (const { model, bundleDigest } of files) {
    if (model === null || bundleDigest === null) continue;
    digests.set(model, (digests.get(model) ?? new Set()).add(bundleDigest));
  }
  return digests;
}

function labelOf({ model, bundleDigest }: ResultFile, digests: ReadonlyMap<string, ReadonlySet<string>>): string {
  if (model === null) return UNKNOWN;
  const isAmbiguous = bundleDigest !== null && digests.get(model)!.size > 1;
  return isAmbiguous ? `${model} (bundle ${bundleDigest.slice(0, 12)})` : model;
}
