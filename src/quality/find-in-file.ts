import type { QualityCheck, QualityFinding } from "./finding.ts";

/** What was counted while a file was read. */
export interface FileCounts {
  noTime: number;
  timeImplausible: number;
  duplicateTime: number;
  unknownQuality: number;
  /** How often a row of a flight is earlier than the row of that flight before it in the file. */
  backwardSteps: number;
  /** Columns that would be used, were they of a type that can be. */
  unusableColumns: readonly { name: string; type: string }[];
}

/** A flight's identity, as far as these checks ask. */
interface Named {
  aircraftId: string;
  flightId: string;
}

/** The aircraft of a file that does not say whose it is. */
const UNKNOWN_AIRCRAFT = "unknown";

/** All that is odd in a file beside its samples. */
export function findInFile(counts: FileCounts, flights: readonly Named[]): QualityFinding[] {
  const { duplicateTime, backwardSteps, noTime, timeImplausible, unknownQuality, unusableColumns } = counts;
  const rows = [
    ofFile("duplicate_time", duplicateTime, "rows have the time of a row before them: the first stays"),
    ofFile("time_backwards", backwardSteps, "times a row is earlier than the one before it: rows are sorted"),
    ofFile("no_time", noTime, "rows have no time, and are left out"),
    ofFile(
      "time_implausible",
      timeImplausible,
      "rows are more than 7 days from the file's median time, and are left out",
    ),
  ];
  const unknown = flights.filter(({ aircraftId }) => aircraftId === UNKNOWN_AIRCRAFT).length;
  return [
    ...rows,
    ofFile("several_flights", flights.length > 1 ? flights.length : 0, `flights: ${describeFlights(flights)}`),
    ofFile("unknown_identity", unknown, "flights of an aircraft that neither row, sidecar, folder nor name tells"),
    ofFile("unknown_quality", unknownQuality, "entries of quality columns are no known quality, and are used as valid"),
    ...unusableColumns.map(({ name, type }) => ({
      ...emptyFinding(
        "unusable_column",
        1,
        `the column is ${type}, which cannot be used: it is as if it were not there`,
      ),
      signal: name,
    })),
  ].filter(({ count }) => count > 0);
}

function ofFile(check: QualityCheck, count: number, what: string): QualityFinding {
  return emptyFinding(check, count, `${count} ${what}`);
}

function emptyFinding(check: QualityCheck, count: number, example: string): QualityFinding {
  return { check, aircraftId: null, flightId: null, signal: null, count, seconds: null, worst: null, example };
}

function describeFlights(flights: readonly Named[]): string {
  const shown = flights.slice(0, 3).map(({ aircraftId, flightId }) => `${aircraftId}/${flightId}`);
  return `${shown.join(", ")}${flights.length > shown.length ? ", ..." : ""}`;
}
