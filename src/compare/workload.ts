import type { Database, Row } from "../aggregate/database.ts";
import { countEvents, type EventCounts } from "../eventfiles/count-events.ts";
import type { EventRules } from "../events/event.ts";
import type { Workload } from "./comparison.ts";
import { ALL, finite } from "./groups.ts";
import type { Side } from "./side.ts";

/** What there is to look at in the results of one side: of all, by number of aircraft, and by flight phase. */
export interface Workloads {
  all: Map<string, Workload>;
  aircraft: Map<string, Workload>;
  phase: Map<string, Workload>;
}

const NS_PER_HOUR = 3.6e12;

/** How the windows of one side become events. */
export interface SideRules {
  /** Length of a window, nanoseconds. */
  spanNs: number;
  rules: Pick<EventRules, "persistence">;
}

/**
 * Windows of a flight in the order of their starts, each of which covers what those before it do not; and the events that its anomalies raise. Also of
 * windows that the other side has not.
 */
export async function workloadsOf(db: Database, side: Side, { spanNs, rules }: SideRules): Promise<Workloads> {
  const rows = await db.rows(`WITH steps AS (
      SELECT aircraft, phase_${side} AS phase, anomaly_${side} AS anomaly, ns_${side} AS ns,
        lag(ns_${side}) OVER (PARTITION BY flight ORDER BY ns_${side}, window_id) AS before
      FROM joined WHERE score_${side} IS NOT NULL)
    SELECT grouping(aircraft, phase) AS level, aircraft, phase, count(*)::DOUBLE AS windows, count(*) FILTER (anomaly)::DOUBLE AS anomalies,
      sum(CASE WHEN before IS NULL THEN ${spanNs} ELSE least(${spanNs}, ns - before) END)::DOUBLE AS covered
    FROM steps GROUP BY GROUPING SETS ((), (aircraft), (phase))`);
  const events = await eventsOf(db, side, { spanNs, rules });
  const at = (level: number) => rows.filter((row) => Number(row.level) === level);
  // Of two grouped columns the bit of the one that is not in the set is 1.
  return {
    all: new Map(at(3).map((row) => [ALL, workloadOf(row, events.all)])),
    aircraft: new Map(
      at(1).map((row) => [String(row.aircraft), workloadOf(row, events.aircraft.get(Number(row.aircraft)))]),
    ),
    phase: new Map(at(2).map((row) => [String(row.phase), workloadOf(row, events.phase.get(String(row.phase)))])),
  };
}

async function eventsOf(db: Database, side: Side, { spanNs, rules }: SideRules): Promise<EventCounts> {
  // A table keeps its order, which a part of a query need not.
  await db.rows(`CREATE OR REPLACE TEMP TABLE anomalies AS SELECT flight, aircraft, ns_${side} AS ns, ns_${side} + ${spanNs} AS end_ns, phase_${side} AS phase
    FROM joined WHERE score_${side} IS NOT NULL AND anomaly_${side} ORDER BY flight, ns, window_id`);
  const counts = await countEvents(db, "SELECT * FROM anomalies", rules);
  await db.rows("DROP TABLE anomalies");
  return counts;
}

/** The workload of no windows. */
export function noWorkload(): Workload {
  return workloadOf({});
}

function workloadOf(row: Row, events = 0): Workload {
  const hours = Number(row.covered ?? 0) / NS_PER_HOUR;
  const [windows, anomalies] = [row.windows, row.anomalies].map((count) => Number(count ?? 0));
  return {
    windows: windows!,
    scored_hours: hours,
    anomalies: anomalies!,
    events,
    anomalies_per_100_hours: finite((100 * anomalies!) / hours),
    events_per_100_hours: finite((100 * events) / hours),
  };
}
