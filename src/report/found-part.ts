import { formatNumber } from "../page/number-format.ts";
import type { Block, Cell, Part, Row, Table, Tile } from "../page/page.ts";
import { severityCell } from "../page/page.ts";
import { capped, MOST } from "./caps.ts";
import { eventTable } from "./event-table.ts";
import { fleetHeatMap } from "./heat-map.ts";
import type { AircraftFacts, Report } from "./model.ts";
import { pointsText, trendChart } from "./trend-chart.ts";

const PERCENT = { style: "percent" } as const;

/** What was found: in numbers, by aircraft and day, over time, and as events. */
export function foundPart(report: Report): Part {
  const { fleet, events } = report;
  const isScored = fleet.summary.total_windows > 0;
  const blocks: Block[] = [
    { kind: "tiles", tiles: foundTiles(report) },
    ...(isScored
      ? []
      : [
          {
            kind: "note",
            tone: "missing",
            text: "No window was scored, so nothing can be said of any aircraft.",
          } as const,
        ]),
    ...(fleet.periods.length > 0 ? [{ kind: "chart", chart: fleetHeatMap(report) } as const] : []),
    ...(fleet.trends.length > 0 ? [{ kind: "chart", chart: trendChart(fleet) } as const] : []),
    { kind: "table", table: aircraftTable(report) },
    { kind: "table", table: eventTable(report, { id: "events", events: events.top, total: events.raised }) },
  ];
  return { id: "found", title: "What was found", blocks };
}

function foundTiles({ fleet, events }: Report): Tile[] {
  const { anomaly_rate, anomalies, anomaly_rate_interval, anomalies_per_100_hours, total_windows } = fleet.summary;
  const interval = anomaly_rate_interval?.map((rate) => formatNumber(rate, PERCENT)).join(" to ");
  const worst = events.top[0]?.severity ?? 0;
  const rising = fleet.aircraft.filter(({ trend }) => trend?.rises === true).length;
  const judged = fleet.aircraft.filter(({ trend }) => trend != null && trend.rises !== null).length;
  return [
    {
      ...(worst > 0 && { tone: worst === 3 ? ("bad" as const) : ("warning" as const) }),
      label: "Events",
      value: formatNumber(events.raised),
      detail: `${formatNumber(events.suppressed)} more held back by the rules`,
    },
    {
      label: "Aircraft with events",
      value: `${formatNumber(events.byAircraft.size)} of ${formatNumber(fleet.aircraftCount)}`,
      ...(worst > 0 && { detail: `worst: ${severityCell(worst).text}` }),
    },
    {
      label: "Anomalous windows",
      value: formatNumber(anomaly_rate, PERCENT),
      detail: `${formatNumber(anomalies)} of ${formatNumber(total_windows)}${interval === undefined ? "" : `; 95% interval ${interval}`}`,
    },
    {
      label: "Anomalies per 100 scored hours",
      value: formatNumber(anomalies_per_100_hours ?? null, { style: "number", digits: 1 }),
    },
    {
      ...(rising > 0 && { tone: "warning" as const }),
      label: "Aircraft whose rate rises",
      value: judged === 0 ? "-" : `${formatNumber(rising)} of ${formatNumber(judged)}`,
      detail: judged === 0 ? `too few ${fleet.period}s to judge` : `that have enough ${fleet.period}s to judge`,
    },
  ];
}

function aircraftTable({ fleet, events, coverage }: Report): Table {
  const { shown, more } = capped(
    fleet.aircraft,
    MOST.aircraft,
    (rest) => `${formatNumber(rest)} more aircraft, with lower rates or without a scored window, are in summary.json.`,
  );
  const hasTime = coverage.summary !== null;
  return {
    id: "aircraft",
    caption: "Aircraft, the highest rate first",
    columns: [
      { label: "Aircraft" },
      { label: "Flights", format: { style: "number" } },
      { label: "Windows", format: { style: "number" } },
      { label: "Anomalous (95% interval)", format: PERCENT },
      { label: `Change per ${fleet.period}`, format: PERCENT },
      { label: "Events", format: { style: "number" } },
      { label: "Highest score", format: { style: "number" } },
      { label: "First anomaly", room: "keep" },
      ...(hasTime ? [{ label: "Examined", format: PERCENT }] : []),
    ],
    rows: shown.map((one) => aircraftRow(one, { events: events.byAircraft.get(one.id) ?? 0, hasTime })),
    more,
    empty: "none",
  };
}

function aircraftRow({ id, summary, trend, time }: AircraftFacts, of: { events: number; hasTime: boolean }): Row {
  const { flights, windows, anomaly_rate, anomaly_rate_interval, max_anomaly_score, first_anomaly } = summary;
  const interval = anomaly_rate_interval?.map((rate) => formatNumber(rate, PERCENT)).join(" to ");
  return {
    cells: [
      id,
      flights,
      windows,
      windows === 0
        ? { text: "not examined", tone: "missing" }
        : {
            text: formatNumber(anomaly_rate, PERCENT),
            sort: anomaly_rate!,
            ...(interval !== undefined && { detail: interval }),
          },
      trendCell(trend),
      of.events,
      max_anomaly_score,
      first_anomaly ?? "-",
      ...(of.hasTime ? [examinedCell(time)] : []),
    ],
  };
}

function trendCell(trend: AircraftFacts["trend"]): Cell | null {
  if (trend?.slope == null) return null;
  const text = `${pointsText(trend.slope)} points`;
  if (trend.rises === true) return { text: `\u2197 ${text}`, sort: trend.slope, tone: "warning" };
  return { text, sort: trend.slope };
}

function examinedCell(time: AircraftFacts["time"]): Cell | null {
  if (time === null) return null;
  const { recordedSeconds, scoredSeconds, unknownFiles } = time;
  const share = recordedSeconds === 0 ? 0 : scoredSeconds / recordedSeconds;
  const isLacking = share < 0.95 || unknownFiles > 0;
  return {
    text: formatNumber(share, PERCENT),
    sort: share,
    ...(isLacking && { tone: "missing" as const }),
    ...(unknownFiles > 0 && {
      detail: `and ${formatNumber(unknownFiles)} ${unknownFiles === 1 ? "file" : "files"} unread`,
    }),
  };
}
