import type { ResultFile } from "../aggregate/result-file.ts";
import { readRunFacts } from "../aggregate/run-facts.ts";
import { type EventRules, NO_EVENT_RULES } from "../events/event.ts";
import { asFault } from "../faults/fault.ts";
import { type ReadThresholds, readThresholds } from "../model/read-thresholds.ts";

/** The rules of events, and the one threshold of all phases where there is one: for windows that nothing says the phase of. */
export interface FoundRules {
  rules: EventRules;
  onlyThreshold: number | null;
}

/** What results without their bundle do without. */
const LOST =
  "every candidate is an event, without persistence, cool-down, interpretations and confidence (give --model DIR)";

/** No bundle says anything. */
const NONE: FoundRules = { rules: NO_EVENT_RULES, onlyThreshold: null };

/**
 * The rules of events of each model: those of the bundle given, else of the bundle that the first of its runs names. What cannot be found, or
 * has changed since, is said.
 * @throws Fault BUNDLE_INVALID for a given bundle that cannot be read
 */
export async function findRules(
  files: readonly ResultFile[],
  labels: readonly string[],
  given: string | undefined,
): Promise<{ byLabel: Map<string, FoundRules>; warnings: string[] }> {
  const warnings: string[] = [];
  const byLabel = new Map<string, FoundRules>();
  const read = given === undefined ? null : await readThresholds(given);
  warnings.push(...(read?.warnings ?? []));
  for (const [i, label] of labels.entries()) {
    if (byLabel.has(label)) continue;
    const facts = await readRunFacts(files[i]!.path);
    const thresholds = read ?? (await recordedThresholds(files[i]!.path, facts?.bundleDirectory));
    if (typeof thresholds === "string") {
      warnings.push(`${thresholds}: ${LOST}`);
      byLabel.set(label, NONE);
      continue;
    }
    if (facts?.thresholdsDigest !== undefined && thresholds.digest !== facts.thresholdsDigest) {
      warnings.push(
        read === null
          ? `${thresholds.path} has changed since ${files[i]!.path} was made: events are by its present rules`
          : `${thresholds.path} is not the one that made ${files[i]!.path}: its rules of events are used, the decisions stay`,
      );
    }
    byLabel.set(label, rulesOf(thresholds));
  }
  return { byLabel, warnings };
}

/** The rules that a `thresholds.yaml` holds. */
export function rulesOf({ extras, thresholds }: Pick<ReadThresholds, "extras" | "thresholds">): FoundRules {
  const isOne = Object.keys(thresholds.byPhase).length === 0;
  return { rules: extras, onlyThreshold: isOne ? thresholds.default : null };
}

/** The thresholds of the bundle that made results, as they are there now; or in words why they cannot be had. */
export async function recordedThresholds(
  path: string,
  directory: string | undefined,
): Promise<ReadThresholds | string> {
  if (directory === undefined) return `nothing beside ${path} says which bundle made it`;
  try {
    return await readThresholds(directory);
  } catch (error) {
    return `the bundle that made ${path} cannot be read (${directory}: ${asFault(error).detail.found})`;
  }
}
