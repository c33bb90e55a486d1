import { describe, expect, it } from "vitest";
import { resolvePhase } from "../../src/verdict/phase.ts";
import { FLIGHT_PHASES, type FlightPhase, type Thresholds } from "../../src/verdict/thresholds.ts";

const severity = { minor: 1, moderate: 2, severe: 3 };
const thresholds = (byPhase: Record<string, number>): Thresholds => ({ default: 1, byPhase, severity });
const setOf = (...names: FlightPhase[]): number =>
  names.reduce((set, name) => set | (1 << FLIGHT_PHASES.indexOf(name)), 0);

describe("resolvePhase", () => {
  it("finds no phase in an empty set", () => {
    expect(resolvePhase(0, thresholds({ cruise: 0.5 }))).toBeNull();
  });

  it("returns the only phase whatever its threshold", () => {
    for (let code = 0; code < FLIGHT_PHASES.length; code++) {
      expect(resolvePhase(1 << code, thresholds({ takeoff: 9, landing: Number.POSITIVE_INFINITY }))).toBe(code);
    }
  });

  it("gives a tie to the phase with the lowest threshold", () => {
    const rules = thresholds({ taxi: 0.9, cruise: 0.4, descent: 0.6 });
    expect(resolvePhase(setOf("taxi", "cruise", "descent"), rules)).toBe(FLIGHT_PHASES.indexOf("cruise"));
  });

  it("gives a tie at equal thresholds to the lower code", () => {
    expect(resolvePhase(setOf("descent", "climb", "cruise"), thresholds({}))).toBe(FLIGHT_PHASES.indexOf("climb"));
  });

  it("weighs a phase without a threshold of its own by the default", () => {
    expect(resolvePhase(setOf("taxi", "climb"), thresholds({ taxi: 1.5 }))).toBe(FLIGHT_PHASES.indexOf("climb"));
  });

  it("weighs approach and landing by their shared threshold", () => {
    const rules = thresholds({ approach_landing: 0.2 });
    expect(resolvePhase(setOf("cruise", "landing"), rules)).toBe(FLIGHT_PHASES.indexOf("landing"));
    expect(resolvePhase(setOf("approach", "landing"), rules)).toBe(FLIGHT_PHASES.indexOf("approach"));
  });
});
