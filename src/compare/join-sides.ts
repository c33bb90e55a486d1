import type { Database } from "../aggregate/database.ts";
import { foreignWindows, unusableRows } from "../aggregate/faults.ts";
import type { ResultFile } from "../aggregate/result-file.ts";
import { Fault } from "../faults/fault.ts";
import { PHASE_ENUM, type Side, sideSql } from "./side.ts";

/** Rows of each file whose key stands more than once in it. */
export type RepeatedRows = Record<Side, number>;

const BAD_ROW =
  "NOT coalesce(isfinite(score), false) OR ns IS NULL OR is_anomaly IS NULL OR coalesce(severity, 255) > 3 OR window_id IS NULL";

/**
 * Makes the tables `flights` (`flight`, `aircraft`: numbers in the order of the ids; `aircraft_id`, `flight_id`) and `joined`: a row per
 * window of either file by (aircraft_id, flight_id, window_id), with `ns_a`, `score_a`, `anomaly_a`, `severity_a`, `phase_a`, `threshold_a`
 * and the same of b, null where a file has it not. The view `matched` has the windows of both. Rows of one key are matched in the order of
 * their times and scores.
 * @throws Fault for rows without a value, and where no window of A is in B
 */
export async function joinSides(db: Database, files: Record<Side, ResultFile>): Promise<RepeatedRows> {
  await db.rows(PHASE_ENUM);
  await checkRows(db, files.a);
  await checkRows(db, files.b);
  await makeFlights(db, files);
  const repeated = { a: await countRepeated(db, files.a), b: await countRepeated(db, files.b) };
  const [a, b] = [numberedRows(files.a, repeated.a > 0), numberedRows(files.b, repeated.b > 0)];
  await db.rows(`CREATE TEMP TABLE joined AS SELECT f.aircraft, k.* FROM (
      SELECT coalesce(a.flight, b.flight) AS flight, coalesce(a.window_id, b.window_id) AS window_id, ${sideColumns("a")}, ${sideColumns("b")}
      FROM (${a}) a FULL JOIN (${b}) b ON a.flight = b.flight AND a.window_id = b.window_id AND a.occurrence = b.occurrence) k
    JOIN flights f USING (flight)`);
  await db.rows("CREATE TEMP VIEW matched AS SELECT * FROM joined WHERE score_a IS NOT NULL AND score_b IS NOT NULL");
  await refuseStrangers(db, files);
  return repeated;
}

async function checkRows(db: Database, file: ResultFile): Promise<void> {
  const [wrong] =
    await db.rows(`SELECT count(*) FILTER (${BAD_ROW})::DOUBLE AS bad, count(*) FILTER (is_mismatch)::DOUBLE AS mismatches
    FROM (${sideSql(file)})`);
  if (Number(wrong!.mismatches) > 0) throw foreignWindows(file);
  if (Number(wrong!.bad) > 0) throw unusableRows(file, Number(wrong!.bad));
}

async function makeFlights(db: Database, { a, b }: Record<Side, ResultFile>): Promise<void> {
  const ids = (file: ResultFile) => `SELECT DISTINCT aircraft_id, flight_id FROM (${sideSql(file)})`;
  await db.rows(`CREATE TEMP TABLE flights AS SELECT (row_number() OVER (ORDER BY aircraft_id, flight_id))::INTEGER AS flight,
      (dense_rank() OVER (ORDER BY aircraft_id))::INTEGER AS aircraft, aircraft_id, flight_id
    FROM (${ids(a)} UNION ${ids(b)})`);
}

/** By a hash of the key, which takes little memory: two keys of one hash would only be numbered in vain. */
async function countRepeated(db: Database, file: ResultFile): Promise<number> {
  const [found] = await db.rows(`SELECT coalesce(sum(n - 1), 0)::DOUBLE AS n FROM (
    SELECT count(*) AS n FROM (${sideSql(file)}) GROUP BY hash(aircraft_id, flight_id, window_id) HAVING count(*) > 1)`);
  return Number(found!.n);
}

function numberedRows(file: ResultFile, isRepeated: boolean): string {
  const occurrence = isRepeated
    ? "(row_number() OVER (PARTITION BY flight, window_id ORDER BY ns, score))::INTEGER"
    : "1";
  return `SELECT flight, r.* EXCLUDE (aircraft_id, flight_id), ${occurrence} AS occurrence
    FROM (${sideSql(file)}) r JOIN flights USING (aircraft_id, flight_id)`;
}

function sideColumns(side: Side): string {
  const columns = { ns: "ns", score: "score", anomaly: "is_anomaly", severity: "severity", phase: "phase" };
  const all = Object.entries({ ...columns, threshold: "threshold" });
  return all.map(([name, column]) => `${side}.${column} AS ${name}_${side}`).join(", ");
}

/** Two files of other flights cannot be compared; one without rows can. */
async function refuseStrangers(db: Database, files: Record<Side, ResultFile>): Promise<void> {
  const [counts] = await db.rows(`SELECT count(score_a)::DOUBLE AS a, count(score_b)::DOUBLE AS b,
    count(*) FILTER (score_a IS NOT NULL AND score_b IS NOT NULL)::DOUBLE AS both FROM joined`);
  if (Number(counts!.both) > 0 || Number(counts!.a) === 0 || Number(counts!.b) === 0) return;
  const examples = await db.rows(`SELECT aircraft_id, flight_id, window_id, score_a IS NOT NULL AS in_a
    FROM (SELECT any_value(flight) AS flight, any_value(window_id) AS window_id, any_value(score_a) AS score_a FROM joined
      GROUP BY score_a IS NULL) JOIN flights USING (flight) ORDER BY in_a DESC`);
  throw new Fault({
    code: "USAGE",
    path: `${files.a.path}, ${files.b.path}`,
    found: "no window that both have",
    expected: "results of the same flights: the same aircraft_id, flight_id and window_id",
    hint: "Were they made of the same --data, and with the same identities?",
    items: examples.map(({ in_a, aircraft_id, flight_id, window_id }) => {
      return `${in_a === true ? files.a.path : files.b.path}: window ${window_id} of flight ${flight_id} of ${aircraft_id}`;
    }),
  });
}
