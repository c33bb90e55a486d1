import { timeText } from "../aggregate/page/looks.ts";
import type { BarChart } from "../page/chart.ts";
import { formatNumber } from "../page/number-format.ts";
import type { Block, Part, Table, Tile } from "../page/page.ts";
import type { Summary } from "../results/summary.ts";
import { MOST } from "./caps.ts";
import type { CoverageFacts, Report } from "./model.ts";
import { many, reasonText } from "./words.ts";

const HOURS = { style: "number", digits: 2, unit: "h" } as const;
/** Reasons with a colour of their own in the chart; the smaller ones are taken together. */
const MOST_REASONS = 5;

/** What was looked at, and what not: before anything that was found. */
export function coveragePart({ coverage, fleet, missing }: Report): Part {
  const { summary, failures, findings } = coverage;
  const blocks: Block[] = [
    { kind: "tiles", tiles: summary === null ? [scoredTile(fleet.summary)] : coverageTiles(summary, fleet.summary) },
    ...missing.map((text): Block => ({ kind: "note", tone: "neutral", text })),
    ...(summary === null ? [] : timeBlocks(summary)),
    ...(failures === null ? [] : [failureTable(failures)]),
    ...(findings === null ? [] : [findingTable(findings)]),
  ];
  return { id: "coverage", title: "What was looked at, and what was not", blocks };
}

function scoredTile({ total_flights, total_windows }: { total_flights: number; total_windows: number }): Tile {
  return { label: "Flights", value: formatNumber(total_flights), detail: `${many(total_windows, "window")} scored` };
}

function coverageTiles(
  { coverage, files, windows_of_grid, windows_skipped, quality }: NonNullable<CoverageFacts["summary"]>,
  fleet: { total_flights: number; total_windows: number },
): Tile[] {
  const { recorded_seconds, scored_seconds, files_of_unknown_length, absent_seconds } = coverage;
  const lacking = recorded_seconds - scored_seconds;
  const share = recorded_seconds === 0 ? null : scored_seconds / recorded_seconds;
  const left = [
    ...((files.pruned ?? 0) > 0 ? [`${formatNumber(files.pruned)} left out by the filter`] : []),
    ...((files.passed_over ?? 0) > 0 ? [`${formatNumber(files.passed_over)} passed over`] : []),
  ];
  return [
    {
      label: "Files",
      value: formatNumber(files.total),
      detail: [`${formatNumber(files.scored)} read`, ...left].join(", "),
    },
    {
      ...(files.failed > 0 && { tone: "missing" as const }),
      label: "Failed files",
      value: formatNumber(files.failed),
      detail: files.failed > 0 ? "nothing is known of them" : files.scored > 0 ? "all could be read" : "none was read",
    },
    scoredTile(fleet),
    {
      label: "Recorded",
      value: timeText(recorded_seconds),
      ...(files_of_unknown_length > 0 && { detail: `and ${many(files_of_unknown_length, "file")} of unknown length` }),
    },
    { label: "Scored", value: formatNumber(share, { style: "percent" }), detail: timeText(scored_seconds) },
    {
      ...(lacking > 0 && { tone: "missing" as const }),
      label: "Not scored",
      value: timeText(lacking),
      detail: `${formatNumber(windows_skipped)} of ${many(windows_of_grid, "window")} skipped`,
    },
    ...(absent_seconds > 0
      ? [
          {
            tone: "missing" as const,
            label: "Promised but absent",
            value: timeText(absent_seconds),
            detail: "by files' sidecars",
          },
        ]
      : []),
    {
      ...((quality?.files_with_findings ?? 0) > 0 && { tone: "warning" as const }),
      label: "Files with odd data",
      value: formatNumber(quality?.files_with_findings ?? null),
    },
  ];
}

