import type { Database } from "../aggregate/database.ts";
import { CoolDown, neededAnomalies, ruleNs } from "../events/cool-down.ts";
import type { EventRules } from "../events/event.ts";

/** Raised events where they begin: of all, by number of aircraft, and by phase as the windows name it. */
export interface EventCounts {
  all: number;
  aircraft: Map<number, number>;
  phase: Map<string, number>;
}

/**
 * Counts the events that some rules raise, as `FlightEvents` would: candidates and persistence in SQL, since there are many anomalies; the
 * cool-down, where each depends on the one before, over what is left. `anomalies` gives the anomalous windows in the order of flights and times:
 * `flight`, `aircraft` (numbers), `ns` and `end_ns` (start and end, nanoseconds), `phase`.
 */
export async function countEvents(
  db: Database,
  anomalies: string,
  { persistence }: Pick<EventRules, "persistence">,
): Promise<EventCounts> {
  const counts: EventCounts = { all: 0, aircraft: new Map(), phase: new Map() };
  let flight: unknown = null;
  let coolDown = new CoolDown(null);
  for await (const rows of db.batches(candidatesSql(anomalies, persistence))) {
    for (const row of rows) {
      if (row.flight !== flight) coolDown = new CoolDown(persistence?.cooldownSeconds ?? null);
      flight = row.flight;
      if (!coolDown.admit(row.start_ns as bigint, row.end_ns as bigint).isRaised) continue;
      counts.all++;
      addOne(counts.aircraft, Number(row.aircraft));
      addOne(counts.phase, String(row.phase));
    }
  }
  return counts;
}

/** Persistent candidates in the order of flights and times. Rows are in that order already: all but the last window streams. */
function candidatesSql(anomalies: string, persistence: EventRules["persistence"]): string {
  const needed = neededAnomalies(persistence?.consecutiveAnomalies);
  const within = persistence?.withinSeconds ?? null;
  const reach = `lag(flight, ${needed - 1}) OVER () = flight AND ns - lag(ns, ${needed - 1}) OVER () <= ${ruleNs(within ?? 0)}`;
  const isPersistent = within === null ? `count(*) >= ${needed}` : "bool_or(is_in_run)";
  const inRun =
    within === null
      ? ""
      : `, bool_or(completes) OVER (ORDER BY place ROWS BETWEEN CURRENT ROW AND ${needed - 1} FOLLOWING) AS is_in_run`;
  return `WITH hits AS (SELECT flight, aircraft, ns, end_ns, phase,
        coalesce(lag(flight) OVER () = flight, false) AS same, lag(ns) OVER () AS before, lag(end_ns) OVER () AS reached
      FROM (${anomalies})),
    anomalies AS (SELECT *, same AND ns <= reached AS joins FROM hits WHERE NOT (same AND ns = before)),
    runs AS (SELECT *, sum((NOT joins)::INTEGER) OVER (ROWS UNBOUNDED PRECEDING) AS candidate, row_number() OVER () AS place,
        coalesce(${reach}, false) AS completes FROM anomalies)
    SELECT min(flight) AS flight, min(aircraft) AS aircraft, min(ns) AS start_ns, max(end_ns) AS end_ns, arg_min(phase, ns) AS phase
    FROM (SELECT *${inRun} FROM runs) GROUP BY candidate HAVING ${isPersistent} ORDER BY candidate`;
}

function addOne<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
