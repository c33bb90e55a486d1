import type { Database } from "../aggregate/database.ts";
import type { TrendPeriod } from "../aggregate/options.ts";
import type { GroupSummary, ModelSummary } from "../aggregate/summary.ts";
import { summariseCells } from "../aggregate/summary.ts";
import { MOST } from "./caps.ts";
import { numberAt, valueAt } from "./json-file.ts";
import type { AircraftFacts, Fleet } from "./model.ts";
import { readHeatCells } from "./read-heat-cells.ts";
import type { ReportSource } from "./source.ts";

/** Sums the fleet up: the numbers are those of `aggregate --group-by aircraft_id --trend <period>`. `cells` have to be made. */
export async function readFleet(db: Database, source: ReportSource, model: string): Promise<Fleet> {
  const [days] = await db.rows("SELECT min(day)::DOUBLE AS first, max(day)::DOUBLE AS last FROM cells");
  const period = periodFor(days?.first == null ? 1 : Number(days.last) - Number(days.first) + 1);
  const { byModel } = await summariseCells(db, { groupBy: ["aircraft_id"], trend: period, models: [model] });
  const summary = byModel.get(model)!;
  const aircraft = listAircraft(summary, source);
  const shown = aircraft.slice(0, MOST.heatRows).map(({ id }) => id);
  const heat = await readHeatCells(db, { source, aircraft: shown, period });
  const worst = aircraft.filter(({ summary: { anomalies } }) => anomalies > 0).slice(0, MOST.trends);
  const trends = worst.flatMap(({ id, trend }) => (trend === null ? [] : [{ id, trend }]));
  return { summary, period, aircraft, aircraftCount: aircraft.length, ...heat, trends };
}

/** Days, as long as they can be told apart in a chart; else weeks or months. */
function periodFor(days: number): TrendPeriod {
  if (days <= MOST.heatColumns) return "day";
  return days <= 7 * MOST.heatColumns ? "week" : "month";
}

/** The worst first, by their rate; then those of which nothing was scored, also where all their files failed. */
function listAircraft(summary: ModelSummary, source: ReportSource): AircraftFacts[] {
  const byAircraft = valueAt(source.summary, "coverage", "by_aircraft");
  const time = (id: string) => {
    const recordedSeconds = numberAt(byAircraft, id, "recorded_seconds");
    const scoredSeconds = numberAt(byAircraft, id, "scored_seconds");
    if (recordedSeconds === null || scoredSeconds === null) return null;
    return { recordedSeconds, scoredSeconds, unknownFiles: numberAt(byAircraft, id, "files_of_unknown_length") ?? 0 };
  };
  const scored = Object.entries(summary.by_aircraft ?? {});
  const known = new Set(scored.map(([id]) => id));
  const unscored = Object.keys((byAircraft as Record<string, unknown> | undefined) ?? {}).filter(
    (id) => !known.has(id),
  );
  const all = [...scored, ...unscored.map((id) => [id, NOTHING] as const)];
  const facts = all.map(([id, group]) => ({
    id,
    summary: group,
    trend: summary.trend?.by_aircraft[id] ?? null,
    time: time(id),
  }));
  return facts.sort((a, b) => (b.summary.anomaly_rate ?? -1) - (a.summary.anomaly_rate ?? -1));
}

/** Of an aircraft without a flight that could be read. */
const NOTHING: GroupSummary = {
  flights: 0,
  windows: 0,
  anomalies: 0,
  anomaly_rate: null,
  max_anomaly_score: null,
  first_anomaly: null,
  max_anomaly_severity: null,
  anomaly_rate_interval: null,
  scored_flights: 0,
  anomalies_per_flight: null,
  anomalies_per_flight_interval: null,
  scored_hours: 0,
  anomalies_per_100_hours: null,
  anomalies_per_100_hours_interval: null,
};