/** The chart has the reasons together, so that small ones are not lost beside the hours that were scored. */
function timeBlocks({ coverage }: NonNullable<CoverageFacts["summary"]>): Block[] {
  const reasons = Object.entries(coverage.not_scored_seconds);
  if (coverage.recorded_seconds === 0)
    return [{ kind: "note", tone: "missing", text: "No recorded time was looked at." }];
  if (reasons.length === 0) return [{ kind: "text", text: "All recorded time was scored." }];
  const table: Table = {
    id: "reasons",
    caption: "Recorded time that was not scored, by reason",
    columns: [
      { label: "Reason" },
      { label: "Time", format: HOURS },
      { label: "Share of all recorded", format: { style: "percent", digits: 2 } },
    ],
    rows: reasons.map(([reason, seconds]) => ({
      cells: [reasonText(reason), { text: timeText(seconds), sort: seconds }, seconds / coverage.recorded_seconds],
    })),
  };
  return [
    { kind: "chart", chart: phaseChart(coverage, reasons) },
    { kind: "table", table },
  ];
}

function phaseChart(coverage: Summary["coverage"], reasons: [string, number][]): BarChart {
  const phases = Object.entries(coverage.by_phase ?? {});
  const shown = reasons.slice(0, MOST_REASONS).map(([reason]) => reason);
  const hours = (seconds: number) => seconds / 3600;
  const rest = reasons.length > MOST_REASONS;
  const others = (by: Record<string, number>) =>
    Object.entries(by).reduce((sum, [reason, seconds]) => (shown.includes(reason) ? sum : sum + seconds), 0);
  const [most] = reasons;
  return {
    kind: "bars",
    id: "time-by-phase",
    title: "Recorded hours by flight phase: scored, and why not",
    caption: `${formatNumber(coverage.scored_seconds / coverage.recorded_seconds, { style: "percent" })} of ${timeText(coverage.recorded_seconds)} was scored; most of the rest was lost to ${reasonText(most![0])} (${timeText(most![1])}).`,
    categoryLabel: "Flight phase",
    categories: phases.map(([phase]) => phase),
    value: { label: "hours", format: { style: "number", digits: 2 } },
    direction: "across",
    isStacked: true,
    series: [
      { name: "scored", values: phases.map(([, { scored_seconds }]) => hours(scored_seconds)) },
      ...shown.map((reason) => ({
        name: reasonText(reason),
        values: phases.map(([, { not_scored_seconds }]) => hours(not_scored_seconds[reason] ?? 0)),
      })),
      ...(rest
        ? [
            {
              name: "other reasons",
              tone: "missing" as const,
              values: phases.map(([, { not_scored_seconds }]) => hours(others(not_scored_seconds))),
            },
          ]
        : []),
    ],
  };
}

function failureTable({ shown, total }: NonNullable<CoverageFacts["failures"]>): Block {
  const table: Table = {
    id: "failures",
    caption: total === 0 ? "Files that failed" : "Files that failed: nothing is known of what is in them",
    columns: [{ label: "File" }, { label: "Found" }, { label: "What to do" }, { label: "Code" }],
    rows: shown.map(({ path, found, hint, code }) => ({ cells: [path ?? "-", found, hint, code] })),
    more: total > MOST.failures ? `${formatNumber(total - MOST.failures)} more are in failures.jsonl.` : null,
    empty: "none",
  };
  return { kind: "table", table };
}

function findingTable({ shown, total }: NonNullable<CoverageFacts["findings"]>): Block {
  const table: Table = {
    id: "quality",
    caption: "What is odd in the data",
    columns: [{ label: "File" }, { label: "Check" }, { label: "Signal" }, { label: "For example" }],
    rows: shown.map(({ path, check, signal, example }) => ({
      cells: [path, check.replaceAll("_", " "), signal ?? "-", example],
    })),
    more: total > MOST.findings ? `${formatNumber(total - MOST.findings)} more are in quality.parquet.` : null,
    empty: "nothing was found",
  };
  return { kind: "table", table };
}
