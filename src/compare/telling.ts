import type { Database, Row } from "../aggregate/database.ts";
import type { FlipKind, TellingFlight, TellingWindow, UnmatchedWindows, WindowSide } from "./comparison.ts";
import { finite } from "./groups.ts";
import type { Side } from "./side.ts";

/** Windows and flights that are named one by one. */
const MOST_TELLING = 20;
/** Flights with unmatched windows that are named one by one. */
const MOST_FLIGHTS = 100;

const RATIO_CHANGE = "score_b / nullif(threshold_b, 0) - score_a / nullif(threshold_a, 0)";
const SCORE_CHANGE = "score_b::DOUBLE - score_a::DOUBLE";

/** The matched windows that differ most: flips first, then by the change of score / threshold, then of the score. */
export async function tellingWindows(db: Database): Promise<TellingWindow[]> {
  const rows = await db.rows(`SELECT aircraft_id, flight_id, t.* EXCLUDE (ns_a, ns_b),
      strftime(make_timestamp_ns(ns_a), '%Y-%m-%dT%H:%M:%S.%n') AS time
    FROM (SELECT *, ${RATIO_CHANGE} AS ratio_change, ${SCORE_CHANGE} AS score_change FROM matched
      WHERE anomaly_a <> anomaly_b OR score_a <> score_b OR severity_a <> severity_b
      ORDER BY anomaly_a <> anomaly_b DESC, abs(ratio_change) DESC NULLS LAST, abs(score_change) DESC, flight, window_id
      LIMIT ${MOST_TELLING}) t
    JOIN flights USING (flight)
    ORDER BY anomaly_a <> anomaly_b DESC, abs(ratio_change) DESC NULLS LAST, abs(score_change) DESC, flight, window_id`);
  return rows.map((row) => ({
    aircraft_id: String(row.aircraft_id),
    flight_id: String(row.flight_id),
    window_id: String(row.window_id),
    timestamp: String(row.time),
    a: sideOf(row, "a"),
    b: sideOf(row, "b"),
    ratio_change: finite(row.ratio_change),
    score_change: Number(row.score_change),
    flip: flipKind(row.anomaly_a === true, row.anomaly_b === true),
    shares: null,
  }));
}

/** Which way a decision went; null where it stayed. */
export function flipKind(anomalyA: boolean, anomalyB: boolean): FlipKind | null {
  if (anomalyA === anomalyB) return null;
  return anomalyB ? "normal_to_anomaly" : "anomaly_to_normal";
}

function sideOf(row: Row, side: Side): WindowSide {
  const score = Number(row[`score_${side}`]);
  const threshold = finite(row[`threshold_${side}`]);
  return {
    anomaly_score: score,
    is_anomaly: row[`anomaly_${side}`] === true,
    anomaly_severity: Number(row[`severity_${side}`]),
    flight_phase: row[`phase_${side}`] === null ? null : String(row[`phase_${side}`]),
    threshold,
    score_ratio: threshold === null ? null : finite(score / threshold),
  };
}

/** The flights whose matched windows differ most. */
export async function tellingFlights(db: Database): Promise<TellingFlight[]> {
  const rows = await db.rows(`SELECT aircraft_id, flight_id, t.* FROM (
      SELECT flight, count(*)::DOUBLE AS windows, count(*) FILTER (NOT anomaly_a AND anomaly_b)::DOUBLE AS raised,
        count(*) FILTER (anomaly_a AND NOT anomaly_b)::DOUBLE AS cleared, max(abs(${RATIO_CHANGE})) AS ratio, max(abs(${SCORE_CHANGE})) AS score
      FROM matched GROUP BY flight HAVING score > 0 OR raised + cleared > 0
      ORDER BY raised + cleared DESC, ratio DESC NULLS LAST, score DESC, flight LIMIT ${MOST_TELLING}) t
    JOIN flights USING (flight) ORDER BY raised + cleared DESC, ratio DESC NULLS LAST, score DESC, flight`);
  return rows.map((row) => ({
    aircraft_id: String(row.aircraft_id),
    flight_id: String(row.flight_id),
    windows: Number(row.windows),
    normal_to_anomaly: Number(row.raised),
    anomaly_to_normal: Number(row.cleared),
    largest_ratio_change: finite(row.ratio),
    largest_score_change: Number(row.score),
  }));
}

/** The windows that only one side has. */
export async function unmatchedWindows(db: Database, side: Side): Promise<UnmatchedWindows> {
  const other = side === "a" ? "b" : "a";
  await db.rows(`CREATE OR REPLACE TEMP TABLE unmatched AS SELECT flight, count(*)::DOUBLE AS windows FROM joined
    WHERE score_${other} IS NULL GROUP BY flight`);
  const aircraft = await db.rows(`SELECT aircraft_id, sum(windows) AS windows, count(*)::DOUBLE AS flights
    FROM unmatched JOIN flights USING (flight) GROUP BY aircraft_id ORDER BY aircraft_id`);
  const flights = await db.rows(`SELECT aircraft_id, flight_id, windows FROM unmatched JOIN flights USING (flight)
    ORDER BY flight LIMIT ${MOST_FLIGHTS}`);
  return {
    windows: aircraft.reduce((sum, { windows }) => sum + Number(windows), 0),
    flights: aircraft.reduce((sum, { flights: count }) => sum + Number(count), 0),
    by_aircraft: Object.fromEntries(aircraft.map((row) => [String(row.aircraft_id), Number(row.windows)])),
    by_flight: flights.map((row) => ({
      aircraft_id: String(row.aircraft_id),
      flight_id: String(row.flight_id),
      windows: Number(row.windows),
    })),
  };
}
