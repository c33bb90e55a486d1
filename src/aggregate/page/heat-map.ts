import type { HeatMap } from "../../page/chart.ts";
import { TREND_PERIODS, type TrendPeriod } from "../options.ts";
import { dayName, periodName, periodNumber } from "../periods.ts";
import type { DayOfAircraft } from "./days.ts";
import { PERIOD_LABELS } from "./looks.ts";

/** Rows and columns that fit and can be read. */
const MOST_ROWS = 60;
const MOST_COLUMNS = 70;
/** Upper bounds of the colours; the lowest is that of no anomaly at all. */
const STEPS = [0, 0.01, 0.05, 0.2, 0.5];

/** The anomaly rate of the aircraft in `order` by day, week or month, whichever fits; the most recent periods of a very long time. */
export function fleetHeatMap(
  id: string,
  order: readonly string[],
  days: ReadonlyMap<string, DayOfAircraft[]>,
): HeatMap {
  const rows = order.filter((aircraft) => days.has(aircraft)).slice(0, MOST_ROWS);
  const numbers = rows.flatMap((aircraft) => days.get(aircraft)!.map(({ day }) => day));
  const first = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const period = fittingPeriod(first, last);
  const numberOf = (day: number) => periodNumber(period, nameOfDay(period, day));
  const end = numberOf(last);
  const start = Math.max(numberOf(first), end - MOST_COLUMNS + 1);
  const count = end - start + 1;
  const sums = rows.map((aircraft) => sumPeriods(days.get(aircraft)!, { numberOf, start, count }));
  const left =
    order.length > rows.length ? ` The ${rows.length} with the most anomalies of ${order.length} aircraft.` : "";
  const older = start > numberOf(first) ? ` Only the last ${count} ${period}s.` : "";
  return {
    kind: "heat-map",
    id,
    title: `Anomaly rate of each aircraft by ${period}`,
    caption: `Anomalous of all scored windows, UTC ${period}s, the worst aircraft first.${left}${older}`,
    ...{
      rowLabel: "Aircraft",
      columnLabel: PERIOD_LABELS[period],
      valueLabel: "Anomaly rate",
      format: { style: "percent" },
    },
    rows,
    columns: Array.from({ length: count }, (_, i) => periodName(period, start + i)),
    cells: sums.map((row) => row.map(({ windows, anomalies }) => (windows === 0 ? null : anomalies / windows))),
    notes: sums.map((row) =>
      row.map(({ windows, anomalies }) => (windows === 0 ? null : `${anomalies} of ${windows}`)),
    ),
    steps: STEPS,
    states: {},
    emptyMeans: "no scored window",
    heightPx: 90 + 22 * Math.max(3, rows.length),
  };
}

/** The finest period of which there are not too many; else months. */
function fittingPeriod(first: number, last: number): TrendPeriod {
  const count = (period: TrendPeriod) =>
    periodNumber(period, nameOfDay(period, last)) - periodNumber(period, nameOfDay(period, first)) + 1;
  return TREND_PERIODS.find((period) => count(period) <= MOST_COLUMNS) ?? "month";
}

/** The name of the period that a day is in. */
function nameOfDay(period: TrendPeriod, day: number): string {
  if (period === "day") return dayName(day);
  return period === "week" ? periodName("week", Math.floor((day + 3) / 7)) : dayName(day).slice(0, 7);
}

function sumPeriods(
  days: readonly DayOfAircraft[],
  { numberOf, start, count }: { numberOf: (day: number) => number; start: number; count: number },
): { windows: number; anomalies: number }[] {
  const sums = Array.from({ length: count }, () => ({ windows: 0, anomalies: 0 }));
  for (const { day, windows, anomalies } of days) {
    const sum = sums[numberOf(day) - start];
    if (sum === undefined) continue;
    sum.windows += windows;
    sum.anomalies += anomalies;
  }
  return sums;
}
