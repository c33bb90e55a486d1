import { bootstrapByFlight, type RateIntervals } from "./bootstrap-by-flight.ts";
import type { Database, Row } from "./database.ts";
import { flightRowsSql, hasEmptyFlights } from "./groups-sql.ts";
import type { Dimension } from "./options.ts";
import { dayName } from "./periods.ts";

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
  maxSeverity: number | null;
  /** UTC day of the first anomaly. */
  firstAnomaly: string | null;
  /** What the rates are over: the group's windows, of a severity those of all severities. */
  exposure: { flights: number; windows: number; seconds: number };
  intervals: RateIntervals | null;
}

/** The groups by `dimensions` (by none: all as one), in the order of their keys. */
export async function readGroups(db: Database, dimensions: readonly Dimension[]): Promise<Group[]> {
  const groups: Group[] = [];
  const hasEmpty = hasEmptyFlights(dimensions);
  let open: OpenGroup | null = null;
  for await (const rows of db.batches(flightRowsSql(dimensions))) {
    for (const row of rows) {
      const keys = dimensions.map((_, i) => row[`k${i}`] as Key);
      if (open === null || keys.some((key, i) => key !== open!.keys[i])) {
        if (open !== null) groups.push(open.close());
        open = new OpenGroup(keys);
      }
      open.add(row, hasEmpty);
    }
  }
  if (open !== null) groups.push(open.close());
  return groups;
}

/** A group of nothing. */
export function emptyGroup(): Group {
  return new OpenGroup([]).close();
}

/** A group whose flights are still coming; of each, three numbers are kept. */
class OpenGroup {
  readonly keys: Key[];
  readonly #anomalies: number[] = [];
  readonly #windows: number[] = [];
  readonly #seconds: number[] = [];
  #flights = 0;
  #ownWindows = 0;
  #maxScore: number | null = null;
  #maxSeverity: number | null = null;
  #firstDay: number | null = null;
  /** Scored time in two whole numbers, so that its sum does not hang on the order of flights. */
  #wholeSeconds = 0;
  #nanoseconds = 0;

  constructor(keys: Key[]) {
    this.keys = keys;
  }

  /** Adds a flight; one without a window counts if `hasEmpty`. */
  add({ windows, anomalies, exposure, covered, max_score, max_severity, first_day }: Row, hasEmpty: boolean): void {
    if (hasEmpty || Number(windows) > 0) this.#flights++;
    this.#ownWindows += Number(windows);
    if (max_score !== null) this.#maxScore = Math.max(this.#maxScore ?? -Infinity, Number(max_score));
    if (max_severity !== null) this.#maxSeverity = Math.max(this.#maxSeverity ?? 0, Number(max_severity));
    if (first_day !== null) this.#firstDay = Math.min(this.#firstDay ?? Infinity, Number(first_day));
    if (Number(exposure) === 0) return;
    this.#anomalies.push(Number(anomalies));
    this.#windows.push(Number(exposure));
    this.#seconds.push(Number(covered) / 1e9);
    this.#wholeSeconds += Math.floor(Number(covered) / 1e9);
    this.#nanoseconds += Number(covered) % 1e9;
  }

  /** The group, and its intervals. */
  close(): Group {
    const totals = {
      anomalies: Float64Array.from(this.#anomalies),
      windows: Float64Array.from(this.#windows),
      seconds: Float64Array.from(this.#seconds),
    };
    return {
      keys: this.keys,
      flights: this.#flights,
      windows: this.#ownWindows,
      anomalies: sumOf(totals.anomalies),
      maxScore: this.#maxScore,
      maxSeverity: this.#maxSeverity,
      firstAnomaly: this.#firstDay === null ? null : dayName(this.#firstDay),
      exposure: {
        flights: totals.windows.length,
        windows: sumOf(totals.windows),
        seconds: this.#wholeSeconds + this.#nanoseconds / 1e9,
      },
      intervals: bootstrapByFlight(totals),
    };
  }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
