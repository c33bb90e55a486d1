import type { BarChart, LineChart } from "../../page/chart.ts";
import { formatNumber } from "../../page/number-format.ts";
import type { Block, Cell, Table } from "../../page/page.ts";
import type { TrendPeriod } from "../options.ts";
import { periodName, periodNumber } from "../periods.ts";
import type { RateTrend, Trends } from "../trend.ts";
import { COUNT, MOST_ROWS, PERCENT, PERIOD_LABELS } from "./looks.ts";

/** Aircraft that have a chart of their own, and that are in the chart of slopes. */
const MOST_CHARTS = 10;
const MOST_BARS = 30;
/** Periods without a scored window are shown as gaps, unless there are very many. */
const MOST_PERIODS = 400;
const POINTS = { style: "percent", digits: 2 } as const;

/** How the rate of all and of each aircraft goes with time; `prefix` makes ids unique. */
export function trendBlocks(prefix: string, { period, fleet, by_aircraft }: Trends): Block[] {
  const aircraft = Object.entries(by_aircraft);
  if (aircraft.length === 0)
    return [{ kind: "note", tone: "missing", text: "No window was scored: there is no trend." }];
  const sorted = aircraft.sort(([, a], [, b]) => rank(b) - rank(a) || (b.slope ?? 0) - (a.slope ?? 0));
  const unsure = sorted.filter(([, { rises }]) => rises === null).length;
  return [
    { kind: "chart", chart: lineChart(`${prefix}fleet-trend`, "All aircraft", period, fleet) },
    ...(unsure > 0
      ? [
          {
            kind: "note",
            tone: "neutral",
            text: `${unsure} of ${aircraft.length} aircraft have fewer than five ${period}s with a scored window: nothing is said of whether their rate rises.`,
          } as const,
        ]
      : []),
    ...slopeChart(`${prefix}slopes`, period, sorted),
    {
      kind: "choice",
      label: "One aircraft",
      options: sorted.slice(0, MOST_CHARTS).map(([id, trend], i) => ({
        id: `${prefix}trend-of-${i + 1}`,
        title: id,
        short: id,
        ...(trend.rises === true && { detail: "rises" }),
        blocks: [{ kind: "chart", chart: lineChart(`${prefix}trend-${i + 1}`, id, period, trend) } as const],
      })),
    },
    { kind: "table", table: slopeTable(`${prefix}slope-table`, period, sorted) },
  ];
}

function rank({ rises }: RateTrend): number {
  return rises === true ? 2 : rises === false ? 1 : 0;
}

/** Rates, and the line through them. */
function lineChart(id: string, name: string, period: TrendPeriod, trend: RateTrend): LineChart {
  const known = new Map(Object.entries(trend.rates).map(([at, rate]) => [periodNumber(period, at), rate]));
  const numbers = [...known.keys()];
  const [first, last] = [numbers[0]!, numbers[numbers.length - 1]!];
  const shown =
    last - first < MOST_PERIODS
      ? Array.from({ length: last - first + 1 }, (_, i) => first + i)
      : numbers.slice(-MOST_PERIODS);
  const line = trend.line;
  return {
    kind: "lines",
    id,
    title: `${name}: anomaly rate by ${period}`,
    caption: slopeText(period, trend),
    x: { label: PERIOD_LABELS[period], scale: "category", categories: shown.map((at) => periodName(period, at)) },
    y: { label: "Anomaly rate", format: PERCENT, min: 0 },
    series: [
      { name: "Anomaly rate", look: "line", points: shown.map((at, i) => [i, known.get(at) ?? null]) },
      ...(line === null
        ? []
        : [
            {
              name: "Trend",
              look: "dashed" as const,
              points: shown.map((at, i): [number, number] => [i, onLine(line, (at - first) / (last - first))]),
            },
          ]),
    ],
  };
}

/** A rate below 0 is none: the line is cut there. */
function onLine([start, end]: [number, number], part: number): number {
  return Math.max(0, start + (end - start) * part);
}

function slopeText(period: TrendPeriod, { n, slope, slope_interval, rises }: RateTrend): string {
  if (slope === null) return `One ${period} with a scored window: no trend.`;
  const points = (rate: number) => `${rate < 0 ? "" : "+"}${formatNumber(rate, POINTS).replace("%", "")}`;
  const change = `${points(slope)} percentage points a ${period}`;
  if (slope_interval === null) return `${change}, of ${n} ${period}s: too few to say whether it rises.`;
  const words =
    rises === true ? "It rises" : slope_interval[1] < 0 ? "It falls" : "It neither rises nor falls for sure";
  return `${words}: ${change} (95% interval ${slope_interval.map(points).join(" to ")}, ${n} ${period}s).`;
}

function slopeChart(id: string, period: TrendPeriod, sorted: readonly [string, RateTrend][]): Block[] {
  const shown = sorted.filter(([, { slope_interval }]) => slope_interval !== null).slice(0, MOST_BARS);
  if (shown.length === 0) return [];
  const rising = sorted.filter(([, { rises }]) => rises === true).length;
  const chart: BarChart = {
    kind: "bars",
    id,
    title: `Change of the anomaly rate a ${period} in percentage points, with its 95% interval`,
    caption: `It rises on ${rising} of ${sorted.length} aircraft: their whole interval is above 0.${sorted.length > shown.length ? ` ${shown.length} are shown; all are in the table.` : ""}`,
    categoryLabel: "Aircraft",
    categories: shown.map(([name]) => name),
    value: { label: `Change a ${period}`, format: POINTS },
    direction: "across",
    series: [
      {
        name: "Slope",
        values: shown.map(([, { slope }]) => slope),
        intervals: shown.map(([, { slope_interval }]) => slope_interval),
      },
    ],
  };
  return [{ kind: "chart", chart }];
}

function slopeTable(id: string, period: TrendPeriod, sorted: readonly [string, RateTrend][]): Table {
  return {
    id,
    caption: `Trends by ${period}`,
    columns: [
      { label: "Aircraft" },
      { label: `${PERIOD_LABELS[period]}s`, format: COUNT },
      { label: `Slope a ${period}, percentage points`, format: POINTS },
      { label: "From", format: POINTS },
      { label: "To", format: POINTS },
      { label: "Rises" },
    ],
    rows: sorted.slice(0, MOST_ROWS).map(([name, { n, slope, slope_interval, rises }]) => ({
      cells: [name, n, slope, slope_interval?.[0] ?? null, slope_interval?.[1] ?? null, risesCell(rises)],
    })),
    more:
      sorted.length > MOST_ROWS
        ? `${MOST_ROWS} of ${sorted.length} aircraft, those that rise first; all are in the .json.`
        : null,
  };
}

function risesCell(rises: boolean | null): Cell {
  if (rises === null) return { text: "too few", sort: 0 };
  return rises ? { text: "rises", sort: 2, tone: "bad" } : { text: "no", sort: 1 };
}
