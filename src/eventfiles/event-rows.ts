import type { Database, Row } from "../aggregate/database.ts";
import { foreignWindows } from "../aggregate/faults.ts";
import type { AnomalousWindow } from "../events/event.ts";
import type { Severity } from "../verdict/severity.ts";
import { type ExplainedFile, errorsList, explainedRowsSql } from "./explained-rows.ts";

/** The results whose events are looked for. */
export interface EventSource {
  files: readonly ExplainedFile[];
  /** The name of the model of each. */
  labels: readonly string[];
}

/** An anomalous window, and whose it is. `file` is its place in the list of files. */
export interface OwnedWindow {
  file: number;
  label: string;
  aircraftId: string;
  flightId: string;
  window: AnomalousWindow;
}

const COLUMNS = "window_id, ns, span, score, severity, phase, threshold";

/**
 * The anomalous windows, flight after flight, each in the order of their starts, a window that several files hold once. Rows come so from the
 * files, and are read as they stand; flights that do not come so, or stand in several files (table `irregular`, which summing up the cells has
 * left), are sorted, part by part.
 * @throws Fault for a `windows.parquet` of other windows
 */
export async function* anomalousWindows(db: Database, source: EventSource): AsyncGenerator<OwnedWindow> {
  const irregular = await db.rows("SELECT model, aircraft_id, flight_id FROM irregular");
  const sorted = new Set(irregular.map((row) => flightKey(String(row.model), row)));
  for (const file of source.files.keys()) {
    const label = source.labels[file]!;
    for await (const rows of db.batches(rowsOfFile(source.files[file]!))) {
      for (const row of rows) {
        if (row.is_mismatch === true) throw foreignWindows(source.files[file]!.file);
        if (!sorted.has(flightKey(label, row))) yield ownedWindow(row, { source, file });
      }
    }
  }
  const parts = await db.rows("SELECT DISTINCT part FROM irregular ORDER BY part");
  for (const { part } of parts) yield* sortedPart(db, source, Number(part));
}

/** Numbered as they stream by: no sorting, no memory. */
function rowsOfFile(file: ExplainedFile): string {
  return `SELECT aircraft_id, flight_id, ${COLUMNS}, ${errorsList(file)} AS errors, place, is_mismatch
    FROM (SELECT *, row_number() OVER () AS place FROM (${explainedRowsSql(file, { errors: true })})) WHERE is_anomaly OR is_mismatch`;
}

async function* sortedPart(db: Database, source: EventSource, part: number): AsyncGenerator<OwnedWindow> {
  const flights = `(SELECT model, aircraft_id, flight_id, flight, is_shared FROM irregular WHERE part = ${part})`;
  const holding = await db.rows(
    `SELECT DISTINCT file FROM cells JOIN ${flights} USING (model, aircraft_id, flight_id) ORDER BY file`,
  );
  const rows = holding.map(({ file }) => {
    const explained = source.files[Number(file)]!;
    return `SELECT ${Number(file)} AS file, aircraft_id, flight_id, ${COLUMNS}, is_anomaly, is_mismatch,
      CASE WHEN is_anomaly THEN ${errorsList(explained)} END AS errors FROM (${explainedRowsSql(explained, { errors: true })})`;
  });
  if (rows.length === 0) return;
  await db.rows(`CREATE OR REPLACE TEMP TABLE event_rows AS SELECT flight, is_shared, r.* EXCLUDE (aircraft_id, flight_id)
    FROM (${rows.join("\nUNION ALL\n")}) r JOIN files USING (file) JOIN ${flights} USING (model, aircraft_id, flight_id)`);
  const ordered = `WITH first_files AS (SELECT flight, window_id, min(file) AS first_file FROM event_rows WHERE is_shared GROUP BY ALL),
      once AS (SELECT e.* FROM event_rows e LEFT JOIN first_files f USING (flight, window_id) WHERE coalesce(file = first_file, true)),
      placed AS (SELECT *, row_number() OVER (PARTITION BY flight ORDER BY ns, file, window_id, score) AS place FROM once)
    SELECT aircraft_id, flight_id, p.* FROM placed p JOIN irregular USING (flight) WHERE is_anomaly OR is_mismatch ORDER BY flight, place`;
  for await (const batch of db.batches(ordered)) {
    for (const row of batch) {
      const file = Number(row.file);
      if (row.is_mismatch === true) throw foreignWindows(source.files[file]!.file);
      yield ownedWindow(row, { source, file });
    }
  }
}

function ownedWindow(row: Row, { source, file }: { source: EventSource; file: number }): OwnedWindow {
  const startNs = row.ns as bigint;
  const errors = row.errors as number[] | null;
  return {
    file,
    label: source.labels[file]!,
    aircraftId: String(row.aircraft_id),
    flightId: String(row.flight_id),
    window: {
      windowId: String(row.window_id),
      startNs,
      endNs: startNs + BigInt(row.span as number | bigint),
      place: Number(row.place),
      score: Number(row.score),
      threshold: row.threshold === null ? null : Number(row.threshold),
      severity: Number(row.severity) as Severity,
      phase: row.phase === null ? null : String(row.phase),
      errors: errors === null ? null : { names: source.files[file]!.features, values: errors.map(Number) },
    },
  };
}

function flightKey(label: string, { aircraft_id, flight_id }: Row): string {
  return JSON.stringify([label, aircraft_id, flight_id]);
}
