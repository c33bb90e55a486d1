import { COUNT, DECIMAL, HOURS, MOST_ROWS, PERCENT } from "../../aggregate/page/looks.ts";
import type { BarChart } from "../../page/chart.ts";
import { formatNumber } from "../../page/number-format.ts";
import type { Block, Part, Table } from "../../page/page.ts";
import type { Comparison, GroupComparison, Workload } from "../comparison.ts";

const SEVERITIES = ["none", "minor", "moderate", "severe"];
/** Groups that a chart still shows apart. */
const MOST_BARS = 30;

/** Severities in both, flips both ways, and what there is to look at with each: in all, by aircraft and by phase. */
export function decisionsPart({ overall, by_aircraft, by_phase }: Comparison): Part {
  const blocks: Block[] = [
    ...(overall.windows === 0 ? [] : agreementBlocks(overall)),
    { kind: "table", table: totalsTable(overall) },
    ...groupBlocks("aircraft", "Aircraft", by_aircraft),
    ...(by_phase === null
      ? [
          {
            kind: "note",
            tone: "neutral",
            text: "Neither of the two says the flight phases: nothing is by phase. Run with --explain, or keep the runs' folders beside their results.",
          } as const,
        ]
      : groupBlocks("phase", "Phase", by_phase)),
  ];
  return { id: "decisions", title: "How they decide", blocks };
}

function agreementBlocks(overall: GroupComparison): Block[] {
  const same = SEVERITIES.reduce((sum, _, i) => sum + overall.agreement[i]![i]!, 0);
  const [part, whole] = [same, overall.windows].map((n) => formatNumber(n, COUNT));
  const text = `${part} of ${whole} windows have the same severity in both (${formatNumber(same / overall.windows, PERCENT)}).`;
  return [
    { kind: "text", text },
    { kind: "table", table: agreementTable(overall) },
  ];
}

function agreementTable({ agreement }: GroupComparison): Table {
  const cell = (n: number, isSame: boolean) =>
    isSame || n === 0 ? n : { text: formatNumber(n, COUNT), sort: n, tone: "warning" as const };
  return {
    id: "agreement",
    caption: "Windows by severity in A (down) and in B (across)",
    columns: [{ label: "" }, ...SEVERITIES.map((name) => ({ label: `B: ${name}`, format: COUNT }))],
    rows: SEVERITIES.map((name, a) => ({ cells: [`A: ${name}`, ...agreement[a]!.map((n, b) => cell(n, a === b))] })),
    isPlain: true,
  };
}

/** A row for each of the two: what there is to look at in all. */
function totalsTable({ workload }: GroupComparison): Table {
  const row = (name: string, load: Workload) => ({
    cells: [
      name,
      load.windows,
      load.scored_hours,
      load.anomalies,
      load.events,
      load.anomalies_per_100_hours,
      load.events_per_100_hours,
    ],
  });
  return {
    id: "workload",
    caption: "Workload",
    columns: [
      { label: "" },
      { label: "Windows", format: COUNT },
      { label: "Scored hours", format: HOURS },
      { label: "Anomalies", format: COUNT },
      { label: "Events", format: COUNT },
      { label: "Anomalies per 100 h", format: DECIMAL },
      { label: "Events per 100 h", format: DECIMAL },
    ],
    rows: [row("A", workload.a), row("B", workload.b)],
    isPlain: true,
  };
}

function groupBlocks(id: string, label: string, groups: Record<string, GroupComparison>): Block[] {
  const entries = Object.entries(groups);
  if (entries.length === 0) return [];
  const flips = ({ normal_to_anomaly, anomaly_to_normal }: GroupComparison) => normal_to_anomaly + anomaly_to_normal;
  const most = id === "aircraft" ? [...entries].sort(([, x], [, y]) => flips(y) - flips(x)) : entries;
  const shown = most.slice(0, MOST_BARS);
  return [
    { kind: "chart", chart: flipsChart(id, label, shown, entries.length) },
    { kind: "chart", chart: workloadChart(id, label, shown) },
    {
      kind: "table",
      table: workloadTable(
        `workload-${id}`,
        `Flips and workload by ${label.toLowerCase()}`,
        Object.fromEntries(most),
        label,
      ),
    },
  ];
}

function flipsChart(id: string, label: string, shown: [string, GroupComparison][], all: number): BarChart {
  const left = all > shown.length ? ` The ${shown.length} with the most flips of ${all}.` : "";
  return {
    kind: "bars",
    id: `flips-${id}`,
    title: `Decisions that flipped, by ${label.toLowerCase()}`,
    caption: `Windows that are normal in A and anomalous in B, and the other way.${left}`,
    categoryLabel: label,
    categories: shown.map(([name]) => name),
    value: { label: "Windows", format: COUNT, min: 0 },
    direction: "across",
    isStacked: true,
    series: [
      { name: "Normal to anomaly", values: shown.map(([, one]) => one.normal_to_anomaly), tone: "bad" },
      { name: "Anomaly to normal", values: shown.map(([, one]) => one.anomaly_to_normal), tone: "good" },
    ],
  };
}

function workloadChart(id: string, label: string, shown: [string, GroupComparison][]): BarChart {
  return {
    kind: "bars",
    id: `events-${id}`,
    title: `Events per 100 scored hours, by ${label.toLowerCase()}`,
    caption: "Runs of anomalous windows that overlap or touch: what somebody has to look at.",
    categoryLabel: label,
    categories: shown.map(([name]) => name),
    value: { label: "Events per 100 h", format: DECIMAL, min: 0 },
    direction: "across",
    series: [
      { name: "A", values: shown.map(([, { workload }]) => workload.a.events_per_100_hours) },
      { name: "B", values: shown.map(([, { workload }]) => workload.b.events_per_100_hours) },
    ],
  };
}

function workloadTable(id: string, caption: string, groups: Record<string, GroupComparison>, label: string): Table {
  const entries = Object.entries(groups);
  const both = (name: string, format: typeof COUNT) => [
    { label: `${name}, A`, format },
    { label: `${name}, B`, format },
  ];
  return {
    id,
    caption,
    columns: [
      { label },
      { label: "Windows in both", format: COUNT },
      { label: "To anomaly", format: COUNT },
      { label: "To normal", format: COUNT },
      ...both("Scored hours", HOURS),
      ...both("Anomalies", COUNT),
      ...both("Events", COUNT),
      ...both("Anomalies per 100 h", DECIMAL),
      ...both("Events per 100 h", DECIMAL),
    ],
    rows: entries.slice(0, MOST_ROWS).map(
      ([
        name,
        {
          windows,
          normal_to_anomaly,
          anomaly_to_normal,
          workload: { a, b },
        },
      ]) => ({
        cells: [
          ...[name, windows, normal_to_anomaly, anomaly_to_normal],
          ...[a.scored_hours, b.scored_hours, a.anomalies, b.anomalies, a.events, b.events],
          ...[a.anomalies_per_100_hours, b.anomalies_per_100_hours, a.events_per_100_hours, b.events_per_100_hours],
        ],
      }),
    ),
    more:
      entries.length > MOST_ROWS
        ? `The ${MOST_ROWS} with the most flips of ${entries.length}; all are in the JSON.`
        : null,
  };
}
