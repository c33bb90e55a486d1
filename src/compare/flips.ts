import type { Database } from "../aggregate/database.ts";
import type { FlightName } from "./flip-explainer.ts";
import type { Flip } from "./hybrid-decisions.ts";

/** A flight with flips. */
export interface FlippedFlight extends FlightName {
  /** Its number in the table `flights`. */
  flight: number;
  flips: number;
}

/** Makes the table `flips` of the matched windows whose decision differs, and gives their flights in the order of their ids. */
export async function makeFlips(db: Database): Promise<FlippedFlight[]> {
  await db.rows(`CREATE TEMP TABLE flips AS SELECT aircraft_id, flight_id, flight, window_id, ns_a, anomaly_a, anomaly_b,
      coalesce(phase_a, phase_b)::VARCHAR AS phase
    FROM matched JOIN flights USING (flight) WHERE anomaly_a <> anomaly_b ORDER BY flight, ns_a, window_id`);
  const rows = await db.rows(
    "SELECT flight, aircraft_id, flight_id, count(*)::DOUBLE AS n FROM flips GROUP BY ALL ORDER BY flight",
  );
  return rows.map((row) => ({
    flight: Number(row.flight),
    aircraftId: String(row.aircraft_id),
    flightId: String(row.flight_id),
    flips: Number(row.n),
  }));
}

/** The flips of a flight, by time. */
export async function flipsOf(db: Database, { flight }: FlippedFlight): Promise<Flip[]> {
  const rows = await db.rows(`SELECT * FROM flips WHERE flight = ${flight} ORDER BY ns_a, window_id`);
  return rows.map((row) => ({
    windowId: String(row.window_id),
    startNs: BigInt(row.ns_a as bigint),
    anomalyA: row.anomaly_a === true,
    anomalyB: row.anomaly_b === true,
    phase: row.phase === null ? null : String(row.phase),
  }));
}
