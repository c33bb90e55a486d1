import type { TrendPeriod } from "./options.ts";

const DAY_MS = 86_400_000;

/** Number of the period of a cell's day, as SQL, without gaps in the calendar. Weeks begin on Mondays; day 0 was a Thursday. */
export const PERIODS: Record<TrendPeriod, string> = {
  day: "day",
  week: "floor((day + 3) / 7)::INTEGER",
  month: "((year(DATE '1970-01-01' + day) - 1970) * 12 + month(DATE '1970-01-01' + day) - 1)::INTEGER",
};

/** The name of a period by its number: `2025-10-06`, `2025-W41` (ISO 8601), `2025-10`. */
export function periodName(period: TrendPeriod, number: number): string {
  if (period === "day") return dayName(number);
  if (period === "month") return new Date(Date.UTC(1970, number)).toISOString().slice(0, 7);
  // The week of a Thursday is of the Thursday's year.
  const thursday = 7 * number;
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  const newYear = Date.UTC(year, 0) / DAY_MS;
  return `${year}-W${String(1 + Math.floor((thursday - newYear) / 7)).padStart(2, "0")}`;
}

/** The number of a period by its name. */
export function periodNumber(period: TrendPeriod, name: string): number {
  if (period === "day") return Math.round(Date.parse(name) / DAY_MS);
  const [year, part] = name.split(/-W?/).map(Number) as [number, number];
  if (period === "month") return 12 * (year - 1970) + part - 1;
  // 4 January is always in the first week.
  const firstWeek = Math.floor((Date.UTC(year, 0, 4) / DAY_MS + 3) / 7);
  return firstWeek + part - 1;
}

/** A UTC day by its number since 1970. */
export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
