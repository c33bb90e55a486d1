import type { Band, Chart, HeatMap, LineChart, Tone } from "./chart.ts";
import { formatNumber } from "./number-format.ts";

/** An entry of a legend: what it means, and the class of its swatch. */
export interface LegendEntry {
  label: string;
  swatch: string;
}

/** Colours that series and bands have in turn. */
const SERIES_COLOURS = 6;
const BAND_COLOURS = 8;

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

/** The colours of bands by their labels, in the order of their coming. */
export function bandColours(bands: readonly Band[]): Map<string, string> {
  const colours = new Map<string, string>();
  for (const { label, tone, colour } of bands) {
    if (tone !== "missing" && !colours.has(label))
      colours.set(label, `band-${(colour ?? colours.size) % BAND_COLOURS}`);
  }
  return colours;
}

function heatLegend({ steps, format, states, cells, partly, emptyMeans }: HeatMap): LegendEntry[] {
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
    ...(partly?.cells.flat().includes(true) ? [{ label: partly.means, swatch: "heat-0 partly" }] : []),
    ...(values.includes(null) ? [{ label: emptyMeans, swatch: "nothing" }] : []),
  ];
}

function lineLegend({ series, bands = [], marks = [] }: LineChart): LegendEntry[] {
  const missing = [...new Set(bands.filter(({ tone }) => tone === "missing").map(({ label }) => label))];
  return [
    ...series.flatMap(({ name, tone, look, colour, isAside }, i) =>
      isAside === true ? [] : [{ label: name, swatch: `${look} ${colourName(tone, colour ?? i)}` }],
    ),
    ...[...bandColours(bands)].map(([label, swatch]) => ({ label, swatch })),
    ...missing.map((label) => ({ label, swatch: "hatched" })),
    ...(marks.length > 0 ? [{ label: "marked moment", swatch: "moment" }] : []),
  ];
}
