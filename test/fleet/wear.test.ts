import { describe, expect, it } from "vitest";
import { severityOnDay, wearOfAircraft, wearStrength } from "../../src/fleet/wear.ts";

describe("the wear of a fleet", () => {
  it("gives the first four aircraft each their own lot, the first being healthy", () => {
    const wears = [0, 1, 2, 3].map(wearOfAircraft);
    expect(wears).toEqual(["healthy", "fan_imbalance", "bearing_wear", "hot_section"]);
  });

  it("grows from nothing on the first day to its full extent on the last", () => {
    const severities = Array.from({ length: 5 }, (_, day) => severityOnDay(day, 5));
    expect(severities[0]).toBe(0);
    expect(severities[4]).toBeCloseTo(1, 12);
    for (let day = 1; day < 5; day++) expect(severities[day]).toBeGreaterThan(severities[day - 1]!);
  });

  it("shows in full in a period of one day", () => {
    expect(severityOnDay(0, 1)).toBe(1);
  });

  it("comes through earlier in the flight the further it has come", () => {
    const onset = (severity: number) => {
      for (let part = 0; part <= 1; part += 0.01) if (wearStrength(severity, part) > 0) return part;
      return Number.POSITIVE_INFINITY;
    };
    expect(onset(0)).toBe(Number.POSITIVE_INFINITY);
    expect(onset(0.3)).toBeGreaterThan(onset(0.6));
    expect(onset(0.6)).toBeGreaterThan(onset(1));
    expect(wearStrength(1, 1)).toBe(1);
  });
});
