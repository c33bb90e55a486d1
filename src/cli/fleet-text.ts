import { printable } from "../model/printable.ts";
import type { FileReport } from "../results/reports.ts";
import type { Summary } from "../results/summary.ts";
import { type WorstAircraft, worstAircraft } from "../results/worst-aircraft.ts";
import { DayAxis, type Days, sparkline } from "./sparkline.ts";
import { significant, type TableRow, tableLines } from "./text-table.ts";
import { grouped, percent } from "./words.ts";

/** Aircraft that are named; all of them are in `summary.json`. */
const MOST_AIRCRAFT = 5;
/** Characters of an id: the line should fit a terminal. */
const ID_CHARACTERS = 24;
const SEVERITIES = ["none", "minor", "moderate", "severe"];

/** How the fleet's anomaly rate goes with the days, and the worst aircraft; nothing where there is no anomaly. */
export function describeFleet(summary: Summary, files: readonly FileReport[], blocks: boolean): string[] {
  const { worst, count } = worstAircraft(summary, files, MOST_AIRCRAFT);
  if (worst.length === 0) return [];
  const days: Days = new Map(Object.entries(summary.by_date));
  const axis = new DayAxis(days);
  return [...(days.size > 1 ? [trendLine(days, axis, blocks)] : []), ...worstLines(worst, { count, axis, blocks })];
}

/** The anomaly rate of all by day, of a longer time by several days, as one line. */
export function trendLine(days: Days, axis: DayAxis, blocks: boolean): string {
  const rates = axis.rates(days);
  const highest = highestOf([rates]);
  return `Anomaly rate ${perSpan(axis)}: ${sparkline(rates, highest, blocks)} (${axis.first} to ${axis.last}, highest ${percent(highest, 1)})`;
}

function worstLines(
  worst: readonly WorstAircraft[],
  { count, axis, blocks }: { count: number; axis: DayAxis; blocks: boolean },
): string[] {
  const rates = worst.map(({ days }) => axis.rates(days));
  const highest = highestOf(rates);
  const hasTrend = axis.first !== axis.last;
  const rows = worst.map((one, i): TableRow => {
    const line = hasTrend ? [sparkline(rates[i]!, highest, blocks)] : [];
    return [...cellsOf(one), ...line];
  });
  const head = ["aircraft", "flights", "scored hours", "anomalies/100 h", "worst", "hours not examined"];
  const trendHead = hasTrend ? [`${perSpan(axis)}, to ${percent(highest, 1)}`] : [];
  const title =
    count > worst.length ? `Worst ${worst.length} of ${grouped(count)} aircraft with anomalies` : "Worst aircraft";
  return [title, ...tableLines([[...head, ...trendHead], ...rows], [0, 4, 6])];
}

function cellsOf(one: WorstAircraft): TableRow {
  return [
    printable(one.aircraftId, ID_CHARACTERS),
    grouped(one.flights),
    inHours(one.scoredHours),
    significant(one.anomaliesPer100Hours),
    SEVERITIES[one.worstSeverity]!,
    `${inHours(one.notExaminedHours)}${one.hasUnknownHours ? " or more" : ""}`,
  ];
}

function perSpan({ span }: DayAxis): string {
  return span === 1 ? "by day" : `by ${span} days`;
}

function highestOf(lines: readonly (number | null)[][]): number {
  return lines.flat().reduce<number>((highest, rate) => Math.max(highest, rate ?? 0), 0);
}

/** So that little is told from nothing. */
function inHours(hours: number): string {
  if (hours === 0) return "0";
  return hours < 0.05 ? "<0.1" : hours.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
