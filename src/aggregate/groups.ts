import { bootstrapByFlight, type RateIntervals } from "./bootstrap-by-flight.ts";
import type { Database, Row } from "./database.ts";
import { flightRowsSql, hasEmptyFlights } from "./groups-sql.ts";
import type { Dimension } from "./options.ts";

/** What stands for a dimension in a group: a severity is a number, all else text. */
export type Key = string | number;

/** The windows of a group, and how often they are anomalous. */
export interface Group {
  /** In the order of the dimensions. */
  keys: Key[];
  /** Flights with a window in the group; where it is of whole flights, those without a scored window too. */
  flights: number;
  windows: number;
  anomalies: number;
  maxScore: number | null;
  /** UTC day of the first anomaly. */
  firstAnomaly: string | null;
  /** What the rates are over: the group's windows, of a severity those of all severities. */
  exposure: { flights: number; windows: number; seconds: number };
  intervals: RateIntervals | null;
}

/** The groups by `dimensions` (by none: all as one), in the order of their keys. */
export async function readGroups(db: Database, dimensions: readonly Dimension[]): Promise<Group[]> {
  const groups: Group[] = [];
  let open: OpenGroup | null = null;
  for await (const rows of db.batches(flightRowsSql(dimensions))) {
    for (const row of rows) {
      const keys = dimensions.map((_, i) => row[`k${i}`] as Key);
      if (open === null || keys.some((key, i) => key !== open!.keys[i])) {
        if (open !== null) groups.push(closeGroup(open, dimensions));
        open = { keys, rows: [] };
      }
      open.rows.push(row);
    }
  }
  if (open !== null) groups.push(closeGroup(open, dimensions));
  return groups;
}

/** A group of nothing. */
export function emptyGroup(keys: Key[]): Group {
  return closeGroup({ keys, rows: [] }, []);
}

/** Rows of a group, one per flight. */
interface OpenGroup {
  keys: Key[];
  rows: Row[];
}

function closeGroup({ keys, rows }: OpenGroup, dimensions: readonly Dimension[]): Group {
  const scored = rows.filter(({ exposure }) => Number(exposure) > 0);
  const totals = {
    anomalies: Float64Array.from(scored, ({ anomalies }) => Number(anomalies)),
    windows: Float64Array.from(scored, ({ exposure }) => Number(exposure)),
    seconds: Float64Array.from(scored, ({ covered }) => Number(covered) / 1e9),
  };
  const scores = rows.flatMap(({ max_score }) => (max_score === null ? [] : [Number(max_score)]));
  const days = rows.flatMap(({ first_day }) => (first_day === null ? [] : [Number(first_day)]));
  return {
    keys,
    flights: hasEmptyFlights(dimensions) ? rows.length : rows.filter(({ windows }) => Number(windows) > 0).length,
    windows: rows.reduce((sum, { windows }) => sum + Number(windows), 0),
    anomalies: sumOf(totals.anomalies),
    maxScore: scores.length === 0 ? null : scores.reduce((a, b) => Math.max(a, b)),
    firstAnomaly: days.length === 0 ? null : dayText(days.reduce((a, b) => Math.min(a, b))),
    exposure: { flights: scored.length, windows: sumOf(totals.windows), seconds: sumOfNanoseconds(scored) },
    intervals: bootstrapByFlight(totals),
  };
}

/** Whole nanoseconds first, so that the sum does not hang on the order of flights. */
function sumOfNanoseconds(rows: readonly Row[]): number {
  return Number(rows.reduce((sum, { covered }) => sum + BigInt(Number(covered)), 0n)) / 1e9;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
