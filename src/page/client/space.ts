import type { Chart } from "../chart.ts";
import type { Colours } from "./colours.ts";

/** What a chart is drawn with: its colours, and its width in pixels. */
export interface Space {
  colours: Colours;
  width: number;
}

/** Below this width, pixels, there is no room for long labels. */
export const NARROW = 560;

const ROW_PX = 24;

/** Height of a chart in pixels: what it asks for, else by what it holds. */
export function drawnHeight(chart: Chart): number {
  if (chart.heightPx !== undefined) return chart.heightPx;
  if (chart.kind === "heat-map") return 70 + Math.max(2, chart.rows.length) * ROW_PX;
  if (chart.kind === "lines" || chart.direction === "up") return 320;
  const bars = chart.isStacked === true ? 1 : chart.series.length;
  return 70 + chart.categories.length * (12 + bars * 14);
}

/** What all charts have in common. Nothing moves, so nothing has to be told not to. */
export function commonOption({ colours }: Space, top = 28): object {
  return {
    animation: false,
    // Texts are measured on a canvas, which inherits nothing.
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours("text") },
    grid: { left: 8, right: 16, top, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
  };
}

/** How axes look. */
export function axisLook({ colours }: Space): object {
  const line = { lineStyle: { color: colours("line") } };
  return {
    axisLine: { show: true, ...line },
    axisTick: { show: true, ...line },
    splitLine: { show: false, ...line },
    axisLabel: { color: colours("quiet"), fontSize: 12, hideOverlap: true },
    nameTextStyle: { color: colours("quiet"), fontSize: 12 },
  };
}
