import { FLIGHT_PHASES, type Thresholds } from "../verdict/thresholds.ts";
import { Fields, shown } from "./fields.ts";
import type { FileFindings } from "./findings.ts";
import { readThresholdExtras, type ThresholdExtras } from "./threshold-extras.ts";
import { parseYaml } from "./yaml-text.ts";

/** A threshold of both phases, for bundles that do not tell them apart. */
const SHARED_PHASE = "approach_landing";

/** `thresholds.yaml`, read and checked. */
export interface ThresholdsFile {
  thresholds: Thresholds;
  extras: ThresholdExtras;
}

/** Reads `thresholds.yaml`. All its faults are noted at once; the result is null if there is any. */
export function parseThresholds(text: string, findings: FileFindings): ThresholdsFile | null {
  const errorsBefore = findings.errorCount;
  const content = parseYaml(text, findings);
  if (findings.errorCount > errorsBefore) return null;
  const root = Fields.of(content, "the file", findings);
  if (root === null) return null;
  const section = "reconstruction_error_threshold";
  const thresholds = {
    default: Fields.of(root.raw(section), section, findings)?.number("default") ?? Number.NaN,
    byPhase: readPhases(root.raw("flight_phase_thresholds"), findings),
    severity: readSeverity(root.raw("severity_levels"), findings),
  };
  const extras = readThresholdExtras(root, findings);
  return findings.errorCount > errorsBefore ? null : { thresholds, extras };
}

function readPhases(value: unknown, findings: FileFindings): Record<string, number> {
  const fields = value === undefined ? null : Fields.of(value, "flight_phase_thresholds", findings);
  if (fields === null) return {};
  const present = [...FLIGHT_PHASES, SHARED_PHASE].filter((phase) => fields.raw(phase) !== undefined);
  const thresholds = Object.fromEntries(present.map((phase) => [phase, fields.number(phase)]));
  fields.warnOfOthers();
  return thresholds;
}

function readSeverity(value: unknown, findings: FileFindings): Thresholds["severity"] {
  const levels = Fields.of(value, "severity_levels", findings);
  const lowest = (level: string): number => {
    const fields = levels === null ? null : Fields.of(levels.raw(level), `severity_levels: ${level}`, findings);
    return fields?.number("min") ?? Number.NaN;
  };
  const severity = { minor: lowest("minor"), moderate: lowest("moderate"), severe: lowest("severe") };
  const { minor, moderate, severe } = severity;
  if (minor > moderate || moderate > severe) {
    const found = [minor, moderate, severe].map(shown).join(", ");
    findings.error(`severity_levels: minor, moderate, severe begin at ${found}, expected them in ascending order`);
  }
  return severity;
}
