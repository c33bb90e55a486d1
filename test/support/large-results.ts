import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { query } from "./read-parquet.ts";

const FEATURES = ["vib_fan_rms", "vib_compressor_rms", "n1", "egt"];

/** How many of what. */
export interface LargeFleet {
  aircraft: number;
  /** Each aircraft flies once a day. */
  days: number;
  /** Windows of a flight, five seconds apart. */
  windows: number;
}

/**
 * Writes results and the folder of their run as a run of so many flights would, without flying them: a tenth of the aircraft get worse, and every
 * 50th flight failed. Returns the path of the results.
 */
export async function writeLargeResults(folder: string, { aircraft, days, windows }: LargeFleet): Promise<string> {
  const results = join(folder, "large.parquet");
  const runFolder = join(folder, "large.run");
  mkdirSync(runFolder);
  const flights = aircraft * days;
  const rows = `SELECT format('AC{:04d}', f // ${days}) AS aircraft_id, format('FL{:06d}', f) AS flight_id, w,
      TIMESTAMP_NS '2025-10-01 06:00:00' + to_days(f::INTEGER % ${days}) + to_seconds(5.0 * w) AS timestamp, 3.5 AS threshold,
      (CASE WHEN (f // ${days}) % 10 = 0 AND hash(f, w) % 100 < 2 * (f % ${days}) + 2 THEN 4 + hash(w) % 7 ELSE (hash(f, w) % 34) / 10.0 END)::FLOAT AS score
    FROM range(${flights}) AS flights(f), range(${windows}) AS windows(w) WHERE f % 50 <> 49 ORDER BY f, w`;
  const key =
    "aircraft_id || '_' || flight_id || '_' || w AS window_id, aircraft_id, flight_id, timestamp, score AS anomaly_score";
  const write = (sql: string, path: string, more = "") => query(`COPY (${sql}) TO '${path}' (FORMAT parquet${more})`);
  await write(
    `SELECT ${key}, score >= threshold AS is_anomaly, (CASE WHEN score >= 8 THEN 3 WHEN score >= 5 THEN 2 WHEN score >= threshold THEN 1 ELSE 0 END)::UTINYINT AS anomaly_severity,
      0.01::FLOAT AS inference_latency_ms FROM (${rows})`,
    results,
    ", KV_METADATA {'flightbatch.model': 'detector/1.0.0'}",
  );
  const errors = FEATURES.map((name, i) => `(score * ${i + 1} / 10)::FLOAT AS squared_error_${name}`).join(", ");
  await write(
    `SELECT ${key}, CASE WHEN w < ${windows} / 4 THEN 'climb' ELSE 'cruise' END AS flight_phase, threshold, score / threshold AS score_ratio, ${errors}, '' AS imputed_features FROM (${rows})`,
    join(runFolder, "windows.parquet"),
  );
  await writeCoverage(runFolder, { aircraft, days, windows });
  return results;
}

async function writeCoverage(runFolder: string, { aircraft, days, windows }: LargeFleet): Promise<void> {
  const flights = aircraft * days;
  await query(`COPY (SELECT format('flights/AC{:04d}_{}_060000.parquet', f // ${days}, strftime(DATE '2025-10-01' + (f % ${days})::INTEGER, '%Y%m%d')) AS path, format('AC{:04d}', f // ${days}) AS aircraft_id, format('FL{:06d}', f) AS flight_id,
      CASE WHEN f % 50 = 49 THEN NULL ELSE ${windows} END AS scored, CASE WHEN f % 50 = 49 THEN 'FILE_CORRUPT' END AS failure,
      CASE WHEN f % 50 = 49 THEN NULL ELSE 3600.0 END AS recorded_seconds, CASE WHEN f % 50 = 49 THEN NULL ELSE 12.5 END AS not_scored_seconds
    FROM range(${flights}) AS flights(f)) TO '${join(runFolder, "coverage.parquet")}' (FORMAT parquet)`);
  const failed = Math.floor(flights / 50);
  const scored = flights - failed;
  const time = {
    recorded_seconds: 3600 * scored,
    scored_seconds: 3587.5 * scored,
    not_scored_seconds: { gap: 12.5 * scored },
  };
  const summary = {
    files: { total: flights, scored, failed, pruned: 0, passed_over: 0 },
    windows_of_grid: windows * scored,
    windows_skipped: 0,
    quality: { files_with_findings: 0, by_check: {} },
    coverage: {
      ...time,
      files_of_unknown_length: failed,
      absent_seconds: 0,
      by_phase: { cruise: time },
      by_aircraft: {},
    },
  };
  writeFileSync(join(runFolder, "summary.json"), JSON.stringify(summary));
  const failure = {
    code: "FILE_CORRUPT",
    path: "flights/49.parquet",
    found: "no end",
    expected: "PAR1",
    hint: "Fetch it again.",
  };
  writeFileSync(join(runFolder, "failures.jsonl"), `${JSON.stringify(failure)}\n`.repeat(failed));
  const bundle = {
    directory: "/nowhere/detector/1.0.0",
    detector: "detector",
    version: "1.0.0",
    digests: { bundle: "0".repeat(64) },
  };
  const run = {
    bundle,
    window: { lengthSeconds: 10, hopSeconds: 5 },
    options: { output: "large.parquet" },
    inputs: [],
  };
  writeFileSync(join(runFolder, "run.json"), JSON.stringify(run));
}
