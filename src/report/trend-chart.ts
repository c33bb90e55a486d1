import type { TrendPeriod } from "../aggregate/options.ts";
import { periodNumber } from "../aggregate/periods.ts";
import type { LineChart, LineSeries } from "../page/chart.ts";
import { formatNumber } from "../page/number-format.ts";
import type { Fleet, TrendLine } from "./model.ts";

const DAY_MS = 86_400_000;

/** A change of a rate in percentage points, with its sign: `+1.25`. */
export function pointsText(rate: number): string {
  const text = formatNumber(100 * rate, { style: "number", digits: 2 });
  return rate > 0 && !text.startsWith("under") ? `+${text}` : text;
}

/** The rates of the worst aircraft over time, each with its robust line. */
export function trendChart({ trends, period }: Fleet): LineChart {
  return {
    kind: "lines",
    id: "trends",
    title: `Share of anomalous windows per ${period}: the ${trends.length} worst aircraft`,
    caption: `${trends.map((line) => trendText(line, period)).join(" ")} Dashed: the Theil-Sen line of each.`,
    x: { scale: "day", label: period === "day" ? "Day (UTC)" : `Beginning of the ${period} (UTC)` },
    y: { label: "anomalous windows", format: { style: "percent" }, min: 0 },
    series: trends.flatMap((line, i) => seriesOf(line, i, period)),
  };
}

function seriesOf({ id, trend: { rates, line } }: TrendLine, colour: number, period: TrendPeriod): LineSeries[] {
  const points = Object.entries(rates).map(([name, rate]): [number, number] => [beginningOf(period, name), rate]);
  const own: LineSeries = { name: id, look: "line", colour, points };
  if (line === null) return [own];
  const ends: LineSeries["points"] = [
    [points[0]![0], line[0]],
    [points[points.length - 1]![0], line[1]],
  ];
  return [own, { name: `${id}, Theil-Sen line`, look: "dashed", colour, isAside: true, points: ends }];
}

/** Midnight at which a period begins, milliseconds since 1970. */
function beginningOf(period: TrendPeriod, name: string): number {
  if (period === "month") return Date.parse(`${name}-01`);
  const number = periodNumber(period, name);
  return DAY_MS * (period === "week" ? 7 * number - 3 : number);
}

function trendText({ id, trend: { n, slope, slope_interval, rises } }: TrendLine, period: string): string {
  if (slope === null) return `${id}: one ${period} only, no trend.`;
  const change = `${id}: ${pointsText(slope)} percentage points per ${period}`;
  if (slope_interval === null) return `${change} (n = ${n}, too few to judge).`;
  const interval = slope_interval.map(pointsText).join(" to ");
  return `${change} (95% interval ${interval}, n = ${n})${rises === true ? ", rises" : ""}.`;
}
