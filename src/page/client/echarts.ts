import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, CustomChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export type { EChartsCoreOption, EChartsType };

/** A chart that is drawn as SVG into an element. */
export function newChart(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: "svg" });
}
