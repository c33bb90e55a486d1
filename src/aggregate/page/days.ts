import type { Database } from "../database.ts";

/** Scored windows of an aircraft on a day, and how many of them are anomalous. `day` counts from 1970. */
export interface DayOfAircraft {
  day: number;
  windows: number;
  anomalies: number;
}

/** By model, then by aircraft, in the order of names and days. */
export type DaysOfModels = Map<string, Map<string, DayOfAircraft[]>>;

/** What a heat map of aircraft by day is made from. */
export async function readDays(db: Database): Promise<DaysOfModels> {
  const days: DaysOfModels = new Map();
  const rows =
    await db.rows(`SELECT model, aircraft_id, day, sum(windows)::DOUBLE AS windows, sum(anomalies)::DOUBLE AS anomalies
    FROM cells WHERE windows > 0 GROUP BY ALL ORDER BY model, aircraft_id, day`);
  for (const { model, aircraft_id, day, windows, anomalies } of rows) {
    const ofModel = days.get(String(model)) ?? new Map<string, DayOfAircraft[]>();
    const own = ofModel.get(String(aircraft_id)) ?? [];
    own.push({ day: Number(day), windows: Number(windows), anomalies: Number(anomalies) });
    days.set(String(model), ofModel.set(String(aircraft_id), own));
  }
  return days;
}
