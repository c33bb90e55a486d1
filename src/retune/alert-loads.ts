import type { Database, Row } from "../aggregate/database.ts";
import { countEvents } from "../eventfiles/count-events.ts";
import type { EventRules } from "../events/event.ts";
import { anomaliesOf, type Decision, phaseOfCode } from "./decide-sql.ts";
import type { AlertLoad } from "./retuned.ts";

/** The loads of one decision: of all, by aircraft and by phase. */
export interface AlertLoads {
  all: AlertLoad;
  aircraft: Map<string, AlertLoad>;
  phase: Map<string, AlertLoad>;
}

const NS_PER_HOUR = 3.6e12;

/** What a decision over the table `scored` gives to look at. */
export async function alertLoads(
  db: Database,
  decision: Decision,
  rules: Pick<EventRules, "persistence">,
): Promise<AlertLoads> {
  const rows =
    await db.rows(`SELECT grouping(aircraft, phase) AS level, aircraft, phase, sum(windows)::DOUBLE AS windows,
      count(*) FILTER (anomaly)::DOUBLE AS anomalies, sum(covered)::DOUBLE AS covered
    FROM (SELECT aircraft, ${decision.phase} AS phase, ${decision.anomaly} AS anomaly, windows, covered FROM scored)
    GROUP BY GROUPING SETS ((), (aircraft), (phase)) ORDER BY level, aircraft, phase`);
  const events = await countEvents(db, anomaliesOf(decision), rules);
  const names = await db.rows("SELECT DISTINCT aircraft, aircraft_id FROM flights");
  const nameOf = new Map(names.map(({ aircraft, aircraft_id }) => [Number(aircraft), String(aircraft_id)]));
  // Of two grouped columns the bit of the one that is not in the set is 1.
  const ofLevel = (level: number) => rows.filter((row) => Number(row.level) === level);
  return {
    all: loadOf(ofLevel(3)[0] ?? {}, events.all),
    aircraft: new Map(
      ofLevel(1).map((row) => [
        nameOf.get(Number(row.aircraft))!,
        loadOf(row, events.aircraft.get(Number(row.aircraft))),
      ]),
    ),
    phase: new Map(
      ofLevel(2).map((row) => [phaseOfCode(Number(row.phase)), loadOf(row, events.phase.get(String(row.phase)))]),
    ),
  };
}

/** The load of no windows. */
export function noLoad(): AlertLoad {
  return loadOf({}, 0);
}

/** So many of something in so much time, per 100 hours; null where there is no time. */
export function per100Hours(count: number, hours: number): number | null {
  return hours > 0 ? (100 * count) / hours : null;
}

function loadOf(row: Row, events = 0): AlertLoad {
  const hours = Number(row.covered ?? 0) / NS_PER_HOUR;
  const anomalies = Number(row.anomalies ?? 0);
  return {
    windows: Number(row.windows ?? 0),
    scored_hours: hours,
    anomalies,
    events,
    anomalies_per_100_hours: per100Hours(anomalies, hours),
    events_per_100_hours: per100Hours(events, hours),
  };
}
