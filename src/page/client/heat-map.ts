import type { HeatMap } from "../chart.ts";
import { formatNumber } from "../number-format.ts";
import { type Draw, rectangle } from "./custom.ts";
import type { EChartsCoreOption } from "./echarts.ts";
import { axisLook, commonOption, NARROW, type Space } from "./space.ts";
import { tipOption, type Words } from "./tip.ts";

/** Width from which on a cell has room for its value, pixels. */
const LABEL_PX = 52;

/** Options of a heat map: item `row * columns + column` has column, row and value. */
export function heatMapOption(chart: HeatMap, space: Space): EChartsCoreOption {
  const { rows, columns, cells, rowLabel, columnLabel } = chart;
  const look = axisLook(space);
  const label = { color: space.colours("quiet"), fontSize: 12 };
  return {
    ...commonOption(space),
    tooltip: tipOption(space, "item", (params) => cellWords(chart, (params as { dataIndex: number }).dataIndex)),
    xAxis: {
      ...{ ...look, type: "category", data: columns, name: columnLabel, nameLocation: "middle", nameGap: 28 },
      axisLabel: { ...label, hideOverlap: true },
    },
    yAxis: {
      ...{ ...look, type: "category", data: rows, inverse: true, name: rowLabel, nameLocation: "start" },
      axisLabel: { ...label, interval: 0, width: space.width < NARROW ? 80 : 160, overflow: "truncate" },
    },
    series: [
      {
        type: "custom",
        name: chart.valueLabel,
        renderItem: drawCell(chart, space),
        encode: { x: 0, y: 1, tooltip: 2 },
        data: cells.flatMap((row, r) => row.map((value, c) => [c, r, typeof value === "number" ? value : null])),
      },
    ],
  };
}

function drawCell({ cells, columns, steps, partly, format }: HeatMap, { colours }: Space): Draw {
  return ({ dataIndex }, api) => {
    const [column, row] = [dataIndex % columns.length, Math.floor(dataIndex / columns.length)];
    const value = cells[row]![column]!;
    const [x, y] = api.coord([column, row]) as [number, number];
    const [width, height] = api.size!([1, 1]) as [number, number];
    const gap = width > 6 ? 2 : 1;
    const shape = {
      x: x - width / 2 + gap / 2,
      y: y - height / 2 + 1,
      width: Math.max(1, width - gap),
      height: height - 2,
    };
    if (value === null) return rectangle(shape, "transparent");
    if (typeof value === "string") return rectangle(shape, colours("hatch-card"), colours);
    const step = stepOf(value, steps);
    if (partly?.cells[row]?.[column] === true) return rectangle(shape, colours(`heat-${step}`), colours);
    const cell = rectangle(shape, colours(`heat-${step}`));
    if (width < LABEL_PX) return cell;
    const style = { text: formatNumber(value, format), x, y, align: "center", verticalAlign: "middle", fontSize: 11 };
    const label = { type: "text", style: { ...style, fill: colours(`ink-${step}`) } };
    return { type: "group", children: [cell, label] } as ReturnType<Draw>;
  };
}

function stepOf(value: number, steps: readonly number[]): number {
  const step = steps.findIndex((bound) => value <= bound);
  return step === -1 ? steps.length : step;
}

/** What a cell says, by its number. */
export function cellWords(
  { rows, columns, cells, notes, valueLabel, format, states, emptyMeans }: HeatMap,
  index: number,
): Words {
  const [column, row] = [index % columns.length, Math.floor(index / columns.length)];
  const value = cells[row]![column]!;
  const note = notes?.[row]?.[column];
  const text =
    value === null
      ? emptyMeans
      : typeof value === "string"
        ? (states[value] ?? value)
        : `${valueLabel}: ${formatNumber(value, format)}`;
  return { head: `${rows[row]}, ${columns[column]}`, lines: [text, ...(note ? [note] : [])] };
}
