import type { BarChart, Chart, HeatMap, LineChart } from "./chart.ts";
import { formatInstant, formatNumber } from "./number-format.ts";
import type { Row, Table } from "./page.ts";

/** The numbers of a chart as tables: what is drawn, no more and no less. */
export function alternativeTable(chart: Chart): Table[] {
  if (chart.kind === "heat-map") return [heatTable(chart)];
  return chart.kind === "bars" ? [barTable(chart)] : [lineTable(chart), ...bandTable(chart), ...markTable(chart)];
}

function heatTable({ id, title, rowLabel, rows, columns, cells, notes, format, states }: HeatMap): Table {
  const cell = (value: number | string | null, note: string | null | undefined) => {
    const text =
      typeof value === "string" ? (states[value] ?? value) : value === null ? "" : formatNumber(value, format);
    const tone = typeof value === "string" ? { tone: "missing" as const } : {};
    return { text, ...tone, ...(note ? { detail: note } : {}) };
  };
  return {
    id: `${id}-numbers`,
    caption: title,
    columns: [{ label: rowLabel }, ...columns.map((label) => ({ label, format }))],
    rows: rows.map((row, r) => ({ cells: [row, ...cells[r]!.map((value, c) => cell(value, notes?.[r]?.[c]))] })),
    isPlain: true,
  };
}

function barTable({ id, title, categoryLabel, categories, value, series, notes }: BarChart): Table {
  const format = value.format ?? { style: "number" };
  const interval = (bounds: [number, number] | null | undefined) =>
    bounds ? `${formatNumber(bounds[0], format)} to ${formatNumber(bounds[1], format)}` : "-";
  const columns = series.flatMap(({ name, intervals }) => [
    { label: name, format },
    ...(intervals === undefined ? [] : [{ label: `${name}, interval` }]),
  ]);
  return {
    id: `${id}-numbers`,
    caption: title,
    columns: [{ label: categoryLabel }, ...columns, ...(notes === undefined ? [] : [{ label: "Note" }])],
    rows: categories.map((category, i) => ({
      cells: [
        category,
        ...series.flatMap(({ values, intervals }) => [
          values[i]!,
          ...(intervals === undefined ? [] : [interval(intervals[i])]),
        ]),
        ...(notes === undefined ? [] : [notes[i] ?? ""]),
      ],
    })),
    isPlain: true,
  };
}

/** A row per place on the x axis where any series has a point; null is a gap. */
function lineTable(chart: LineChart): Table {
  const { id, title, x, y, series } = chart;
  const format = y.format ?? { style: "number" };
  const rows = new Map<number, (number | string | null)[]>();
  for (const [i, { points }] of series.entries()) {
    for (const [at, value] of points) {
      const row = rows.get(at) ?? series.map(() => "");
      row[i] = value === null ? "none" : value;
      rows.set(at, row);
    }
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return {
    id: `${id}-numbers`,
    caption: title,
    columns: [{ label: x.label }, ...series.map(({ name }) => ({ label: name, format }))],
    rows: sorted.map(([at, cells]): Row => ({ cells: [placeText(chart, at), ...cells] })),
    isPlain: true,
  };
}

function bandTable(chart: LineChart): Table[] {
  const { id, title, x, bands = [] } = chart;
  if (bands.length === 0) return [];
  const rows = bands.map(({ label, from, to }) => ({ cells: [label, placeText(chart, from), placeText(chart, to)] }));
  const columns = [{ label: "Stretch" }, { label: `From (${x.label})` }, { label: "To" }];
  return [{ id: `${id}-bands`, caption: `Stretches of ${title}`, columns, rows, isPlain: true }];
}

function markTable(chart: LineChart): Table[] {
  const { id, title, x, marks = [] } = chart;
  if (marks.length === 0) return [];
  const rows = marks.map(({ label, at }) => ({ cells: [label, placeText(chart, at)] }));
  const columns = [{ label: "Mark" }, { label: x.label }];
  return [{ id: `${id}-marks`, caption: `Marks of ${title}`, columns, rows, isPlain: true }];
}

/** A place on the x axis in words. */
export function placeText({ x }: Pick<LineChart, "x">, at: number): string {
  if (x.scale === "time") return formatInstant(at);
  if (x.scale === "day") return formatInstant(at).slice(0, 10);
  return x.scale === "category" ? (x.categories[at] ?? String(at)) : formatNumber(at, x.format);
}
