import type { LineChart, LineSeries } from "../page/chart.ts";
import { formatNumber } from "../page/number-format.ts";
import type { Fleet, TrendLine } from "./model.ts";

/** A change of a rate in percent points, with its sign: `+1.25`. */
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
    series: trends.flatMap(seriesOf),
  };
}

function seriesOf({ id, points, line }: TrendLine, colour: number): LineSeries[] {
  const times = points.map(({ period }) => dayOf(period));
  const rates: LineSeries = { name: id, look: "line", colour, points: points.map(({ rate }, i) => [times[i]!, rate]) };
  if (line === null) return [rates];
  const ends: LineSeries["points"] = [
    [times[0]!, line[0]],
    [times[times.length - 1]!, line[1]],
  ];
  return [rates, { name: `${id}, Theil-Sen line`, look: "dashed", colour, isAside: true, points: ends }];
}

/** Midnight at which a period begins. */
function dayOf(period: string): number {
  return Date.parse(period.length === 7 ? `${period}-01` : period);
}

function trendText({ id, trend: { n, slope, slope_interval, rises } }: TrendLine, period: string): string {
  if (slope === null) return `${id}: one ${period} only, no trend.`;
  const change = `${id}: ${pointsText(slope)} percent points per ${period}`;
  if (slope_interval === null) return `${change} (n = ${n}, too few to judge).`;
  const interval = slope_interval.map(pointsText).join(" to ");
  return `${change} (95% interval ${interval}, n = ${n})${rises === true ? ", rises" : ""}.`;
}
