import type { Band, Chart, HeatMap, LineChart, Tone } from "./chart.ts";
import { formatNumber } from "./number-format.ts";

/** An entry of a legend: what it means, and the class of its swatch. */
export interface LegendEntry {
  label: string;
  swatch: string;
}

/** Colours that series and bands have in turn. */
export const SERIES_COLOURS = 6;

/** What the colours, lines and hatches of a chart mean. */
export function legendOf(chart: Chart): LegendEntry[] {
  if (chart.kind === "heat-map") return heatLegend(chart);
  if (chart.kind === "lines") return lineLegend(chart);
  if (chart.series.length < 2) return [];
  return chart.series.map(({ name, tone }, i) => ({ label: name, swatch: `bar ${colourName(tone, i)}` }));
}

/** The style's name for a colour: that of the tone, else of the place among the series. */
export function colourName(tone: Tone | undefined, i: number): string {
  return tone ?? `series-${i % SERIES_COLOURS}`;
}

/** The labels of bands, each once, in the order of their coming; the place gives the colour. */
export function bandLabels(bands: readonly Band[]): string[] {
  return [...new Set(bands.filter(({ tone }) => tone !== "missing").map(({ label }) => label))];
}

function heatLegend({ steps, format, states, cells, emptyMeans }: HeatMap): LegendEntry[] {
  const values = cells.flat();
  const bounds = steps.map((bound, i) => {
    const upper = formatNumber(bound, format);
    return i === 0 ? (bound === 0 ? upper : `up to ${upper}`) : `to ${upper}`;
  });
  const used = Object.entries(states).filter(([name]) => values.includes(name));
  return [
    ...bounds.map((label, i) => ({ label, swatch: `heat-${i}` })),
    { label: `above ${formatNumber(steps[steps.length - 1]!, format)}`, swatch: `heat-${steps.length}` },
    ...used.map(([, label]) => ({ label, swatch: "hatched" })),
    ...(values.includes(null) ? [{ label: emptyMeans, swatch: "nothing" }] : []),
  ];
}

function lineLegend({ series, bands = [], marks = [] }: LineChart): LegendEntry[] {
  const missing = [...new Set(bands.filter(({ tone }) => tone === "missing").map(({ label }) => label))];
  return [
    ...series.map(({ name, tone, look }, i) => ({ label: name, swatch: `${look} ${colourName(tone, i)}` })),
    ...bandLabels(bands).map((label, i) => ({ label, swatch: `band-${i % 8}` })),
    ...missing.map((label) => ({ label, swatch: "hatched" })),
    ...(marks.length > 0 ? [{ label: "marked moment", swatch: "moment" }] : []),
  ];
}
