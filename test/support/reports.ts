import type { FileReport, FlightReport, FlightTime } from "../../src/results/reports.ts";

/** What came of a flight; what is not said is of one without anything odd. */
export function flightReport(aircraftId: string, more: Partial<FlightReport> = {}): FlightReport {
  return {
    ...{ aircraftId, flightId: `F-${aircraftId}`, windows: 1, scored: 1, anomalies: 0, maxScore: null, skipped: {} },
    ...{ bySeverity: [1, 0, 0, 0], imputed: {}, days: {}, firstNs: null, lastNs: null, repeatsIds: false, time: [] },
    ...more,
  };
}

/** What came of a file of these flights, as long as their time together. */
export function fileReport(path: string, flights: FlightReport[], time: Partial<FileReport["time"]> = {}): FileReport {
  const lengthNs = flights.flatMap((flight) => flight.time).reduce((sum, { ns }) => sum + ns, 0);
  return {
    ...{ path, sizeBytes: 1, modifiedNs: "1", contentHash: null, kind: "raw", flights, counts: null, quality: [] },
    ...{ warnings: [], failure: null, fromCache: false, passedOver: false, elapsedMs: 1 },
    time: { aircraftId: "AC1", flightId: "F1", lengthNs, absentNs: 0, absentRows: 0, verified: null, ...time },
  };
}

/** Nanoseconds of an hour. */
export const HOUR = 3600e9;

/** Hours of a flight that went one way. */
export function hoursOf(reason: string, hours: number, phase = "cruise"): FlightTime {
  return { phase, reason, ns: hours * HOUR };
}
