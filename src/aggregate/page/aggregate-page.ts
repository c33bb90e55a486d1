import { currentVersions } from "../../io/versions.ts";
import type { Tone } from "../../page/chart.ts";
import { formatNumber, type NumberFormat } from "../../page/number-format.ts";
import type { Block, Column, Fact, Page, Part, Table, Tile } from "../../page/page.ts";
import type { AggregateSummary } from "../aggregate.ts";
import type { ModelSummary } from "../summary.ts";
import { coveragePart } from "./coverage-part.ts";
import type { DaysOfModels } from "./days.ts";
import { combinedTable, groupTables } from "./group-tables.ts";
import { fleetHeatMap } from "./heat-map.ts";
import { boundsText, COUNT, DECIMAL, HOURS, MOST_ROWS, PERCENT } from "./looks.ts";
import { trendBlocks } from "./trend-blocks.ts";

/** Models that are shown one by one; of more there are only the totals. */
const MOST_MODELS = 6;

/** What a page of a summary is made from. */
export interface PageSource {
  summary: AggregateSummary;
  days: DaysOfModels;
  /** SHA-256 of the bundle that made each input, where it is known. */
  digests: readonly (string | null)[];
}

/** The page of a summary: what was looked at, what was found, how it goes with time, all numbers, and how they were made. */
export function aggregatePage({ summary, days, digests }: PageSource): Page {
  const models = modelsOf(summary, days);
  return {
    title: "Anomalies of the fleet",
    subtitle: `${counted(summary.inputs.length, "file")} of results, ${rangeText(summary)}`,
    headline: headline(summary, models),
    parts: [
      coveragePart(summary.coverage, summary.inputs.length),
      { id: "found", title: "What was found", blocks: foundBlocks(summary, models) },
      { id: "trends", title: "How it goes with time", blocks: perModel(models, trendsOf) },
      { id: "numbers", title: "All numbers", blocks: numberBlocks(summary, models) },
      provenance(summary, digests),
    ],
    generator: `flightbatch ${currentVersions().flightbatch} aggregate`,
  };
}

interface OfModel {
  name: string;
  /** Before all ids of the model's blocks; empty where there is only one model. */
  prefix: string;
  summary: ModelSummary;
  days: DaysOfModels extends Map<string, infer D> ? D : never;
}

function modelsOf(summary: AggregateSummary, days: DaysOfModels): OfModel[] {
  const all = Object.entries(summary.by_model ?? { "": summary });
  if (all.length === 1)
    return [{ name: all[0]![0], prefix: "", summary: all[0]![1], days: [...days.values()][0] ?? new Map() }];
  return all
    .slice(0, MOST_MODELS)
    .map(([name, one], i) => ({ name, prefix: `m${i + 1}-`, summary: one, days: days.get(name) ?? new Map() }));
}

/** The blocks of the one model, or a group of them for each. */
function perModel(models: readonly OfModel[], blocksOf: (model: OfModel) => Block[]): Block[] {
  if (models.length === 1) return blocksOf(models[0]!);
  return models.map((model) => ({ kind: "group", title: model.name, blocks: blocksOf(model) }));
}

function trendsOf({ prefix, summary }: OfModel): Block[] {
  return summary.trend === undefined ? [] : trendBlocks(prefix, summary.trend);
}

function headline(summary: AggregateSummary, models: readonly OfModel[]): { text: string; tone: Tone } {
  const { total_windows, anomalies, anomaly_rate, anomaly_rate_interval } = summary;
  if (total_windows === 0)
    return { text: "No window was scored: nothing was found, and nothing was looked at.", tone: "missing" };
  const trends = models.flatMap(({ summary: { trend } }) => Object.values(trend?.by_aircraft ?? {}));
  const rising = trends.filter(({ rises }) => rises === true).length;
  const interval = anomaly_rate_interval == null ? "" : `, 95% interval ${boundsText(anomaly_rate_interval, PERCENT)}`;
  const found = `${formatNumber(anomalies, COUNT)} of ${formatNumber(total_windows, COUNT)} scored windows are anomalous (${formatNumber(anomaly_rate, PERCENT)}${interval}).`;
  const trend = trends.length === 0 ? "" : ` The rate rises on ${rising} of ${trends.length} aircraft.`;
  return { text: found + trend, tone: rising > 0 ? "bad" : anomalies > 0 ? "warning" : "good" };
}

function foundBlocks(summary: AggregateSummary, models: readonly OfModel[]): Block[] {
  const more = Object.keys(summary.by_model ?? {}).length - models.length;
  return [
    { kind: "tiles", tiles: tilesOf(summary, models) },
    ...(more > 0
      ? [
          {
            kind: "note",
            tone: "neutral",
            text: `${more} more models are only in the totals and in a summary as .json.`,
          } as const,
        ]
      : []),
    ...perModel(models, heatBlocks),
  ];
}

