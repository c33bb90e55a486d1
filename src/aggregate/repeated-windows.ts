import type { Database } from "./database.ts";
import type { ConflictExample } from "./faults.ts";
import type { ResultFile } from "./result-file.ts";

/** Windows that several files hold. */
export interface RepeatedWindows {
  /** Windows that more than one file holds, with the same score: they are counted once. */
  windows: number;
  /** The first file that holds them, and the last one that does. */
  pairs: { first: string; other: string; windows: number }[];
  /** Windows on whose score the files do not agree, and one of them. */
  conflicts: number;
  example: ConflictExample | null;
}

/**
 * Finds the windows in the table `part_rows` that several files hold, and makes the view `once` of the rows of each window in the first file that
 * has it. What stands twice in one file stays so: the run has said it.
 */
export async function findRepeated(db: Database, files: readonly ResultFile[]): Promise<RepeatedWindows> {
  await db.rows(`CREATE OR REPLACE TEMP TABLE repeated AS SELECT flight, window_id, min(file) AS first_file, max(file) AS last_file,
      min(score) = max(score) AS is_same
    FROM part_rows WHERE is_shared GROUP BY ALL HAVING min(file) < max(file)`);
  await db.rows(`CREATE OR REPLACE TEMP VIEW once AS SELECT p.* FROM part_rows p
    ANTI JOIN repeated d ON p.flight = d.flight AND p.window_id = d.window_id AND p.file > d.first_file`);
  const rows = await db.rows(`SELECT first_file, last_file, count(*)::DOUBLE AS windows, bool_and(is_same) AS is_same
    FROM repeated GROUP BY ALL ORDER BY first_file, last_file`);
  const pathOf = (file: unknown) => files[Number(file)]!.path;
  const pairs = rows.map((row) => ({
    first: pathOf(row.first_file),
    other: pathOf(row.last_file),
    windows: Number(row.windows),
  }));
  const windows = pairs.reduce((sum, pair) => sum + pair.windows, 0);
  const isAgreed = rows.every(({ is_same }) => is_same === true);
  return { windows, pairs, ...(isAgreed ? NO_CONFLICTS : await findConflicts(db, files)) };
}

const NO_CONFLICTS = { conflicts: 0, example: null };

type Conflicts = Pick<RepeatedWindows, "conflicts" | "example">;

/** A window of several scores is no conflict where each file has all of them: then the run has reported it. */
async function findConflicts(db: Database, files: readonly ResultFile[]): Promise<Conflicts> {
  await db.rows(`CREATE OR REPLACE TEMP TABLE disputed AS
    SELECT flight, window_id, (count(*) OVER ())::DOUBLE AS conflicts
    FROM (SELECT flight, window_id, file, min(score) AS low, max(score) AS high FROM part_rows
      JOIN (SELECT flight, window_id FROM repeated WHERE NOT is_same) USING (flight, window_id) GROUP BY ALL)
    GROUP BY ALL HAVING min(low) < max(low) OR min(high) < max(high)`);
  const scores =
    await db.rows(`SELECT i.aircraft_id, i.flight_id, window_id, file, max(score)::DOUBLE AS score, any_value(conflicts) AS conflicts
    FROM part_rows JOIN (SELECT * FROM disputed ORDER BY flight, window_id LIMIT 1) USING (flight, window_id)
    JOIN irregular i USING (flight) GROUP BY ALL ORDER BY file`);
  const [first] = scores;
  if (first === undefined) return NO_CONFLICTS;
  // Of three files two may agree: those are named that do not.
  const other = scores.find(({ score }) => score !== first.score) ?? scores[1]!;
  const example = {
    aircraftId: String(first.aircraft_id),
    flightId: String(first.flight_id),
    windowId: String(first.window_id),
    files: [first, other].map(({ file, score }) => ({ path: files[Number(file)]!.path, score: Number(score) })),
  };
  return { conflicts: Number(first.conflicts), example };
}
