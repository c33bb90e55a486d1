import { sqlPath } from "../results/duckdb.ts";
import { TIME_REASONS } from "../results/time-shares.ts";
import type { Database, Row } from "./database.ts";
import type { ResultFile } from "./result-file.ts";

/** Recorded time and what became of it, as the runs' `coverage.parquet` say; seconds, by the names of the run's summary. */
export interface RecordedTime {
  recorded_seconds: number;
  scored_seconds: number;
  /** By reason, the largest first. */
  not_scored_seconds: Record<string, number>;
  /** Promised by sidecars and not there. */
  absent_seconds: number;
  /** Recordings that failed. */
  failed_files: number;
  /** Recordings of which nothing tells how long they are. */
  files_of_unknown_length: number;
}

/** What the results were made from. */
export interface RecordedCoverage extends RecordedTime {
  /** Inputs without a `coverage.parquet` of their run: of those nothing is known. */
  inputs_without: number;
  /** Also aircraft of which every recording failed. */
  by_aircraft: Record<string, RecordedTime>;
}

/**
 * Sums up what the runs say of their recordings; null where no input has a `coverage.parquet`. A flight of one recording that several runs scored
 * counts once, as that run has it which scored most.
 */
export async function readCoverage(db: Database, files: readonly ResultFile[]): Promise<RecordedCoverage | null> {
  const known = await withTimes(
    db,
    files.flatMap(({ coveragePath }) => coveragePath ?? []),
  );
  if (known.length === 0) return null;
  const times = ["recorded", "scored", ...TIME_REASONS, "absent"].map((name) => `${name}_seconds`);
  await db.rows(`CREATE OR REPLACE TEMP TABLE recordings AS
    SELECT aircraft_id, ${times.map((name) => `coalesce(${name}, 0) AS ${name}`).join(", ")},
      failure IS NOT NULL AS failed, recorded_seconds IS NULL AS unknown
    FROM read_parquet([${known.map(sqlPath).join(", ")}], hive_partitioning = false)
    QUALIFY row_number() OVER (PARTITION BY parse_filename(path), aircraft_id, flight_id ORDER BY scored_seconds DESC NULLS LAST, path) = 1`);
  const sums = `${times.map((name) => `sum(${name})::DOUBLE AS ${name}`).join(", ")},
    count(*) FILTER (failed)::DOUBLE AS failed, count(*) FILTER (unknown)::DOUBLE AS unknown`;
  const [all] = await db.rows(`SELECT ${sums} FROM recordings`);
  const aircraft = await db.rows(`SELECT aircraft_id, ${sums} FROM recordings WHERE aircraft_id IS NOT NULL
    GROUP BY aircraft_id ORDER BY aircraft_id`);
  return {
    ...timeOf(all!),
    inputs_without: files.length - known.length,
    by_aircraft: Object.fromEntries(aircraft.map((row) => [String(row.aircraft_id), timeOf(row)])),
  };
}

/** Those that tell of times. */
async function withTimes(db: Database, paths: readonly string[]): Promise<string[]> {
  const known: string[] = [];
  for (const path of paths) {
    const columns = await db.rows(`SELECT name FROM parquet_schema(${sqlPath(path)})`);
    if (columns.some(({ name }) => name === "recorded_seconds")) known.push(path);
  }
  return known;
}

function timeOf(row: Row): RecordedTime {
  const reasons = TIME_REASONS.map((reason) => [reason, Number(row[`${reason}_seconds`] ?? 0)] as const);
  return {
    recorded_seconds: Number(row.recorded_seconds ?? 0),
    scored_seconds: Number(row.scored_seconds ?? 0),
    not_scored_seconds: Object.fromEntries(reasons.filter(([, s]) => s > 0).sort(([, a], [, b]) => b - a)),
    absent_seconds: Number(row.absent_seconds ?? 0),
    failed_files: Number(row.failed ?? 0),
    files_of_unknown_length: Number(row.unknown ?? 0),
  };
}
