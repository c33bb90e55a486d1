import type { FaultDetail } from "../faults/fault.ts";
import { runSql, sqlText } from "./duckdb.ts";
import { groupBy } from "./group-by.ts";
import type { FlightReport } from "./reports.ts";

/** Windows that stand in the results more than once under the same (aircraft_id, flight_id, window_id). */
export interface RepeatedKeys {
  /** Windows too many that have the same score as another. */
  sameScore: number;
  /** For each flight with windows of different scores under one key, what to report. */
  conflicts: FaultDetail[];
}

/** What is asked of a file whose keys are looked at. */
export interface KeyedFile {
  path: string;
  flights: readonly Pick<FlightReport, "aircraftId" | "flightId" | "repeatsIds">[];
}

/**
 * The key of a window must be its own. Only flights that could repeat one are looked up, so an ordinary run pays nothing. `from` gives what
 * stands behind FROM; it is asked only then.
 */
export async function findRepeatedKeys(
  from: () => Promise<string>,
  files: readonly KeyedFile[],
): Promise<RepeatedKeys> {
  const suspects = suspectFlights(files);
  const repeated: RepeatedKeys = { sameScore: 0, conflicts: [] };
  if (suspects.length === 0) return repeated;
  const wanted = suspects
    .map(({ aircraftId, flightId }) => `(${sqlText(aircraftId)}, ${sqlText(flightId)})`)
    .join(", ");
  const rows = await runSql([
    `WITH keys AS (
       SELECT aircraft_id, flight_id, window_id, count(*) AS rows, count(DISTINCT anomaly_score) AS scores
       FROM ${await from()} WHERE (aircraft_id, flight_id) IN (${wanted}) GROUP BY ALL HAVING count(*) > 1)
     SELECT aircraft_id, flight_id, (sum(rows - 1) FILTER (scores = 1))::DOUBLE AS same, (count(*) FILTER (scores > 1))::DOUBLE AS differing, min(window_id) FILTER (scores > 1) AS example
     FROM keys GROUP BY ALL ORDER BY ALL`,
  ]);
  for (const row of rows) {
    repeated.sameScore += Number(row.same ?? 0);
    if (Number(row.differing) === 0) continue;
    const paths = suspects.find(
      ({ aircraftId, flightId }) => aircraftId === row.aircraft_id && flightId === row.flight_id,
    )!.paths;
    repeated.conflicts.push(
      conflictFault(
        { aircraftId: String(row.aircraft_id), flightId: String(row.flight_id), paths },
        Number(row.differing),
        String(row.example),
      ),
    );
  }
  return repeated;
}

interface Suspect {
  aircraftId: string;
  flightId: string;
  paths: string[];
}

/** Flights that several files hold, or whose windows have ids of the input's own. */
function suspectFlights(files: readonly KeyedFile[]): Suspect[] {
  const all = files.flatMap((file) => file.flights.map((flight) => ({ ...flight, path: file.path })));
  const byFlight = groupBy(all, ({ aircraftId, flightId }) => JSON.stringify([aircraftId, flightId]));
  return [...byFlight.values()]
    .filter((own) => own.length > 1 || own[0]!.repeatsIds)
    .map((own) => ({
      aircraftId: own[0]!.aircraftId,
      flightId: own[0]!.flightId,
      paths: [...new Set(own.map(({ path }) => path))],
    }));
}

function conflictFault({ aircraftId, flightId, paths }: Suspect, windows: number, example: string): FaultDetail {
  return {
    code: "DUPLICATE_KEY",
    path: paths.join(", "),
    found: `${windows} windows of flight ${flightId} of ${aircraftId} with several scores (such as ${example})`,
    expected: "one score for each (aircraft_id, flight_id, window_id)",
    hint: "Is the same flight there in two forms, or do two flights have one id? Keep one of them, or name them apart. All rows are in the results.",
  };
}
