import type { Band, LineChart, LineSeries, Mark } from "../chart.ts";
import { placeText } from "../chart-table.ts";
import { bandColours, colourName } from "../legend.ts";
import { formatNumber } from "../number-format.ts";
import { clip, type Draw, frameOf, rectangle } from "./custom.ts";
import type { EChartsCoreOption } from "./echarts.ts";
import { axisLook, commonOption, drawnHeight, type Space } from "./space.ts";
import { tipOption, type Words } from "./tip.ts";

/** Below this height, pixels, there is no room for many labels one above the other. */
const LOW = 240;

/** Options of lines. The series stand in the order of the chart's; bands and marks come after them. */
export function lineOption(chart: LineChart, space: Space): EChartsCoreOption {
  const { x, y, series, bands = [], marks = [] } = chart;
  const look = axisLook(space);
  const format = (value: number) => formatNumber(value, y.format);
  return {
    ...commonOption(space),
    useUTC: true,
    tooltip: tipOption(space, "axis", (params) => axisWords(chart, params)),
    xAxis: {
      ...{ ...look, name: x.label, nameLocation: "middle", nameGap: 28, ...bounds(x) },
      ...(x.scale === "category"
        ? { type: "category", data: x.categories }
        : { type: x.scale === "time" || x.scale === "day" ? "time" : "value" }),
      ...(x.scale === "number" && x.min === undefined ? { scale: true } : {}),
      ...(x.scale === "category" ? {} : { axisLabel: placeLabels(chart, space) }),
    },
    yAxis: {
      ...{
        ...look,
        type: y.isLogarithmic === true ? "log" : "value",
        name: y.label,
        nameLocation: "end",
        ...bounds(y),
      },
      nameTextStyle: { align: "left", color: space.colours("quiet"), fontSize: 12 },
      splitLine: { show: true, lineStyle: { color: space.colours("line"), opacity: 0.6 } },
      axisLabel: { color: space.colours("quiet"), fontSize: 12, formatter: format },
      ...(y.min === undefined ? { scale: true } : {}),
      splitNumber: drawnHeight(chart) < LOW ? 3 : 5,
    },
    series: [
      ...series.map((one, i) => lineSeries(one, i, space)),
      ...(bands.length > 0 ? [bandSeries(bands, space)] : []),
      ...(marks.length > 0 ? [markSeries(marks, space)] : []),
    ],
  };
}

/** Short: the day of a date, hours and minutes of a time; seconds too where it is all about few minutes. */
function placeLabels({ x, series }: LineChart, { colours }: Space): object {
  const all = series.flatMap(({ points }) => points);
  const span = (all[all.length - 1]?.[0] ?? 0) - (all[0]?.[0] ?? 0);
  const [from, to] = x.scale === "day" ? [0, 10] : [11, span < 300_000 ? 19 : 16];
  const text = (at: number) =>
    x.scale === "number" ? formatNumber(at, x.format) : new Date(at).toISOString().replace("T", " ").slice(from, to);
  return { color: colours("quiet"), fontSize: 12, hideOverlap: true, formatter: text };
}

function bounds({ min, max }: { min?: number; max?: number }): object {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function lineSeries({ name, points, look, tone, colour: place }: LineSeries, i: number, { colours }: Space): object {
  const colour = colours(colourName(tone, place ?? i));
  const isPoints = look === "points";
  // Points of which both neighbours are missing would not be seen as a line.
  const isShort = look === "line" && points.length < 40;
  return {
    ...{ type: "line", name, data: points, z: isPoints ? 5 : 3, connectNulls: false },
    ...(look === "step" ? { step: "end" } : {}),
    showSymbol: isPoints || isShort,
    symbol: isPoints ? "diamond" : "circle",
    symbolSize: isPoints ? 9 : 5,
    lineStyle: { width: isPoints ? 0 : 2, color: colour, type: look === "dashed" ? "dashed" : "solid" },
    itemStyle: { color: colour },
    emphasis: { disabled: true },
  };
}

function bandSeries(bands: readonly Band[], { colours }: Space): object {
  const fills = bandColours(bands);
  const draw: Draw = (params, api) => {
    const { from, to, label, tone } = bands[params.dataIndex]!;
    const frame = frameOf(params);
    const [left, right] = [from, to].map((at) => api.coord([at, 0])[0]!) as [number, number];
    const shape = clip({ x: left, y: frame.y, width: right - left, height: frame.height }, frame);
    if (shape === null) return null as unknown as ReturnType<Draw>;
    if (tone === "missing") return rectangle(shape, colours("hatch-card"), colours);
    return rectangle(shape, colours(fills.get(label)!));
  };
  const data = bands.map(({ from, to }) => [from, to]);
  return {
    type: "custom",
    name: "stretches",
    renderItem: draw,
    data,
    encode: { x: [0, 1], y: -1 },
    silent: true,
    z: 1,
    tooltip: { show: false },
  };
}

function markSeries(marks: readonly Mark[], { colours }: Space): object {
  const draw: Draw = (params, api) => {
    const { at, label } = marks[params.dataIndex]!;
    const frame = frameOf(params);
    const x = api.coord([at, 0])[0]!;
    const isRight = x > frame.x + frame.width / 2;
    return {
      type: "group",
      children: [
        {
          type: "line",
          shape: { x1: x, y1: frame.y, x2: x, y2: frame.y + frame.height },
          style: { stroke: colours("text"), lineWidth: 1.5, lineDash: [2, 3] },
        },
        {
          type: "text",
          style: {
            text: label,
            x: x + (isRight ? -5 : 5),
            y: frame.y + 3,
            align: isRight ? "right" : "left",
            fill: colours("text"),
            fontSize: 12,
            stroke: colours("card"),
            lineWidth: 3,
            width: 180,
            overflow: "truncate",
          },
        },
      ],
    } as ReturnType<Draw>;
  };
  const data = marks.map(({ at }) => [at, 0]);
  return {
    type: "custom",
    name: "marks",
    renderItem: draw,
    data,
    encode: { x: 0, y: -1 },
    silent: true,
    z: 6,
    tooltip: { show: false },
  };
}

function axisWords(chart: LineChart, params: unknown): Words {
  const found = params as { seriesIndex: number; dataIndex: number; axisValue: number | string }[];
  const points = found
    .filter(({ seriesIndex }) => seriesIndex < chart.series.length)
    .map(({ seriesIndex, dataIndex }) => ({
      series: chart.series[seriesIndex]!,
      point: chart.series[seriesIndex]!.points[dataIndex]!,
    }));
  const at = points[0]?.point[0] ?? 0;
  return {
    head: placeText(chart, at),
    lines: [...points.map(({ series, point }) => valueText(chart, series, point[1])), ...bandTexts(chart, at)],
  };
}

/** What the chart says at a place on the x axis. */
export function placeWords(chart: LineChart, at: number): Words {
  const lines = chart.series.flatMap((series) => {
    const point = series.points.find(([x]) => x === at);
    return point === undefined ? [] : [valueText(chart, series, point[1])];
  });
  return { head: placeText(chart, at), lines: [...lines, ...bandTexts(chart, at)] };
}

function valueText({ y }: LineChart, { name }: LineSeries, value: number | null): string {
  return `${name}: ${value === null ? "none" : formatNumber(value, y.format)}`;
}

function bandTexts({ bands = [] }: LineChart, at: number): string[] {
  return bands.filter(({ from, to }) => from <= at && at < to).map(({ label }) => label);
}
