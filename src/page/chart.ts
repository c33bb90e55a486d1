import type { NumberFormat } from "./number-format.ts";

/** What every chart has. All in it is plain data: the page embeds it as JSON, and its script draws it. */
interface ChartBase {
  /** Unique in the page: letters, digits and hyphens. */
  id: string;
  title: string;
  /** The key message in a sentence, for those who do not see the chart, too. */
  caption: string;
  heightPx?: number;
}

/** An axis: what it counts, and how its numbers are written. */
export interface Axis {
  label: string;
  format?: NumberFormat;
  min?: number;
  max?: number;
  /** Whether equal steps multiply; only for values above 0. Default false. */
  isLogarithmic?: boolean;
}

/** Colours of meaning; `series` colours are given by the order of the series. */
export type Tone = "good" | "warning" | "bad" | "missing" | "neutral";

/** Values of rows by columns as coloured cells. */
export interface HeatMap extends ChartBase {
  kind: "heat-map";
  rowLabel: string;
  columnLabel: string;
  valueLabel: string;
  format: NumberFormat;
  rows: string[];
  columns: string[];
  /** By row, then by column: a value; the name of a state, such as not examined; null where there is nothing at all. */
  cells: (number | string | null)[][];
  /** What is said of a cell beside its value, in the same order; null: nothing. */
  notes?: (string | null)[][];
  /** Where a value speaks for a part only: it is hatched, too. In the order of `cells`. */
  partly?: { means: string; cells: boolean[][] };
  /** Upper bounds (included) of the steps of colour, ascending, at most five; what is above the last is the strongest. */
  steps: number[];
  /** What the states mean, by their names; their cells are hatched. */
  states: Record<string, string>;
  /** What a cell means in which there is nothing. */
  emptyMeans: string;
}

/** A line, or points, over the axis: `null` is a gap and never bridged. */
export interface LineSeries {
  name: string;
  /** x and y in the order of x. With a category axis x counts from 0. */
  points: [number, number | null][];
  look: "line" | "dashed" | "step" | "points";
  tone?: Tone;
  /** Place of its colour; default its own among the series. */
  colour?: number;
  /** Whether it only goes with another of its colour, and has no place in the legend. */
  isAside?: boolean;
}

/** A stretch of the x axis with a meaning, drawn behind the lines. `missing` ones are hatched. */
export interface Band {
  from: number;
  to: number;
  label: string;
  tone?: "missing";
  /** Place of its colour, 0 to 7; default that of its label among the labels. */
  colour?: number;
}

/** A named instant on the x axis. */
export interface Mark {
  at: number;
  label: string;
}

/** Lines over time or numbers. */
export interface LineChart extends ChartBase {
  kind: "lines";
  /** `time` and `day`: milliseconds since 1970 UTC. */
  x: Axis & ({ scale: "time" | "day" | "number" } | { scale: "category"; categories: string[] });
  y: Axis;
  series: LineSeries[];
  bands?: Band[];
  marks?: Mark[];
}

/** Bars of one or several series, with intervals where they are known. */
export interface BarChart extends ChartBase {
  kind: "bars";
  /** What the categories are. */
  categoryLabel: string;
  categories: string[];
  value: Axis;
  direction: "across" | "up";
  isStacked?: boolean;
  series: { name: string; values: (number | null)[]; intervals?: ([number, number] | null)[]; tone?: Tone }[];
  /** What is said of a category beside its values. */
  notes?: (string | null)[];
}

/** A chart of the page. */
export type Chart = HeatMap | LineChart | BarChart;
