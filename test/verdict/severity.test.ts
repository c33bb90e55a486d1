import { describe, expect, it } from "vitest";
import { severityOf } from "../../src/verdict/severity.ts";

const levels = { minor: 0.5, moderate: 1, severe: 2 };

describe("severityOf", () => {
  it("finds none just below the threshold", () => {
    expect(severityOf(0.5 - Number.EPSILON, 0.5, levels)).toBe(0);
  });

  it("finds an anomaly at the threshold itself", () => {
    expect(severityOf(0.5, 0.5, levels)).toBe(1);
  });

  it("is at least minor for an anomaly below every level", () => {
    expect(severityOf(0.3, 0.25, levels)).toBe(1);
  });

  it("finds none below a phase's high threshold, even at a score that reaches a level", () => {
    expect(severityOf(2.5, 3, levels)).toBe(0);
  });

  it("takes the highest level that the score reaches", () => {
    expect(severityOf(1 - Number.EPSILON, 0.5, levels)).toBe(1);
    expect(severityOf(1, 0.5, levels)).toBe(2);
    expect(severityOf(2, 0.5, levels)).toBe(3);
    expect(severityOf(1e9, 0.5, levels)).toBe(3);
  });

  it("takes the highest level even where the levels are not in ascending order", () => {
    expect(severityOf(1, 0.5, { minor: 3, moderate: 2, severe: 1 })).toBe(3);
  });

  it("compares a float32 score with a float64 threshold without rounding the threshold", () => {
    const score = Math.fround(0.1); // 0.10000000149
    expect(severityOf(score, 0.1, levels)).toBe(1);
    expect(severityOf(Math.fround(0.3), 0.3, levels)).toBe(1); // 0.30000001192
    expect(severityOf(Math.fround(0.7), 0.7, levels)).toBe(0); // 0.69999998807
  });
});
