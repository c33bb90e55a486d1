import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileFindings, type Findings } from "../../src/model/findings.ts";
import { parseThresholds } from "../../src/model/thresholds-file.ts";
import { DETECTOR, THRESHOLDS } from "./make-bundle.ts";

function parse(text: string) {
  const found: Findings = { errors: [], warnings: [] };
  return { file: parseThresholds(text, new FileFindings("thresholds.yaml", found)), ...found };
}

describe("parseThresholds", () => {
  it("reads every part of a full file", () => {
    const { file, errors, warnings } = parse(readFileSync(join(DETECTOR, "1.0.0", "thresholds.yaml"), "utf8"));
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(file?.thresholds).toEqual({
      default: 3.5,
      byPhase: { ground: 3.2, taxi: 3.5, takeoff: 4, climb: 3.6, cruise: 3.4, descent: 3.7, approach_landing: 4 },
      severity: { minor: 3.5, moderate: 5, severe: 8 },
    });
    expect(file?.extras.featureContribution.egt).toEqual({
      high: 0.4,
      moderate: 0.2,
      interpretation: "exhaust gas too hot for this power",
    });
    expect(file?.extras.confidence).toEqual({
      high: { min: 8, max: null },
      medium: { min: 5, max: 8 },
      low: { min: 3.5, max: 5 },
    });
    expect(file?.extras.persistence).toEqual({ consecutiveAnomalies: 3, withinSeconds: 30, cooldownSeconds: 300 });
  });

  it("does without the optional parts, absent or null", () => {
    const nothing =
      "flight_phase_thresholds:\nfeature_contribution_thresholds: null\nconfidence_levels:\npersistence_filters: ~\n";
    for (const text of [THRESHOLDS, THRESHOLDS + nothing]) {
      const { file, errors, warnings } = parse(text);
      expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
      expect(file).toEqual({
        thresholds: { default: 3, byPhase: {}, severity: { minor: 3, moderate: 5, severe: 8 } },
        extras: { featureContribution: {}, confidence: {}, persistence: null },
      });
    }
  });

  it("reports all faults at once", () => {
    const { file, errors } = parse(`
reconstruction_error_threshold: {default: .inf}
severity_levels: {minor: {min: 5}, moderate: {min: 3}, severe: {max: 9}}
flight_phase_thresholds: {cruise: high, climb: 3}
`);
    expect(file).toBeNull();
    expect(errors).toEqual([
      "thresholds.yaml: reconstruction_error_threshold: default is Infinity, expected a finite number",
      'thresholds.yaml: flight_phase_thresholds: cruise is "high", expected a finite number',
      "thresholds.yaml: severity_levels: severe: min is absent, expected a finite number",
      "thresholds.yaml: severity_levels: minor, moderate, severe begin at 5, 3, NaN, expected them in ascending order",
    ]);
  });

  it("names the sections that are missing", () => {
    expect(parse("{}").errors.slice(0, 2)).toEqual([
      "thresholds.yaml: reconstruction_error_threshold is absent, expected a map",
      "thresholds.yaml: severity_levels is absent, expected a map",
    ]);
  });

  it("allows severities that begin at the same score", () => {
    expect(parse(THRESHOLDS.replace("min: 5", "min: 3")).file?.thresholds.severity.moderate).toBe(3);
  });

  it("warns of a phase that does not exist, and passes over one that is null", () => {
    const { file, warnings } = parse(`${THRESHOLDS}flight_phase_thresholds: {cruse: 2, climb: null, taxi: 4}\n`);
    expect(file?.thresholds.byPhase).toEqual({ taxi: 4 });
    expect(warnings).toEqual(["thresholds.yaml: flight_phase_thresholds: cruse is not known and has no effect"]);
  });

  it("leaves out an optional part that is faulty, with a warning", () => {
    const { file, warnings } = parse(
      `${THRESHOLDS}persistence_filters: 3\nconfidence_levels: {high: 8, low: {min: x}}\n`,
    );
    expect(file?.extras.persistence).toBeNull();
    expect(file?.extras.confidence).toEqual({ low: { min: null, max: null } });
    expect(warnings).toHaveLength(2);
  });
});
