import type { Database } from "../aggregate/database.ts";
import { conflictingScores, foreignWindows, unusableRows } from "../aggregate/faults.ts";
import { type ExplainedFile, explainedRowsSql } from "../eventfiles/explained-rows.ts";
import { PHASE_CODE, PHASE_SET } from "./decide-sql.ts";

const IS_BAD =
  "NOT coalesce(isfinite(score), false) OR ns IS NULL OR is_anomaly IS NULL OR coalesce(severity, 255) > 3 OR threshold IS NULL";

/**
 * Makes the tables `flights` (`flight`, `aircraft`: numbers in the order of the ids; `aircraft_id`, `flight_id`) and `scored`: a row per window in
 * the order of flights and times, with what decides it (`score`, `phase_set`), what did (`old_phase`, `old_threshold`, `old_anomaly`,
 * `old_severity`), `ns`, `span` and `covered` (ns that those before it do not cover). A window of several files is there once.
 * @returns how many windows several files hold
 * @throws Fault for rows without a value, for a `windows.parquet` of other windows, and for a window with two scores
 */
export async function loadWindows(db: Database, files: readonly ExplainedFile[]): Promise<number> {
  const rows = files.map((file, i) => `SELECT ${i} AS file, * FROM (${explainedRowsSql(file, { errors: false })})`);
  for (const [i, file] of files.entries()) await checkRows(db, file, rows[i]!);
  const all = rows.join("\nUNION ALL\n");
  await db.rows(`CREATE TEMP TABLE flights AS SELECT (row_number() OVER (ORDER BY aircraft_id, flight_id))::INTEGER AS flight,
      (dense_rank() OVER (ORDER BY aircraft_id))::INTEGER AS aircraft, aircraft_id, flight_id
    FROM (SELECT DISTINCT aircraft_id, flight_id FROM (${all}))`);
  await db.rows(`CREATE TEMP TABLE sorted AS SELECT flight, aircraft, ns, hash(window_id) AS key, file::INTEGER AS file, span, score, is_anomaly AS old_anomaly,
      severity AS old_severity, threshold AS old_threshold, ${PHASE_SET} AS phase_set, ${PHASE_CODE} AS old_phase
    FROM (SELECT *, row_number() OVER () AS place FROM (${all})) JOIN flights USING (aircraft_id, flight_id)`);
  if (!(await isInOrder(db))) await sort(db);
  const repeated = files.length === 1 ? 0 : await leaveOutRepeated(db, files);
  await db.rows(`CREATE TEMP TABLE scored AS SELECT * EXCLUDE (key, file),
      CASE WHEN lag(flight) OVER () = flight THEN least(span, ns - lag(ns) OVER ()) ELSE span END AS covered FROM sorted`);
  await db.rows("DROP TABLE sorted");
  return repeated;
}

/** Whether flights stand in one piece each, and their windows in the order of time: as runs write them. */
async function isInOrder(db: Database): Promise<boolean> {
  const [row] =
    await db.rows(`SELECT count(*) FILTER (NOT same)::DOUBLE AS pieces, count(*) FILTER (same AND ns < before)::DOUBLE AS steps_back,
      (SELECT count(*)::DOUBLE FROM flights) AS flights
    FROM (SELECT ns, lag(ns) OVER () AS before, coalesce(lag(flight) OVER () = flight, false) AS same FROM sorted)`);
  return Number(row!.pieces) === Number(row!.flights) && Number(row!.steps_back) === 0;
}

async function sort(db: Database): Promise<void> {
  await db.rows("CREATE TEMP TABLE ordered AS SELECT * FROM sorted ORDER BY flight, ns, key, file");
  await db.rows("DROP TABLE sorted");
  await db.rows("ALTER TABLE ordered RENAME TO sorted");
}

async function checkRows(db: Database, { file }: ExplainedFile, rows: string): Promise<void> {
  const [wrong] = await db.rows(
    `SELECT count(*) FILTER (${IS_BAD})::DOUBLE AS bad, count(*) FILTER (is_mismatch)::DOUBLE AS mismatches FROM (${rows})`,
  );
  if (Number(wrong!.mismatches) > 0) throw foreignWindows(file);
  if (Number(wrong!.bad) > 0) throw unusableRows(file, Number(wrong!.bad));
}

/** A window of several files counts in the first; what one file holds twice stays, as its run has reported it. */
async function leaveOutRepeated(db: Database, files: readonly ExplainedFile[]): Promise<number> {
  await db.rows(`CREATE TEMP TABLE repeated AS SELECT flight, key, min(file) AS first_file, max(file) AS last_file, min(score) = max(score) AS is_same
    FROM sorted GROUP BY ALL HAVING min(file) < max(file)`);
  const [sums] = await db.rows(
    "SELECT count(*)::DOUBLE AS windows, count_if(NOT is_same)::DOUBLE AS conflicts FROM repeated",
  );
  if (Number(sums!.conflicts) > 0) throw await conflict(db, files, Number(sums!.conflicts));
  if (Number(sums!.windows) === 0) return 0;
  await db.rows(
    "DELETE FROM sorted s USING repeated r WHERE s.flight = r.flight AND s.key = r.key AND s.file > r.first_file",
  );
  return Number(sums!.windows);
}

async function conflict(db: Database, files: readonly ExplainedFile[], conflicts: number) {
  const rows = await db.rows(`SELECT aircraft_id, flight_id, ns, file, score::DOUBLE AS score FROM sorted
    SEMI JOIN (SELECT flight, key FROM repeated WHERE NOT is_same ORDER BY flight, key LIMIT 1) USING (flight, key) JOIN flights USING (flight) ORDER BY file`);
  const [first] = rows;
  const other = rows.find(({ score }) => score !== first!.score)!;
  return conflictingScores(conflicts, {
    aircraftId: String(first!.aircraft_id),
    flightId: String(first!.flight_id),
    windowId: `the one at ${String(first!.ns)} ns`,
    files: [first!, other].map(({ file, score }) => ({ path: files[Number(file)]!.file.path, score: Number(score) })),
  });
}
