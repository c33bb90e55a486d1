import type { Database } from "../aggregate/database.ts";
import { sqlText } from "../results/duckdb.ts";
import type { AircraftFacts, Period, TrendLine } from "./model.ts";
import { PERIOD_SQL, periodName } from "./periods.ts";

/** The rates of aircraft over the periods, each with the robust line of its slope: through the medians of both (Conover 1980, section 5.5). */
export async function readTrendLines(
  db: Database,
  aircraft: readonly AircraftFacts[],
  period: Period,
): Promise<TrendLine[]> {
  if (aircraft.length === 0) return [];
  const ids = aircraft.map(({ id }) => sqlText(id)).join(", ");
  const rows = await db.rows(`SELECT aircraft_id, ${PERIOD_SQL[period]} AS period,
      sum(anomalies)::DOUBLE / sum(windows)::DOUBLE AS rate
    FROM cells WHERE windows > 0 AND aircraft_id IN (${ids}) GROUP BY ALL ORDER BY period`);
  return aircraft.map(({ id, trend }) => {
    const own = rows.filter(({ aircraft_id }) => aircraft_id === id);
    const periods = own.map((row) => Number(row.period));
    const rates = own.map(({ rate }) => Number(rate));
    const points = periods.map((number, i) => ({ period: periodName(period, number), rate: rates[i]! }));
    return { id, points, trend: trend!, line: robustLine(periods, rates, trend!.slope) };
  });
}

function robustLine(x: readonly number[], y: readonly number[], slope: number | null): [number, number] | null {
  if (slope === null) return null;
  const base = median(y) - slope * median(x);
  return [base + slope * x[0]!, base + slope * x[x.length - 1]!];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
