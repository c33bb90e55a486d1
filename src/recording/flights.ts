import { compareCodePoints } from "../filter/text-order.ts";
import { type Column, isValid, type Table } from "./column.ts";
import type { Identity } from "./recording.ts";
import type { RowTimes } from "./times.ts";

/** The rows of one flight: their numbers in order of time, or null where they are all rows of the file as they stand. */
export interface FlightRows extends Identity {
  rows: Int32Array | null;
  /** How often a row is earlier than the flight's row before it in the file. */
  backwardSteps: number;
}

/** Splits a file's rows by (aircraft_id, flight_id): flights in the order of these ids, rows in that of their time, then position. */
export function splitFlights(table: Table, whole: Identity, { times, strictlyAscending }: RowTimes): FlightRows[] {
  const aircraft = idsOf(table.columns.get("aircraft_id"), whole.aircraftId, times.length);
  const flight = idsOf(table.columns.get("flight_id"), whole.flightId, times.length);
  if (aircraft.codes === null && flight.codes === null && strictlyAscending && times.length > 0) {
    return [{ aircraftId: aircraft.names[0]!, flightId: flight.names[0]!, rows: null, backwardSteps: 0 }];
  }
  const groups = new Map<number, number[]>();
  for (let row = 0; row < times.length; row++) {
    if (Number.isNaN(times[row]!)) continue;
    const group = codeAt(aircraft, row) * flight.names.length + codeAt(flight, row);
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  }
  // A flight of which nothing can be used is a flight all the same, and counts with no windows.
  if (groups.size === 0)
    return [{ aircraftId: whole.aircraftId, flightId: whole.flightId, rows: new Int32Array(0), backwardSteps: 0 }];
  return [...groups]
    .map(([group, rows]) => ({
      aircraftId: aircraft.names[Math.floor(group / flight.names.length)]!,
      flightId: flight.names[group % flight.names.length]!,
      backwardSteps: countBackwardSteps(rows, times),
      rows: Int32Array.from(rows).sort((a, b) => times[a]! - times[b]! || a - b),
    }))
    .sort((a, b) => compareCodePoints(a.aircraftId, b.aircraftId) || compareCodePoints(a.flightId, b.flightId));
}

function countBackwardSteps(rows: readonly number[], times: Float64Array): number {
  let steps = 0;
  for (let i = 1; i < rows.length; i++) if (times[rows[i]!]! < times[rows[i - 1]!]!) steps++;
  return steps;
}

/** An id per row as codes into different names; no codes where all rows have the first. */
interface Ids {
  names: string[];
  codes: Int32Array | null;
}

function codeAt({ codes }: Ids, row: number): number {
  return codes === null ? 0 : codes[row]!;
}

/** The rows' own ids as text, and the file's where a row has none. */
function idsOf(column: Column | undefined, ofFile: string, rowCount: number): Ids {
  const nameAt = column === undefined ? null : nameReader(column);
  if (nameAt === null) return { names: [ofFile], codes: null };
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from({ length: rowCount }, (_, row) => {
    const name = nameAt(row) ?? ofFile;
    const known = codeOf.get(name);
    if (known !== undefined) return known;
    codeOf.set(name, codeOf.size);
    return codeOf.size - 1;
  });
  return codeOf.size <= 1 ? { names: [...codeOf.keys(), ofFile], codes: null } : { names: [...codeOf.keys()], codes };
}

/** Reads a column of ids; null where its type can be no id. */
export function nameReader(column: Column): ((row: number) => string | null) | null {
  if (column.kind === "text") return (row) => (column.codes[row]! < 0 ? null : column.dictionary[column.codes[row]!]!);
  if (column.kind !== "number" || column.type === "null") return null;
  const { values, whole, validity } = column;
  return (row) => {
    if (!isValid(validity, row) || Number.isNaN(values[row]!)) return null;
    return String(whole?.[row] ?? values[row]!);
  };
}
