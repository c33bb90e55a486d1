import { printable } from "../model/printable.ts";
import type { AlertLoad, BeforeAfter, Proposal, Retuned } from "../retune/retuned.ts";
import { significant, type TableRow, tableLines } from "./text-table.ts";
import { grouped } from "./words.ts";

/** Rows of a table at most: of more aircraft, those with the most change. */
const MOST_ROWS = 20;
/** Alerts wanted in all below which a single one is a large step of their rate. */
const FEW_ALERTS = 20;
/** Characters of the longest bar. */
const BAR = 40;

/** What other thresholds come to, for people. */
export function retunedAsText(
  retuned: Retuned,
  { write, output }: { write: string | undefined; output: string | undefined },
): string {
  const { changes, overall, by_aircraft, by_phase, proposal } = retuned;
  const { windows, scored_hours } = overall.after;
  const lines = [
    `Thresholds: ${printable(retuned.thresholds.path, 1000)} (${retuned.thresholds.sha256.slice(0, 12)})`,
    `Windows: ${grouped(windows)} in ${significant(scored_hours)} scored hours`,
    retuned.identical
      ? "Every window is decided as it was."
      : `Changes: ${grouped(changes.to_anomaly)} to anomaly, ${grouped(changes.to_normal)} to normal, severity of ${grouped(changes.severities)}`,
    "",
    "Alerts",
    ...tableLines([HEAD, ...loadRows(by_aircraft), ...loadRows(by_phase), rowOf("all", overall)]),
    "",
    ...curveLines(retuned),
    ...(proposal === null ? [] : ["", ...proposalLines(proposal, by_phase), ...stepLines(proposal, scored_hours)]),
    ...(write === undefined ? [] : [`Thresholds written: ${printable(write, 1000)}`]),
    ...(output === undefined ? [] : [`Results written: ${printable(output, 1000)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

const HEAD: TableRow = [
  "",
  "scored hours",
  "anomalies before",
  "after",
  "events before",
  "after",
  "events/100 h before",
  "after",
];

function loadRows(groups: Readonly<Record<string, BeforeAfter>>): TableRow[] {
  const all = Object.entries(groups);
  const change = ({ before, after }: BeforeAfter) => Math.abs(after.anomalies - before.anomalies);
  const shown = all.length <= MOST_ROWS ? all : all.sort(([, a], [, b]) => change(b) - change(a)).slice(0, MOST_ROWS);
  const left = all.length - shown.length;
  return [
    ...shown.map(([name, group]) => rowOf(name, group)),
    ...(left > 0 ? [[`and ${left} more`, "", "", "", "", "", "", ""]] : []),
  ];
}

function rowOf(name: string, { before, after }: BeforeAfter): TableRow {
  return [
    name,
    significant(after.scored_hours),
    grouped(before.anomalies),
    grouped(after.anomalies),
    grouped(before.events),
    grouped(after.events),
    significant(before.events_per_100_hours),
    significant(after.events_per_100_hours),
  ];
}

function curveLines({ curve }: Retuned): string[] {
  const most = Math.max(...curve.map(({ anomalies }) => anomalies), 1);
  const rows = curve.map((point) => [
    `x ${point.factor.toFixed(2)}`,
    significant(point.default_threshold),
    significant(point.events_per_100_hours),
    significant(point.anomalies_per_100_hours),
    "#".repeat(Math.round((BAR * point.anomalies) / most)),
  ]);
  return [
    "Workload against the thresholds, all times a factor",
    ...tableLines([["", "default", "events/100 h", "anomalies/100 h", "anomalies"], ...rows], [0, 4]),
  ];
}

function proposalLines(proposal: Proposal, byPhase: Retuned["by_phase"]): string[] {
  const { target_rate, counted: what, thresholds, load, by_phase, is_reached } = proposal;
  const unit = what === "events" ? "events" : "anomalous windows";
  const rate = (of: AlertLoad | undefined) =>
    significant((what === "events" ? of?.events_per_100_hours : of?.anomalies_per_100_hours) ?? null);
  const phases = new Set([...Object.keys(byPhase), ...Object.keys(by_phase)]);
  const rates = [...phases].map((phase): TableRow => [phase, rate(byPhase[phase]?.after), rate(by_phase[phase])]);
  return [
    `Proposed for ${target_rate} ${unit} per 100 scored hours: gives ${rate(load)}${is_reached ? "" : ", as there are no more"}`,
    ...tableLines([["threshold of", "proposed"], ...Object.entries(thresholds).map(thresholdRow)]),
    ...tableLines([[`${unit}/100 h`, "given", "proposed"], ...rates]),
  ];
}

/** One key stands for two phases, which have a row each below. */
function thresholdRow([key, threshold]: [string, number]): TableRow {
  return [key === "approach_landing" ? "approach, landing (approach_landing)" : key, String(threshold)];
}

/** Where few alerts are wanted in all, the rate can only be met by chance: one more is a leap. */
function stepLines({ target_rate, counted: what }: Proposal, hours: number): string[] {
  const wanted = (target_rate * hours) / 100;
  if (hours <= 0 || target_rate <= 0 || wanted >= FEW_ALERTS) return [];
  const one = what === "events" ? "event" : "anomalous window";
  return [
    `At ${significant(hours)} scored hours one ${one} is ${significant(100 / hours)} per 100 h: ${target_rate} per 100 h are ${significant(wanted)} in all, too few to tune by. Give more flights.`,
  ];
}
