import { printable } from "../model/printable.ts";
import type { FileReport } from "../results/reports.ts";
import type { DayTally, Summary } from "../results/summary.ts";
import { worstAircraft } from "../results/worst-aircraft.ts";
import { sparkline, type Tallies, TrendAxis } from "./sparkline.ts";
import { significant, type TableRow, tableLines } from "./text-table.ts";
import { grouped, percent } from "./words.ts";

/** Aircraft that are named; all of them are in `summary.json`. */
export const MOST_AIRCRAFT = 5;
/** Characters of an id: the line should fit a terminal. */
const ID_CHARACTERS = 24;
const SEVERITIES = ["none", "minor", "moderate", "severe"];
const DAY_MS = 86_400_000;

/** How the fleet's anomaly rate goes with the days, and the worst aircraft; nothing where there is no anomaly. */
export function describeFleet(summary: Summary, files: readonly FileReport[], blocks: boolean): string[] {
  const { worst, count } = worstAircraft(summary, files, MOST_AIRCRAFT);
  if (worst.length === 0) return [];
  const rows = worst.map(
    (one): AircraftLine => ({
      ...one,
      trend: byNumber(one.days),
      notExamined: `${inHours(one.notExaminedHours)}${one.hasUnknownHours ? " or more" : ""}`,
    }),
  );
  const fleet = byNumber(new Map(Object.entries(summary.by_date)));
  const [first, last] = summary.date_range!;
  return fleetLines(rows, { count, period: "day", fleet, first, last, blocks });
}

/** What a line says of an aircraft. */
export interface AircraftLine {
  aircraftId: string;
  flights: number;
  scoredHours: number;
  anomaliesPer100Hours: number | null;
  worstSeverity: number | null;
  /** Recorded and not scored, in words; left out where no line has it. */
  notExamined?: string;
  trend: Tallies;
}

/** What all the lines have in common. */
export interface FleetTrend {
  /** Aircraft with anomalies, also those without a line. */
  count: number;
  period: "day" | "week" | "month";
  fleet: Tallies;
  /** Names of the first and the last period. */
  first: string;
  last: string;
  blocks: boolean;
}

/** The trend of all as one line, and a table of `aircraft`, each with its own; no trend of a single period. */
export function fleetLines(aircraft: readonly AircraftLine[], shown: FleetTrend): string[] {
  const axis = new TrendAxis(shown.fleet.keys());
  const hasTrend = shown.first !== shown.last;
  const by = axis.span === 1 ? `by ${shown.period}` : `by ${axis.span} ${shown.period}s`;
  const total = axis.rates(shown.fleet);
  const line = `Anomaly rate ${by}: ${sparkline(total, highestOf([total]), shown.blocks)} (${shown.first} to ${shown.last}, highest ${percent(highestOf([total]), 1)})`;
  const rates = aircraft.map(({ trend }) => axis.rates(trend));
  const highest = highestOf(rates);
  const lines = rates.map((own) => sparkline(own, highest, shown.blocks));
  if (!hasTrend) return worstLines(aircraft, shown.count);
  return [line, ...worstLines(aircraft, shown.count, { head: `${by}, to ${percent(highest, 1)}`, lines })];
}

/** A table of `aircraft`, of `count` with anomalies, each with its line of `trend` if there is one. */
export function worstLines(
  aircraft: readonly Omit<AircraftLine, "trend">[],
  count: number,
  trend?: { head: string; lines: readonly string[] },
): string[] {
  const head = ["aircraft", "flights", "scored hours", "anomalies/100 h", "worst"];
  const hasMissing = aircraft.some(({ notExamined }) => notExamined !== undefined);
  const more = [...(hasMissing ? ["hours not examined"] : []), ...(trend === undefined ? [] : [trend.head])];
  const rows = aircraft.map((one, i) => [...cellsOf(one), ...(trend === undefined ? [] : [trend.lines[i]!])]);
  const left = [0, 4, head.length + (hasMissing ? 1 : 0)];
  const all =
    count > aircraft.length ? ` ${aircraft.length} of ${grouped(count)} aircraft with anomalies` : " aircraft";
  return [`Worst${all}`, ...tableLines([[...head, ...more], ...rows], left)];
}

function cellsOf({ notExamined, ...one }: Omit<AircraftLine, "trend">): TableRow {
  return [
    printable(one.aircraftId, ID_CHARACTERS),
    grouped(one.flights),
    inHours(one.scoredHours),
    significant(one.anomaliesPer100Hours),
    one.worstSeverity === null ? "-" : SEVERITIES[one.worstSeverity]!,
    ...(notExamined === undefined ? [] : [notExamined]),
  ];
}

function byNumber(days: ReadonlyMap<string, DayTally>): Tallies {
  return new Map([...days].map(([day, tally]) => [Math.round(Date.parse(day) / DAY_MS), tally]));
}

function highestOf(lines: readonly (number | null)[][]): number {
  return lines.flat().reduce<number>((highest, rate) => Math.max(highest, rate ?? 0), 0);
}

/** So that little is told from nothing. */
function inHours(hours: number): string {
  if (hours === 0) return "0";
  return hours < 0.05 ? "<0.1" : hours.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
