import type { BarChart } from "../chart.ts";
import { colourName } from "../legend.ts";
import { formatNumber } from "../number-format.ts";
import type { Draw } from "./custom.ts";
import type { EChartsCoreOption } from "./echarts.ts";
import { axisLook, commonOption, NARROW, type Space } from "./space.ts";
import { tipOption, type Words } from "./tip.ts";

/** Options of bars; series of intervals come after those of the bars. */
export function barOption(chart: BarChart, space: Space): EChartsCoreOption {
  const { categories, categoryLabel, value, direction, series, isStacked } = chart;
  const look = axisLook(space);
  const isAcross = direction === "across";
  const label = { color: space.colours("quiet"), fontSize: 12 };
  const categoryAxis = {
    ...{ ...look, type: "category", data: categories, inverse: isAcross },
    ...(isAcross ? {} : { name: categoryLabel, nameLocation: "middle", nameGap: 28 }),
    axisLabel: isAcross
      ? { ...label, interval: 0, width: space.width < NARROW ? 110 : 220, overflow: "truncate" }
      : { ...label, hideOverlap: true },
  };
  const { min, max } = value;
  const valueAxis = {
    ...{ ...look, type: "value", name: value.label, nameLocation: isAcross ? "middle" : "end" },
    ...{ nameGap: 28, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
    ...(isAcross ? {} : { nameTextStyle: { ...label, align: "left" } }),
    splitLine: { show: true, lineStyle: { color: space.colours("line"), opacity: 0.6 } },
    axisLabel: { ...label, hideOverlap: true, formatter: (at: number) => formatNumber(at, value.format) },
  };
  return {
    ...commonOption(space, isAcross ? 8 : 28),
    tooltip: tipOption(space, "axis", (params) =>
      categoryWords(chart, (params as { dataIndex: number }[])[0]?.dataIndex ?? 0),
    ),
    xAxis: isAcross ? valueAxis : categoryAxis,
    yAxis: isAcross ? categoryAxis : valueAxis,
    series: [
      ...series.map(({ name, values, tone }, i) => ({
        ...{ type: "bar", name, data: values, barMaxWidth: 26 },
        ...(isStacked === true ? { stack: "all" } : {}),
        itemStyle: {
          color: space.colours(colourName(tone, i)),
          borderColor: space.colours("card"),
          borderWidth: isStacked === true ? 1 : 0,
        },
        emphasis: { disabled: true },
      })),
      ...(isStacked === true ? [] : series.flatMap((_, i) => intervalSeries(chart, i, space))),
    ],
  };
}

/** Lines from the lower to the upper bound, over the bar they belong to. */
function intervalSeries({ series, direction }: BarChart, i: number, { colours }: Space): object[] {
  const { intervals, name } = series[i]!;
  if (intervals === undefined) return [];
  const draw: Draw = ({ dataIndex }, api) => {
    const bounds = intervals[dataIndex];
    if (!bounds) return null as unknown as ReturnType<Draw>;
    const isAcross = direction === "across";
    const ends = bounds.map((bound) => api.coord(isAcross ? [bound, dataIndex] : [dataIndex, bound])) as [
      number[],
      number[],
    ];
    const [band] = [api.size!([1, 1])].flat().slice(isAcross ? 1 : 0) as number[];
    const shift = (band! * 0.7 * (i + 0.5 - series.length / 2)) / series.length;
    const [x1, y1, x2, y2] = [...ends[0], ...ends[1]].map((at, k) =>
      (k % 2 === 1) === isAcross ? at + shift : at,
    ) as [number, number, number, number];
    const cap = isAcross ? { x: 0, y: 4 } : { x: 4, y: 0 };
    const style = { stroke: colours("text"), lineWidth: 1.5 };
    const line = (shape: object) => ({ type: "line", shape, style });
    return {
      type: "group",
      children: [
        line({ x1, y1, x2, y2 }),
        line({ x1: x1 - cap.x, y1: y1 - cap.y, x2: x1 + cap.x, y2: y1 + cap.y }),
        line({ x1: x2 - cap.x, y1: y2 - cap.y, x2: x2 + cap.x, y2: y2 + cap.y }),
      ],
    } as ReturnType<Draw>;
  };
  const isAcross = direction === "across";
  const data = intervals.map((bounds, at) => (bounds === null ? [at, null, null] : [at, ...bounds]));
  const encode = isAcross ? { y: 0, x: [1, 2] } : { x: 0, y: [1, 2] };
  return [{ type: "custom", name: `${name}, interval`, renderItem: draw, data, encode, silent: true, z: 4 }];
}

/** What the chart says of a category, by its number. */
export function categoryWords({ categories, series, value, notes }: BarChart, index: number): Words {
  const lines = series.map(({ name, values, intervals }) => {
    const bounds = intervals?.[index];
    const interval = bounds ? ` (${bounds.map((bound) => formatNumber(bound, value.format)).join(" to ")})` : "";
    return `${name}: ${formatNumber(values[index] ?? null, value.format)}${interval}`;
  });
  const note = notes?.[index];
  return { head: categories[index] ?? "", lines: [...lines, ...(note ? [note] : [])] };
}
