import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from "echarts";
import type { Colours } from "./colours.ts";

/** Draws an item of a custom series. */
export type Draw = (
  params: CustomSeriesRenderItemParams,
  api: CustomSeriesRenderItemAPI,
) => CustomSeriesRenderItemReturn;

/** The rectangle of the axes, pixels. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The rectangle of the axes an item is drawn in. */
export function frameOf(params: CustomSeriesRenderItemParams): Frame {
  return params.coordSys as unknown as Frame;
}

/** A rectangle that is plain, or hatched: what nobody looked at must not look like a value. */
export function rectangle(shape: Frame, fill: string, hatched: Colours | null = null): CustomSeriesRenderItemReturn {
  const decal = { color: hatched?.("hatch") ?? "", dashArrayX: [1, 0], dashArrayY: [1.5, 4.5], rotation: -Math.PI / 4 };
  return {
    type: "rect",
    shape,
    style: { fill, ...(hatched === null ? {} : { decal }) },
  } as CustomSeriesRenderItemReturn;
}

/** Cuts a rectangle to the frame; null where nothing is left. */
export function clip({ x, y, width, height }: Frame, frame: Frame): Frame | null {
  const left = Math.max(x, frame.x);
  const right = Math.min(x + width, frame.x + frame.width);
  return right <= left ? null : { x: left, y, width: right - left, height };
}
