import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolvePhase } from "../../src/verdict/phase.ts";
import { severityOf } from "../../src/verdict/severity.ts";
import { FLIGHT_PHASES, type Thresholds, thresholdOfPhase } from "../../src/verdict/thresholds.ts";
import { oracleDecide } from "../oracle/decide.ts";
import { propertyParameters } from "./random.ts";

/** Few enough values that scores, thresholds and levels often meet. */
const level = fc.constantFrom(0, 0.25, 0.5, 0.75, 1, 2);
const keys = fc.constantFrom(...FLIGHT_PHASES, "approach_landing");
const thresholdsOf: fc.Arbitrary<Thresholds> = fc.record({
  default: level,
  byPhase: fc.dictionary(keys, level, { noNullPrototype: true }),
  severity: fc.record({ minor: level, moderate: level, severe: level }),
});

describe("a decision", () => {
  it("is the oracle's for any score, set of phases and thresholds", () => {
    fc.assert(
      fc.property(level, fc.nat(255), thresholdsOf, (score, phaseSet, thresholds) => {
        const phase = resolvePhase(phaseSet, thresholds);
        const threshold = thresholdOfPhase(thresholds, phase);
        const severity = severityOf(score, threshold, thresholds.severity);
        const isAnomaly = score >= threshold;
        expect({ phase, threshold, isAnomaly, severity }).toEqual(oracleDecide(score, phaseSet, thresholds));
      }),
      propertyParameters(),
    );
  });
});
