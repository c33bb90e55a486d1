import { query } from "./read-parquet.ts";

/** A row of results for a test; what is not said is of an ordinary window. */
export interface ResultRow {
  aircraft?: string;
  flight?: string;
  id?: string;
  /** Start, ISO 8601 in UTC. */
  at: string;
  score?: number | null;
  severity?: number;
  phase?: string;
}

const FORMATS = {
  parquet: "FORMAT parquet",
  csv: "FORMAT csv, HEADER",
  gz: "FORMAT csv, HEADER, COMPRESSION gzip",
  jsonl: "FORMAT json",
  json: "FORMAT json, ARRAY true",
};

/** Writes results of `rows` in the form of the path's ending, as the model `detector/1`; `model` null: nothing says which. */
export async function writeResults(
  path: string,
  rows: ResultRow[],
  model: string | null = "detector/1",
): Promise<string> {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const values = rows.map(({ aircraft = "AC1", flight = "F1", at, score = 1, severity = 0, ...more }) => {
    const id = more.id ?? `${aircraft}_${at}`;
    return `(${[id, aircraft, flight].map(text)}, TIMESTAMP_NS ${text(at)}, ${score ?? "NULL"}::FLOAT, ${severity > 0}, ${severity}::UTINYINT, 0.01::FLOAT, ${text(more.phase ?? "cruise")})`;
  });
  const names =
    "window_id, aircraft_id, flight_id, timestamp, anomaly_score, is_anomaly, anomaly_severity, inference_latency_ms, flight_phase";
  const none = `SELECT ''::VARCHAR AS window_id, '' AS aircraft_id, '' AS flight_id, TIMESTAMP_NS '2025-01-01' AS timestamp, 0::FLOAT AS anomaly_score,
    false AS is_anomaly, 0::UTINYINT AS anomaly_severity, 0::FLOAT AS inference_latency_ms, '' AS flight_phase LIMIT 0`;
  const table = rows.length === 0 ? none : `SELECT * FROM (VALUES ${values.join(", ")}) t(${names})`;
  const isParquet = path.endsWith(".parquet");
  const hasPhase = rows.some(({ phase }) => phase !== undefined);
  const time = isParquet ? "timestamp" : `strftime(timestamp, '%Y-%m-%dT%H:%M:%S.%n') AS timestamp`;
  const columns = `* ${hasPhase ? "" : "EXCLUDE flight_phase"} REPLACE (${isParquet ? time : time})`;
  const format = FORMATS[path.slice(path.lastIndexOf(".") + 1) as keyof typeof FORMATS];
  const metadata = isParquet && model !== null ? `, KV_METADATA {'flightbatch.model': ${text(model)}}` : "";
  await query(
    `COPY (SELECT ${columns.replace("REPLACE (timestamp)", "")} FROM (${table})) TO ${text(path)} (${format}${metadata})`,
  );
  return path;
}
