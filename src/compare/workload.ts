import type { Database, Row } from "../aggregate/database.ts";
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

/**
 * Windows of a flight in the order of their starts: each covers what those before it do not, and an anomalous one begins an event unless the
 * last anomalous one before it reaches it. Also of windows that the other side has not. `spanNs` is the length of a window.
 */
export async function workloadsOf(db: Database, side: Side, spanNs: number): Promise<Workloads> {
  const rows = await db.rows(`WITH windows AS (
      SELECT flight, aircraft, window_id, ns_${side} AS ns, anomaly_${side} AS anomaly, phase_${side} AS phase
      FROM joined WHERE score_${side} IS NOT NULL),
    steps AS (
      SELECT aircraft, phase, anomaly, ns, lag(ns) OVER w AS before,
        max(CASE WHEN anomaly THEN ns END) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_anomaly
      FROM windows WINDOW w AS (PARTITION BY flight ORDER BY ns, window_id))
    SELECT grouping(aircraft, phase) AS level, aircraft, phase, count(*)::DOUBLE AS windows, count(*) FILTER (anomaly)::DOUBLE AS anomalies,
      sum(CASE WHEN before IS NULL THEN ${spanNs} ELSE least(${spanNs}, ns - before) END)::DOUBLE AS covered,
      count(*) FILTER (anomaly AND (last_anomaly IS NULL OR last_anomaly + ${spanNs} < ns))::DOUBLE AS events
    FROM steps GROUP BY GROUPING SETS ((), (aircraft), (phase))`);
  const at = (level: number, nameOf: (row: Row) => string) =>
    new Map(rows.filter((row) => Number(row.level) === level).map((row) => [nameOf(row), workloadOf(row)]));
  // Of two grouped columns the bit of the one that is not in the set is 1.
  return {
    all: at(3, () => ALL),
    aircraft: at(1, ({ aircraft }) => String(aircraft)),
    phase: at(2, ({ phase }) => String(phase)),
  };
}

/** The workload of no windows. */
export function noWorkload(): Workload {
  return workloadOf({});
}

function workloadOf(row: Row): Workload {
  const hours = Number(row.covered ?? 0) / NS_PER_HOUR;
  const [windows, anomalies, events] = [row.windows, row.anomalies, row.events].map((count) => Number(count ?? 0));
  return {
    windows: windows!,
    scored_hours: hours,
    anomalies: anomalies!,
    events: events!,
    anomalies_per_100_hours: finite((100 * anomalies!) / hours),
    events_per_100_hours: finite((100 * events!) / hours),
  };
}
