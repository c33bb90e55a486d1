import type { Database } from "./database.ts";
import type { TrendPeriod } from "./options.ts";
import { theilSen } from "./theil-sen.ts";

/** How the anomaly rate of an aircraft goes with time. */
export interface AircraftTrend {
  /** Periods with a scored window. */
  n: number;
  /** Change of the anomaly rate per period; null for fewer than two periods. */
  slope: number | null;
  /** Bounds of the slope at 95 %; null for fewer than five periods. */
  slope_interval: [number, number] | null;
  /** Whether the whole interval is above 0; null where there is none. */
  rises: boolean | null;
}

/** Number of the period of a cell, without gaps in the calendar. Weeks begin on Mondays; day 0 was a Thursday. */
const PERIODS: Record<TrendPeriod, string> = {
  day: "day",
  week: "floor((day + 3) / 7)::INTEGER",
  month: "(year(DATE '1970-01-01' + day) * 12 + month(DATE '1970-01-01' + day))::INTEGER",
};

/** By model, then by aircraft, in the order of their names. */
export async function readTrends(db: Database, period: TrendPeriod): Promise<Map<string, Map<string, AircraftTrend>>> {
  const rows =
    await db.rows(`SELECT model, aircraft_id, list(period ORDER BY period) AS periods, list(rate ORDER BY period) AS rates
    FROM (SELECT model, aircraft_id, ${PERIODS[period]} AS period, sum(anomalies)::DOUBLE / sum(windows)::DOUBLE AS rate
      FROM cells WHERE windows > 0 GROUP BY ALL)
    GROUP BY ALL ORDER BY model, aircraft_id`);
  const trends = new Map<string, Map<string, AircraftTrend>>();
  for (const { model, aircraft_id, periods, rates } of rows) {
    const ofModel = trends.get(String(model)) ?? new Map<string, AircraftTrend>();
    ofModel.set(String(aircraft_id), trendOf(periods as number[], rates as number[]));
    trends.set(String(model), ofModel);
  }
  return trends;
}

function trendOf(periods: number[], rates: number[]): AircraftTrend {
  const { n, slope, interval } = theilSen(periods, rates);
  return { n, slope, slope_interval: interval, rises: interval === null ? null : interval[0] > 0 };
}
