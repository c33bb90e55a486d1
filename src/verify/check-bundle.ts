import { Fault } from "../faults/fault.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import type { RunReport } from "../run/run-report.ts";

/** The bundle of the run, from where it was or from `model`. @throws Fault BUNDLE_INVALID if it is not there, or not the same */
export async function recordedBundle({ bundle }: RunReport, model: string | null): Promise<ModelBundle> {
  const found = await loadBundle(model ?? bundle.directory);
  const names = new Set([...Object.keys(bundle.digests), ...Object.keys(found.digests)]);
  const differing = [...names].filter((name) => name !== "bundle" && bundle.digests[name] !== found.digests[name]);
  if (differing.length === 0) return found;
  throw new Fault({
    code: "BUNDLE_INVALID",
    path: found.directory,
    found: `a bundle that is not the one of the run: ${differing.join(", ")} differ${differing.length === 1 ? "s" : ""}`,
    expected: `${bundle.detector} ${bundle.version} with the digests of run.json`,
    hint: "Name the directory where the run's own bundle is by --model.",
    items: differing.map(
      (name) => `${name}: ${found.digests[name] ?? "not there"}, then ${bundle.digests[name] ?? "not there"}`,
    ),
  });
}
