import type { Period } from "./model.ts";

const DAY_MS = 86_400_000;

/** SQL of the number of a day's period (days since 1970), as `aggregate` counts them: without gaps in the calendar. */
export const PERIOD_SQL: Record<Period, string> = {
  day: "day",
  week: "floor((day + 3) / 7)::INTEGER",
  month: "(year(DATE '1970-01-01' + day) * 12 + month(DATE '1970-01-01' + day))::INTEGER",
};

/** The name of a period by its number: `2025-10-06`, of a week its Monday, `2025-10`. */
export function periodName(period: Period, number: number): string {
  if (period === "month") {
    const year = Math.floor((number - 1) / 12);
    return `${String(year).padStart(4, "0")}-${String(number - 12 * year).padStart(2, "0")}`;
  }
  const day = period === "week" ? 7 * number - 3 : number;
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
