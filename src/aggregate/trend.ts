import type { Database } from "./database.ts";
import type { TrendPeriod } from "./options.ts";
import { PERIODS, periodName } from "./periods.ts";
import { theilSen } from "./theil-sen.ts";

/** How the anomaly rate of an aircraft, or of all, goes with time. */
export interface RateTrend {
  /** Periods with a scored window. */
  n: number;
  /** Change of the anomaly rate per period; null for fewer than two periods. */
  slope: number | null;
  /** Bounds of the slope at 95 %; null for fewer than five periods. */
  slope_interval: [number, number] | null;
  /** Whether the whole interval is above 0; null where there is none. */
  rises: boolean | null;
  /** The line at the first and the last period; null where there is no slope. */
  line: [number, number] | null;
  /** The rate of each period with a scored window. */
  rates: Record<string, number>;
}

/** The trends of a model's results. */
export interface Trends {
  period: TrendPeriod;
  fleet: RateTrend;
  by_aircraft: Record<string, RateTrend>;
}

/** By model; aircraft in the order of their names. */
export async function readTrends(db: Database, period: TrendPeriod): Promise<Map<string, Trends>> {
  const trends = new Map<string, Trends>();
  for (const { model, ...fleet } of await readRates(db, period, "model")) {
    trends.set(String(model), { period, fleet: trendOf(period, fleet), by_aircraft: {} });
  }
  const byAircraft = new Map<string, [string, RateTrend][]>();
  for (const { model, aircraft_id, ...rates } of await readRates(db, period, "model, aircraft_id")) {
    const ofModel = byAircraft.get(String(model)) ?? [];
    ofModel.push([String(aircraft_id), trendOf(period, rates)]);
    byAircraft.set(String(model), ofModel);
  }
  for (const [model, entries] of byAircraft) trends.get(model)!.by_aircraft = Object.fromEntries(entries);
  return trends;
}

/** The trends of results without a window. */
export function noTrends(period: TrendPeriod): Trends {
  return { period, fleet: trendOf(period, { periods: [], rates: [] }), by_aircraft: {} };
}

interface Rates {
  periods: number[];
  rates: number[];
}

async function readRates(
  db: Database,
  period: TrendPeriod,
  keys: string,
): Promise<(Rates & { model: unknown; aircraft_id?: unknown })[]> {
  const rows =
    await db.rows(`SELECT ${keys}, list(period ORDER BY period) AS periods, list(rate ORDER BY period) AS rates
    FROM (SELECT ${keys}, ${PERIODS[period]} AS period, sum(anomalies)::DOUBLE / sum(windows)::DOUBLE AS rate
      FROM cells WHERE windows > 0 GROUP BY ALL)
    GROUP BY ALL ORDER BY ${keys}`);
  return rows as unknown as (Rates & { model: unknown })[];
}

function trendOf(period: TrendPeriod, { periods, rates }: Rates): RateTrend {
  const { n, slope, intercept, interval } = theilSen(periods, rates);
  const lineAt = (at: number) => intercept! + slope! * at;
  return {
    n,
    slope,
    slope_interval: interval,
    rises: interval === null ? null : interval[0] > 0,
    line: slope === null ? null : [lineAt(periods[0]!), lineAt(periods[n - 1]!)],
    rates: Object.fromEntries(periods.map((at, i) => [periodName(period, at), rates[i]!])),
  };
}
