import type { Database } from "./database.ts";
import { conflictingScores } from "./faults.ts";
import { findRepeated, type RepeatedWindows } from "./repeated-windows.ts";
import { rowsSql } from "./rows-sql.ts";
import { type CellsOf, sumCells } from "./sum-cells.ts";

/** Rows that are sorted at once: as many as memory surely holds. */
const PART_ROWS = 4_000_000;

/**
 * Does the cells of flights again whose rows do not come in the order of time, or stand in several files: sorted, each window counted once. Part by
 * part, so that memory is bounded; a part reads only the files that hold its flights.
 * @throws Fault `DUPLICATE_KEY` for windows on whose scores files do not agree
 */
export async function redoIrregular(db: Database, of: CellsOf): Promise<RepeatedWindows> {
  // A number for each flight: its three texts would be in every row that is sorted.
  await db.rows(`CREATE TEMP TABLE irregular AS SELECT *, row_number() OVER (ORDER BY model, aircraft_id, flight_id)::INTEGER AS flight,
      (sum(windows) OVER (ORDER BY model, aircraft_id, flight_id ROWS UNBOUNDED PRECEDING) // ${PART_ROWS})::INTEGER AS part
    FROM (SELECT model, aircraft_id, flight_id, sum(windows) AS windows, count(DISTINCT file) > 1 AS is_shared
      FROM cells GROUP BY ALL HAVING sum(starts) > 1 OR sum(steps_back) > 0)`);
  const parts = await db.rows(
    "SELECT part, bool_or(is_shared) AS is_shared FROM irregular GROUP BY part ORDER BY part",
  );
  const found: RepeatedWindows = { windows: 0, pairs: [], conflicts: 0, example: null };
  for (const { part, is_shared } of parts) {
    await takePart(db, of, Number(part));
    const repeated = is_shared === true ? await findRepeated(db, of.files) : null;
    if (repeated !== null) addTo(found, repeated);
    await db.rows(`DELETE FROM cells USING irregular i WHERE part = ${Number(part)} AND cells.model = i.model
      AND cells.aircraft_id = i.aircraft_id AND cells.flight_id = i.flight_id`);
    const sums = sumCells(inOrder(repeated === null ? "part_rows" : "once"), "flight", of);
    await db.rows(`INSERT INTO cells BY NAME SELECT model, aircraft_id, flight_id, s.* EXCLUDE flight
      FROM (${sums}) s JOIN irregular USING (flight)`);
  }
  if (found.example !== null) throw conflictingScores(found.conflicts, found.example);
  return found;
}

/** Makes the table `part_rows` of the rows of a part's flights. */
async function takePart(db: Database, of: CellsOf, part: number): Promise<void> {
  const flights = `(SELECT model, aircraft_id, flight_id, flight, is_shared FROM irregular WHERE part = ${part})`;
  const holding = await db.rows(
    `SELECT DISTINCT file FROM cells JOIN ${flights} USING (model, aircraft_id, flight_id)`,
  );
  const rows = rowsSql(of.files, { withPhase: of.withPhase, only: new Set(holding.map(({ file }) => Number(file))) });
  await db.rows(`CREATE OR REPLACE TEMP TABLE part_rows AS SELECT flight, is_shared, r.* EXCLUDE (aircraft_id, flight_id)
    FROM (${rows}) r JOIN files USING (file) JOIN ${flights} USING (model, aircraft_id, flight_id)`);
}

/** Windows of one start are put in an order too, so that the same one always covers the time. */
function inOrder(table: string): string {
  const before = "lag(ns) OVER (PARTITION BY flight ORDER BY ns, file, window_id, score)";
  return `SELECT *, before IS NOT NULL AS same FROM (SELECT *, ${before} AS before FROM ${table})`;
}

function addTo(sum: RepeatedWindows, part: RepeatedWindows): void {
  sum.windows += part.windows;
  sum.conflicts += part.conflicts;
  sum.example ??= part.example;
  for (const pair of part.pairs) {
    const known = sum.pairs.find(({ first, other }) => first === pair.first && other === pair.other);
    if (known === undefined) sum.pairs.push({ ...pair });
    else known.windows += pair.windows;
  }
}
