import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Windows of a flight of an hour. */
const WINDOWS_OF_FLIGHT = 720;
const AIRCRAFT = 40;

/** Two results of the same flights. */
export interface ResultPair {
  a: string;
  b: string;
  rows: number;
}

/**
 * Makes two results of `rows` windows or a few less, whole flights of an hour, one a day of each aircraft, and keeps them in `cache`.
 * A tenth of the scores of B differ, a thousandth of its windows are not in A and as many the other way round. The same every time.
 */
export async function madeResults(rows: number, cache: string): Promise<ResultPair> {
  const flights = Math.floor(rows / WINDOWS_OF_FLIGHT);
  const pair = { a: join(cache, `results-${flights}-a.parquet`), b: join(cache, `results-${flights}-b.parquet`) };
  await mkdir(cache, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:");
  try {
    const db = await instance.connect();
    for (const side of ["a", "b"] as const) {
      if (existsSync(pair[side])) continue;
      await db.run(`COPY (${rowsSql(flights, side)}) TO '${pair[side]}.part' (FORMAT parquet, ROW_GROUP_SIZE 100000,
        KV_METADATA {'flightbatch.model': 'detector/${side}'})`);
      await rename(`${pair[side]}.part`, pair[side]);
    }
    db.closeSync();
  } finally {
    instance.closeSync();
  }
  return { ...pair, rows: flights * WINDOWS_OF_FLIGHT };
}

/** Scores are exponential, and on every fifth aircraft rise from day to day. */
function rowsSql(flights: number, side: "a" | "b"): string {
  const share = (salt: string) => `(hash(f * ${WINDOWS_OF_FLIGHT} + w, ${salt}) % 1000000 + 0.5) / 1000000`;
  const own = `-ln(${share("0")}) * (1 + CASE WHEN aircraft % 5 = 0 THEN day / 40.0 ELSE 0 END)`;
  const score = side === "a" ? own : `CASE WHEN ${share("1")} < 0.1 THEN ${own} + ${share("2")} - 0.5 ELSE ${own} END`;
  return `SELECT window_id, aircraft_id, flight_id, timestamp, score AS anomaly_score, score >= 4 AS is_anomaly,
      (CASE WHEN score < 4 THEN 0 WHEN score >= 8 THEN 3 WHEN score >= 6 THEN 2 ELSE 1 END)::UTINYINT AS anomaly_severity, 0.01::FLOAT AS inference_latency_ms
    FROM (SELECT *, format('{}_{}', aircraft_id, epoch(timestamp)::BIGINT) AS window_id, (${score})::FLOAT AS score
      FROM (SELECT *, format('AC{:03d}', aircraft) AS aircraft_id, format('FL{:06d}', f) AS flight_id,
          (TIMESTAMP '2025-01-01 06:00:00' + to_days(day::INTEGER) + to_seconds(5 * w))::TIMESTAMP_NS AS timestamp
        FROM (SELECT f, w, f % ${AIRCRAFT} AS aircraft, f // ${AIRCRAFT} AS day
          FROM range(${flights}) flights(f), range(${WINDOWS_OF_FLIGHT}) windows(w)))
      WHERE hash(f * ${WINDOWS_OF_FLIGHT} + w, ${side === "a" ? 3 : 4}) % 1000 > 0)
    ORDER BY flight_id, timestamp`;
}
