import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { query } from "./read-parquet.ts";
import { scratch } from "./run.ts";

/** A thresholds.yaml of these numbers; its events are anomalies merged, and nothing else. */
export function yamlOf(
  phases: Record<string, number>,
  { fallback = 3, minor = 3, moderate = 5, severe = 8 } = {},
): string {
  return `reconstruction_error_threshold: { default: ${fallback} }
severity_levels: { minor: { min: ${minor} }, moderate: { min: ${moderate} }, severe: { min: ${severe} } }
flight_phase_thresholds: ${JSON.stringify(phases)}
`;
}

/** Writes it into a folder of its own. */
export function writeYaml(text: string): string {
  const path = join(scratch(), "thresholds.yaml");
  writeFileSync(path, text);
  return path;
}

/** Writes results that explain themselves; windows of 10 s every 5 s, flights of `perFlight` windows. */
export async function writeExplained(
  path: string,
  windows: { score: number; phases: string[] }[],
  perFlight: number,
): Promise<void> {
  const rows = windows.map(({ score, phases }, i) => {
    const flight = Math.floor(i / perFlight);
    const time = new Date(Date.UTC(2025, 0, 1 + flight) + 5000 * (i % perFlight)).toISOString().slice(0, 19);
    const tied = phases.length > 1 ? phases.join(",") : "";
    return `('w${i}', 'AC${flight % 2}', 'F${flight}', TIMESTAMP_NS '${time}', ${score}::FLOAT, false, 0::UTINYINT, 0.5::FLOAT, '${phases[0] ?? "unknown"}', 0::DOUBLE, '${tied}')`;
  });
  await query(`COPY (SELECT * FROM (VALUES ${rows.join(", ")}) t(window_id, aircraft_id, flight_id, timestamp, anomaly_score, is_anomaly,
    anomaly_severity, inference_latency_ms, flight_phase, threshold, tied_phases)) TO '${path}' (FORMAT parquet)`);
}