function heatBlocks({ prefix, summary, days }: OfModel): Block[] {
  if (days.size === 0) return [{ kind: "note", tone: "missing", text: "No window was scored." }];
  const rate = (id: string) => summary.by_aircraft![id]!.anomalies_per_100_hours ?? 0;
  const order = Object.keys(summary.by_aircraft!).sort((a, b) => rate(b) - rate(a));
  return [{ kind: "chart", chart: fleetHeatMap(`${prefix}heat-map`, order, days) }];
}

function tilesOf(summary: AggregateSummary, models: readonly OfModel[]): Tile[] {
  const aircraft = new Set(models.flatMap(({ summary: { by_aircraft = {} } }) => Object.keys(by_aircraft)));
  const perHours = summary.anomalies_per_100_hours ?? null;
  const interval = (bounds: readonly [number, number] | null | undefined, format: NumberFormat) =>
    bounds == null ? {} : { detail: `95% interval ${boundsText(bounds, format)}` };
  return [
    { label: "Aircraft", value: formatNumber(aircraft.size, COUNT) },
    { label: "Flights", value: formatNumber(summary.total_flights, COUNT) },
    { label: "Scored hours", value: formatNumber(summary.scored_hours ?? 0, HOURS) },
    { label: "Scored windows", value: formatNumber(summary.total_windows, COUNT) },
    { label: "Anomalies", value: formatNumber(summary.anomalies, COUNT) },
    {
      label: "Anomaly rate",
      value: formatNumber(summary.anomaly_rate, PERCENT),
      ...interval(summary.anomaly_rate_interval, PERCENT),
    },
    {
      label: "Per 100 scored hours",
      value: formatNumber(perHours, largeFormat(perHours)),
      ...interval(summary.anomalies_per_100_hours_interval, largeFormat(perHours)),
    },
  ];
}

function numberBlocks({ groups, group_by }: AggregateSummary, models: readonly OfModel[]): Block[] {
  const blocks = (tables: Table[]): Block[] => tables.map((table) => ({ kind: "table", table }));
  const combined = groups === undefined ? [] : blocks([combinedTable(groups, group_by)]);
  return [
    {
      kind: "text",
      text: "Rates are anomalous windows per scored window, per flight and per 100 scored hours. Intervals draw whole flights: windows of a flight are not independent.",
    },
    ...combined,
    ...perModel(models, ({ prefix, summary }) => blocks(groupTables(prefix, summary))),
  ];
}

function provenance(
  { inputs, method, group_by, repeated_windows }: AggregateSummary,
  digests: readonly (string | null)[],
): Part {
  const facts: Fact[] = [
    { name: "Program", value: `flightbatch ${currentVersions().flightbatch}` },
    { name: "Grouped by", value: group_by.join(", ") },
    { name: "Windows that several inputs hold, counted once", value: formatNumber(repeated_windows, COUNT) },
    ...Object.entries(method).map(([name, value]) => ({ name: name.replaceAll("_", " "), value: String(value) })),
  ];
  const rows = inputs.slice(0, MOST_ROWS).map(({ path, model, window_seconds, window_seconds_assumed }, i) => ({
    cells: [
      path,
      model ?? "nothing says it",
      digests[i] ?? "-",
      window_seconds,
      window_seconds_assumed ? "assumed" : "from run.json",
    ],
  }));
  const columns: Column[] = [
    { label: "Results", room: "break" },
    { label: "Model" },
    { label: "SHA-256 of the bundle", room: "break" },
    { label: "Window, s", format: DECIMAL },
    { label: "Length of the window" },
  ];
  const more = inputs.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${inputs.length}.` : null;
  return {
    id: "made",
    title: "How it was made",
    blocks: [
      { kind: "facts", facts },
      { kind: "table", table: { id: "inputs", caption: "Results that were summed up", columns, rows, more } },
    ],
  };
}

/** Decimals only where they say something. */
function largeFormat(value: number | null): NumberFormat {
  return value !== null && value >= 100 ? COUNT : DECIMAL;
}

function rangeText({ date_range }: AggregateSummary): string {
  if (date_range === null) return "without a scored window";
  return date_range[0] === date_range[1] ? date_range[0] : `${date_range[0]} to ${date_range[1]}`;
}

function counted(count: number, thing: string): string {
  return `${formatNumber(count, COUNT)} ${thing}${count === 1 ? "" : "s"}`;
}
