import { formatNumber, type NumberFormat } from "../../page/number-format.ts";

/** How numbers are written in pages of results. */
export const PERCENT: NumberFormat = { style: "percent" };
/** Whole numbers. */
export const COUNT: NumberFormat = { style: "number", digits: 0 };
/** Hours with a decimal. */
export const HOURS: NumberFormat = { style: "number", digits: 1 };
/** Rates per 100 hours, scores. */
export const DECIMAL: NumberFormat = { style: "number", digits: 2 };

/** Rows of a table that still come quickly; what is beyond is said. */
export const MOST_ROWS = 500;

/** A unit of time in which seconds are a number that can be read. */
export function timeUnit(seconds: number): { unit: string; seconds: number; digits: number } {
  if (seconds < 120) return { unit: "s", seconds: 1, digits: 1 };
  return seconds < 7200 ? { unit: "min", seconds: 60, digits: 1 } : { unit: "h", seconds: 3600, digits: 1 };
}

/** Seconds in words: `10 s`, `35 min`, `6.7 h`. */
export function timeText(seconds: number): string {
  const { unit, seconds: one, digits } = timeUnit(seconds);
  return formatNumber(seconds / one, { style: "number", digits, unit });
}

/** Bounds in words, `-` where there are none. */
export function boundsText(bounds: readonly [number, number] | null | undefined, format: NumberFormat): string {
  return bounds ? `${formatNumber(bounds[0], format)} to ${formatNumber(bounds[1], format)}` : "-";
}

/** Periods as labels of axes. */
export const PERIOD_LABELS = { day: "Day", week: "Week", month: "Month" } as const;
