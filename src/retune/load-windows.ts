import type { Database } from "../aggregate/database.ts";
import { conflictingScores, foreignWindows, unusableRows } from "../aggregate/faults.ts";
import { type ExplainedFile, explainedRowsSql } from "../eventfiles/explained-rows.ts";
import { double, PHASE_CODE, PHASE_SET } from "./decide-sql.ts";

const IS_BAD =
  "NOT coalesce(isfinite(score), false) OR ns IS NULL OR is_anomaly IS NULL OR coalesce(severity, 255) > 3 OR threshold IS NULL";

/**
 * Makes the tables `flights` (`flight`, `aircraft`: numbers in the order of the ids; `aircraft_id`, `flight_id`) and `scored`: a row per window in
 * the order of flights and times, with what decides it (`score`, `phase_set`), what did (`old_phase`, `old_threshold`, `old_anomaly`,
 * `old_severity`), `ns`, `span` and `covered` (ns that those before it do not cover), `windows` 1. A window of several files is there once.
 * Windows that were no anomalies and have scores below `lowest` are none under any thresholds that are not below it: of them, `scored` has sums by
 * aircraft and what decided, `windows` and `covered`.
 * @returns how many windows several files hold
 * @throws Fault for rows without a value, for a `windows.parquet` of other windows, and for a window with two scores
 */
export async function loadWindows(db: Database, files: readonly ExplainedFile[], lowest: number): Promise<number> {
  const rows = files.map((file, i) => `SELECT ${i} AS file, * FROM (${explainedRowsSql(file, { errors: false })})`);
  for (const [i, file] of files.entries()) await checkRows(db, file, rows[i]!);
  const all = rows.join("\nUNION ALL\n");
  await db.rows(`CREATE TEMP TABLE flights AS SELECT (row_number() OVER (ORDER BY aircraft_id, flight_id))::INTEGER AS flight,
      (dense_rank() OVER (ORDER BY aircraft_id))::INTEGER AS aircraft, aircraft_id, flight_id
    FROM (SELECT DISTINCT aircraft_id, flight_id FROM (${all}))`);
  const placed = `SELECT *, ${beforeBy("flight_id", "aircraft_id", "file")} FROM (${all})`;
  const numbered = `SELECT flight, aircraft, ns, before, same, hash(window_id) AS key, file::INTEGER AS file, span, score, is_anomaly AS old_anomaly,
      severity AS old_severity, threshold AS old_threshold, ${PHASE_SET} AS phase_set, ${PHASE_CODE} AS old_phase
    FROM (${placed}) JOIN flights USING (aircraft_id, flight_id)`;
  if (await isInOrder(db, placed)) {
    await makeScored(db, numbered, lowest);
    return 0;
  }
  await db.rows(
    `CREATE TEMP TABLE sorted AS SELECT * EXCLUDE (before, same) FROM (${numbered}) ORDER BY flight, ns, key, file`,
  );
  const repeated = files.length === 1 ? 0 : await leaveOutRepeated(db, files);
  await makeScored(db, `SELECT *, ${beforeBy("flight")} FROM sorted`, lowest);
  await db.rows("DROP TABLE sorted");
  return repeated;
}

/** The start `before`, and whether it is of the `same` flight. Beneath joins, where DuckDB takes the row before as it streams by. */
function beforeBy(...keys: string[]): string {
  const isSame = keys.map((key) => `lag(${key}) OVER () = ${key}`).join(" AND ");
  return `lag(ns) OVER () AS before, coalesce(${isSame}, false) AS same`;
}

/** Whether flights stand in one piece of one file each, and their windows in the order of time: as runs write them. */
async function isInOrder(db: Database, placed: string): Promise<boolean> {
  const [row] = await db.rows(
    `SELECT count(*) FILTER (NOT same)::DOUBLE AS pieces, count(*) FILTER (same AND ns < before)::DOUBLE AS steps_back FROM (${placed})`,
  );
  const [known] = await db.rows("SELECT count(*)::DOUBLE AS flights FROM flights");
  return Number(row!.pieces) === Number(known!.flights) && Number(row!.steps_back) === 0;
}

/** Reads the rows, which are in order, twice, rather than to keep them all. */
async function makeScored(db: Database, ordered: string, lowest: number): Promise<void> {
  const rows = `(SELECT * EXCLUDE (key, file, before, same), CASE WHEN same THEN least(span, ns - before) ELSE span END AS covered FROM (${ordered}))`;
  const matters = `(old_anomaly OR score::DOUBLE >= ${double(lowest)})`;
  // The rows stay what is looked up and the flights where: DuckDB guesses that files read side by side have no rows.
  await db.rows("SET disabled_optimizers = 'join_order,build_side_probe_side'");
  await db.rows(`CREATE TEMP TABLE scored AS SELECT *, 1::BIGINT AS windows FROM ${rows} WHERE ${matters}`);
  // No score that is an anomaly under any threshold.
  await db.rows(`INSERT INTO scored BY NAME SELECT aircraft, '-infinity'::FLOAT AS score, phase_set, old_phase, old_threshold, old_anomaly, old_severity,
      sum(covered)::BIGINT AS covered, count(*) AS windows FROM ${rows} WHERE NOT ${matters} GROUP BY ALL`);
  await db.rows("RESET disabled_optimizers");
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
