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
  const unknown = flights.filter(({ aircraftId }) => aircraftId === UNKNOWN_AIRCRAFT).length;
  const several = flights.length > 1 ? flights.length : 0;
  return [
    ofFile("duplicate_time", duplicateTime, "row|rows with the time of another row: the first stays"),
    ofFile("time_backwards", backwardSteps, "step|steps back in time from row to row: rows are sorted"),
    ofFile("no_time", noTime, "row|rows without a time, left out"),
    ofFile("time_implausible", timeImplausible, "row|rows more than 7 days from the file's median time, left out"),
    emptyFinding("several_flights", several, `${several} flights: ${describeFlights(flights)}`),
    ofFile(
      "unknown_identity",
      unknown,
      "flight|flights of an aircraft that neither row, sidecar, folder nor name tells",
    ),
    ofFile("unknown_quality", unknownQuality, "entry|entries of quality columns of no known meaning, taken as valid"),
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

/** A finding of so many things; `what` begins with the word for one, a bar and that for several. */
function ofFile(check: QualityCheck, count: number, what: string): QualityFinding {
  const [, one, several, rest] = /^(\w+)\|(\w+)(.*)$/.exec(what)!;
  return emptyFinding(check, count, `${count} ${count === 1 ? one : several}${rest}`);
}

function emptyFinding(check: QualityCheck, count: number, example: string): QualityFinding {
  return { check, aircraftId: null, flightId: null, signal: null, count, seconds: null, worst: null, example };
}

function describeFlights(flights: readonly Named[]): string {
  const shown = flights.slice(0, 3).map(({ aircraftId, flightId }) => `${aircraftId}/${flightId}`);
  return `${shown.join(", ")}${flights.length > shown.length ? ", ..." : ""}`;
}
