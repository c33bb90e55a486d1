import type { Database, Row } from "../aggregate/database.ts";
import { type ExplainedFile, errorsList, explainedRowsSql } from "../eventfiles/explained-rows.ts";
import { sqlText } from "../results/duckdb.ts";
import type { Severity } from "../verdict/severity.ts";
import { type FlightName, flightKey } from "./collect-events.ts";

/** A scored window of a flight. Times are nanoseconds since 1970 UTC. */
export interface FlightWindow {
  windowId: string;
  startNs: bigint;
  endNs: bigint;
  score: number;
  isAnomaly: boolean;
  severity: Severity;
  /** Null where nothing says it. */
  threshold: number | null;
  phase: string | null;
  /** Squared error of each feature, null where there is none. */
  errors: number[] | null;
}

/** The windows of flights by their keys, in the order of their starts. */
export async function readFlights(
  db: Database,
  explained: ExplainedFile,
  flights: readonly FlightName[],
): Promise<Map<string, FlightWindow[]>> {
  const windows = new Map(flights.map((flight) => [flightKey(flight), [] as FlightWindow[]]));
  if (flights.length === 0) return windows;
  const wanted = flights.map(({ aircraftId, flightId }) => `(${sqlText(aircraftId)}, ${sqlText(flightId)})`).join(", ");
  const rows =
    db.batches(`SELECT aircraft_id, flight_id, window_id, ns, span, score, is_anomaly, severity, threshold, phase, ${errorsList(explained)} AS errors
    FROM (${explainedRowsSql(explained, { errors: true })}) WHERE (aircraft_id, flight_id) IN (VALUES ${wanted}) ORDER BY ns`);
  for await (const batch of rows) {
    for (const row of batch) {
      const flight = { aircraftId: String(row.aircraft_id), flightId: String(row.flight_id) };
      windows.get(flightKey(flight))!.push(windowOf(row));
    }
  }
  return windows;
}

function windowOf(row: Row): FlightWindow {
  const startNs = row.ns as bigint;
  return {
    windowId: String(row.window_id),
    startNs,
    endNs: startNs + BigInt(row.span as bigint | number),
    score: Number(row.score),
    isAnomaly: row.is_anomaly === true,
    severity: Number(row.severity) as Severity,
    threshold: row.threshold === null ? null : Number(row.threshold),
    phase: row.phase === null ? null : String(row.phase),
    errors: row.errors === null ? null : (row.errors as unknown[]).map(Number),
  };
}

/** A flight by its id alone; of several aircraft's the one with the highest score. Null if there is none with a scored window. */
export async function findFlight(db: Database, flightId: string): Promise<FlightName | null> {
  const [row] = await db.rows(`SELECT aircraft_id FROM cells WHERE flight_id = ${sqlText(flightId)} AND windows > 0
    GROUP BY aircraft_id ORDER BY max(max_score) DESC, aircraft_id LIMIT 1`);
  return row === undefined ? null : { aircraftId: String(row.aircraft_id), flightId };
}

/** The flight with the highest score, null if nothing was scored. */
export async function highestFlight(db: Database): Promise<FlightName | null> {
  const [row] = await db.rows(`SELECT aircraft_id, flight_id FROM cells WHERE windows > 0
    GROUP BY ALL ORDER BY max(max_score) DESC, aircraft_id, flight_id LIMIT 1`);
  return row === undefined ? null : { aircraftId: String(row.aircraft_id), flightId: String(row.flight_id) };
}
