import type { Chart } from "../chart.ts";
import { barOption } from "./bars.ts";
import { type Colours, readColours } from "./colours.ts";
import { type EChartsCoreOption, type EChartsType, newChart } from "./echarts.ts";
import { heatMapOption } from "./heat-map.ts";
import { readByKeys } from "./keys.ts";
import { lineOption } from "./lines.ts";
import { drawnHeight, type Space } from "./space.ts";

/** A chart of the page and its place; drawn once it comes into sight. */
interface Place {
  chart: Chart;
  element: HTMLElement;
  drawn: EChartsType | null;
}

/** Width that fits a printed page, pixels. */
const PRINTED_WIDTH = 680;

/** Draws each chart when it is first seen, and anew when its room or the colours change. `reportCharts` has those drawn, by their ids. */
export function startCharts(charts: Chart[]): { redraw: () => void } {
  const places = charts.flatMap((chart) => {
    const element = document.querySelector<HTMLElement>(`[data-chart="${CSS.escape(chart.id)}"]`);
    return element === null ? [] : [{ chart, element, drawn: null }];
  });
  let colours = readColours();
  const drawnCharts = new Map<string, EChartsType>();
  Object.assign(globalThis, { reportCharts: drawnCharts });
  const draw = (place: Place, width = place.element.clientWidth) => {
    if (width === 0) return;
    drawPlace(place, { colours, width });
    drawnCharts.set(place.chart.id, place.drawn!);
  };
  for (const place of places) prepare(place, draw);
  const redraw = () => {
    colours = readColours();
    for (const place of places) if (place.drawn !== null) draw(place);
  };
  drawForPrint(places, { draw, redraw });
  return { redraw };
}

function prepare(place: Place, draw: (place: Place) => void): void {
  const { chart, element } = place;
  element.hidden = false;
  element.style.height = `${drawnHeight(chart)}px`;
  element.tabIndex = 0;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", `${chart.title}. ${chart.caption} Arrow keys read its values.`);
  readByKeys(place);
  const sight = new IntersectionObserver(
    (entries) => {
      if (place.drawn === null && entries.some(({ isIntersecting }) => isIntersecting)) draw(place);
    },
    { rootMargin: "300px" },
  );
  sight.observe(element);
  new ResizeObserver(() => {
    if (place.drawn !== null && element.clientWidth !== place.drawn.getWidth()) draw(place);
  }).observe(element);
}

function drawPlace(place: Place, space: Space): void {
  const { chart, element } = place;
  place.drawn ??= newChart(element);
  place.drawn.resize({ width: space.width, height: drawnHeight(chart), silent: true });
  place.drawn.setOption(optionOf(chart, space), { notMerge: true });
}

function optionOf(chart: Chart, space: { colours: Colours; width: number }): EChartsCoreOption {
  if (chart.kind === "heat-map") return heatMapOption(chart, space);
  return chart.kind === "lines" ? lineOption(chart, space) : barOption(chart, space);
}

/** Paper is light, as wide as it is, and shows what nobody scrolled to. */
function drawForPrint(
  places: Place[],
  { draw, redraw }: { draw: (place: Place, width?: number) => void; redraw: () => void },
): void {
  const root = document.documentElement;
  let theme: string | undefined;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    redraw();
    for (const place of places) {
      if (place.element.clientWidth === 0) continue;
      draw(place, PRINTED_WIDTH);
      place.drawn?.getZr().flush();
    }
  });
  addEventListener("afterprint", () => {
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
    redraw();
  });
}
