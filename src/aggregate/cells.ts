import { sqlPath, sqlText } from "../results/duckdb.ts";
import type { Database } from "./database.ts";
import { foreignWindows, unusableRows } from "./faults.ts";
import { redoIrregular } from "./irregular-flights.ts";
import type { RepeatedWindows } from "./repeated-windows.ts";
import type { ResultFile } from "./result-file.ts";
import { rowsSql } from "./rows-sql.ts";
import { type CellsOf, sumCells } from "./sum-cells.ts";

/**
 * Sums all rows up into the table `cells`: `model`, `aircraft_id`, `flight_id`, `day` (since 1970), `flight_phase` and `severity` if asked, to
 * `windows`, `anomalies`, `max_score`, `covered` (ns). A window covers what those of its flight that began before it do not: its whole
 * length, or the time since the start of the one before if that is less. A flight without a window has a cell of none, its day null.
 *
 * Rows come in the order of their flights and times, so one pass without sorting does it, in little memory. Flights that do not come so, or
 * stand in several files, are done again, sorted, each window counted once.
 * @throws Fault for rows without a value, and for a window with two scores
 */
export async function makeCells(db: Database, of: CellsOf): Promise<RepeatedWindows> {
  const values = of.labels.map((label, file) => `(${file}, ${sqlText(label)})`);
  await db.rows("CREATE TEMP TABLE files (file INTEGER, model VARCHAR)");
  if (values.length > 0) await db.rows(`INSERT INTO files VALUES ${values.join(", ")}`);
  const sums = sumCells(inOrder(rowsSql(of.files, of)), "aircraft_id, flight_id", of);
  await db.rows(`CREATE TEMP TABLE cells AS SELECT model, s.* FROM (${sums}) s JOIN files USING (file)`);
  await checkRows(db, of.files);
  const repeated = await redoIrregular(db, of);
  await addEmptyFlights(db, of.files);
  return repeated;
}

/** Without a partition and an order, DuckDB takes the row before as it streams by. */
function inOrder(rows: string): string {
  const isSame = ["flight_id", "aircraft_id", "file"].map((key) => `lag(${key}) OVER () = ${key}`).join(" AND ");
  return `SELECT *, lag(ns) OVER () AS before, coalesce(${isSame}, false) AS same FROM (${rows})`;
}

async function checkRows(db: Database, files: readonly ResultFile[]): Promise<void> {
  const [wrong] = await db.rows(`SELECT file, sum(bad)::DOUBLE AS bad, sum(mismatches)::DOUBLE AS mismatches FROM cells
    GROUP BY file HAVING sum(bad) > 0 OR sum(mismatches) > 0 ORDER BY file LIMIT 1`);
  if (wrong === undefined) return;
  const file = files[Number(wrong.file)]!;
  throw Number(wrong.mismatches) > 0 ? foreignWindows(file) : unusableRows(file, Number(wrong.bad));
}

/** Flights that a run examined without scoring a window of them are flights, too; files that failed are none. */
async function addEmptyFlights(db: Database, files: readonly ResultFile[]): Promise<void> {
  const known = files.flatMap(({ coveragePath }, file) => (coveragePath === null ? [] : [{ coveragePath, file }]));
  if (known.length === 0) return;
  const paths = known.map(({ coveragePath }) => sqlPath(coveragePath)).join(", ");
  const places = known.map(({ file }, place) => `(${place}, ${file})`).join(", ");
  await db.rows(`INSERT INTO cells BY NAME SELECT e.*, 0 AS windows, 0 AS anomalies, 0 AS covered FROM (
      SELECT model, aircraft_id, flight_id, min(files.file) AS file FROM read_parquet([${paths}], hive_partitioning = false) v
      JOIN (VALUES ${places}) p(place, file) ON v.file_index = p.place JOIN files ON files.file = p.file
      WHERE aircraft_id IS NOT NULL AND flight_id IS NOT NULL AND failure IS NULL GROUP BY ALL) e
    ANTI JOIN cells c ON e.model = c.model AND e.aircraft_id = c.aircraft_id AND e.flight_id = c.flight_id`);
}
