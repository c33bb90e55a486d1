import type { EventRules } from "../events/event.ts";
import { type Fields, isRecord, shown } from "./fields.ts";
import type { FileFindings } from "./findings.ts";

/** The parts of `thresholds.yaml` that explain a verdict but do not make it: what it says of events. An absent part is empty or null. */
export type ThresholdExtras = EventRules;

/** Reads the optional parts. No score depends on them: what is faulty is left out with a warning. */
export function readThresholdExtras(root: Fields, findings: FileFindings): ThresholdExtras {
  const contribution = root.raw("feature_contribution_thresholds");
  const confidence = root.raw("confidence_levels");
  const persistence = root.raw("persistence_filters");
  return {
    featureContribution: readEntries(contribution, { part: "feature_contribution_thresholds", findings }, (entry) => ({
      high: optionalNumber(entry, "high"),
      moderate: optionalNumber(entry, "moderate"),
      interpretation: typeof entry.interpretation === "string" ? entry.interpretation : null,
    })),
    confidence: readEntries(confidence, { part: "confidence_levels", findings }, (entry) => ({
      min: optionalNumber(entry, "min"),
      max: optionalNumber(entry, "max"),
    })),
    persistence: readPersistence(persistence, findings),
  };
}

function readEntries<T>(
  value: unknown,
  { part, findings }: { part: string; findings: FileFindings },
  read: (entry: Record<string, unknown>) => T,
): Record<string, T> {
  if (value === undefined) return {};
  const entries = isRecord(value) ? Object.entries(value) : [];
  const sound = entries.filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]));
  if (!isRecord(value) || sound.length < entries.length) {
    const faulty = entries.find(([, entry]) => !isRecord(entry));
    findings.warn(
      `${part} is left out in part: ${faulty?.[0] ?? "it"} is ${shown(faulty?.[1] ?? value)}, expected a map`,
    );
  }
  return Object.fromEntries(sound.map(([name, entry]) => [name, read(entry)]));
}

function readPersistence(value: unknown, findings: FileFindings): ThresholdExtras["persistence"] {
  if (value === undefined) return null;
  if (!isRecord(value)) {
    findings.warn(`persistence_filters is ${shown(value)}, expected a map; it is left out`);
    return null;
  }
  return {
    consecutiveAnomalies: optionalNumber(value, "consecutive_anomalies"),
    withinSeconds: optionalNumber(value, "within_s"),
    cooldownSeconds: optionalNumber(value, "cooldown_s"),
  };
}

function optionalNumber(record: Record<string, unknown>, key: string): number | null {
  const value = record[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
