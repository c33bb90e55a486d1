import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { planFleet } from "../../src/fleet/plan-fleet.ts";

describe("planFleet", () => {
  it("plans four aircraft over five days unless told otherwise", () => {
    const flights = planFleet();
    expect(flights).toHaveLength(20);
    expect(new Set(flights.map((flight) => flight.aircraftId))).toEqual(new Set(["AC001", "AC002", "AC003", "AC004"]));
    expect(new Set(flights.map((flight) => flight.path)).size).toBe(20);
    expect(new Set(flights.map((flight) => flight.flightId)).size).toBe(20);
  });

  it("names a file after its aircraft and the second of its start, in a folder per month", () => {
    const flights = planFleet({ firstDay: "2025-10-31", days: 2, aircraft: 1 });
    expect(flights.map((flight) => flight.path.split("/").slice(0, 2))).toEqual([
      ["engine_vibration", "2025-10"],
      ["engine_vibration", "2025-11"],
    ]);
    for (const { path, startNanos } of flights) {
      const [, year, month, day, hour, minute, second] = /AC001_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)\.parquet$/.exec(
        path,
      )!;
      const named = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
      expect(BigInt(named) * 1_000_000n).toBe(startNanos);
    }
  });

  it("lets the flights of a day follow each other without overlap, within the day", () => {
    const flights = planFleet({ aircraft: 1, days: 2, flightsPerDay: 9, flightSeconds: 7200 });
    const starts = flights.map((flight) => Number(flight.startNanos / 1_000_000_000n));
    for (let k = 1; k < starts.length; k++) expect(starts[k]! - starts[k - 1]!).toBeGreaterThanOrEqual(7200);
    expect(new Set(flights.map((flight) => flight.flightId.slice(2, 10))).size).toBe(2);
  });

  it("keeps the seeds of the flights that a smaller fleet has too", () => {
    const small = planFleet({ aircraft: 2, days: 2 });
    const large = new Map(planFleet({ aircraft: 5, days: 4 }).map((flight) => [flight.path, flight.seed]));
    for (const { path, seed } of small) expect(large.get(path)).toBe(seed);
  });

  it("plans healthy aircraft only when no wear is asked for", () => {
    expect(planFleet({ withFaults: false }).every(({ wear }) => wear.wear === "healthy" && wear.severity === 0)).toBe(
      true,
    );
  });

  it("names everything that is wrong with the options at once", () => {
    const nonsense = { aircraft: 0, days: 1.5, rateHz: 44, flightSeconds: 30_000, flightsPerDay: 3, firstDay: "6 Oct" };
    try {
      planFleet(nonsense);
      expect.unreachable();
    } catch (error) {
      expect((error as Fault).code).toBe("USAGE");
      const { found } = (error as Fault).detail;
      for (const part of ["aircraft 0", "days 1.5", "rateHz 44", "30000 s, 3 a day", '"6 Oct"'])
        expect(found).toContain(part);
    }
  });

  it("refuses numbers that are none", () => {
    for (const option of ["aircraft", "days", "flightsPerDay", "flightSeconds", "rateHz", "seed"]) {
      expect(() => planFleet({ [option]: Number.NaN })).toThrow(Fault);
    }
  });
});
