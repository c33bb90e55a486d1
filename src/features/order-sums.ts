import { NS_PER_SECOND } from "../windows/grid.ts";
import { lastAtOrBefore } from "../windows/search.ts";
import type { Samples } from "../windows/series.ts";
import type { ShaftTurns } from "./shaft-turns.ts";
import { CIRCLE_POINTS, UNIT_CIRCLE } from "./unit-circle.ts";

/** Sums over samples against the shaft's angle, a value per segment: of (x - offset) and of 1, each times cos and sin. */
export interface OrderSums {
  offset: Float64Array;
  xCos: Float64Array;
  xSin: Float64Array;
  cos: Float64Array;
  sin: Float64Array;
}

/** Samples `from` to `to` (exclusive) of a signal, and the stretch `speedFrom` to `speedTo` (exclusive) of the shaft's speed they turn with. */
export interface OrderRange {
  from: number;
  to: number;
  speedFrom: number;
  speedTo: number;
}

/** Sums for nothing yet. */
export function emptyOrderSums(count: number): OrderSums {
  const zeros = () => new Float64Array(count);
  return { offset: zeros(), xCos: zeros(), xSin: zeros(), cos: zeros(), sin: zeros() };
}

/**
 * Sums one segment's samples into `sums` at index `s`; `sums.offset[s]` is subtracted from each, which keeps the sums exact far from zero.
 * All in one function: between two samples of the speed there may be ten of the signal, and an object for each would cost as much.
 */
export function sumOrder(
  sums: OrderSums,
  s: number,
  { samples: { times, values }, shaft, range }: { samples: Samples; shaft: ShaftTurns; range: OrderRange },
): void {
  const { to, speedFrom, speedTo } = range;
  const pointsPerNs = (CIRCLE_POINTS * shaft.hertzPerPercent) / NS_PER_SECOND;
  const offset = sums.offset[s]!;
  let xCos = 0;
  let xSin = 0;
  let cosSum = 0;
  let sinSum = 0;
  let before = lastAtOrBefore(shaft.times, times[range.from]!, { from: speedFrom, to: speedTo });
  for (let i = range.from; i < to; before++) {
    // Between two samples of the speed, before the first and after the last, the angle is one parabola in time: here in points of the
    // circle, and half a point on, so that rounding down finds the nearest.
    const from = Math.max(before, speedFrom);
    const originNs = shaft.times[from]!;
    const speed = shaft.speedPercent[from]!;
    const untilNs = before + 1 < speedTo ? shaft.times[before + 1]! : Number.POSITIVE_INFINITY;
    const rises = before === from && before + 1 < speedTo;
    const rise = rises ? (shaft.speedPercent[before + 1]! - speed) / (untilNs - originNs) : 0;
    const start = shaft.turns[from]! * CIRCLE_POINTS + 0.5;
    const linear = pointsPerNs * speed;
    const square = 0.5 * pointsPerNs * rise;
    // Asked so that a sample without a time, of a row without an extent, is passed like any other.
    for (; i < to && !(times[i]! >= untilNs); i++) {
      const t = times[i]! - originNs;
      const points = start + t * (linear + t * square);
      const nearest = Math.floor(points);
      const point = (nearest & (CIRCLE_POINTS - 1)) << 1;
      // From there on by the series of sine and cosine: the first terms left out are below 1e-18.
      const a = (points - nearest - 0.5) * POINT_ANGLE;
      const aa = a * a;
      const sinRest = a * (1 + aa * (S3 + aa * S5));
      const cosRest = 1 + aa * (C2 + aa * C4);
      const cos = UNIT_CIRCLE[point]! * cosRest - UNIT_CIRCLE[point + 1]! * sinRest;
      const sin = UNIT_CIRCLE[point + 1]! * cosRest + UNIT_CIRCLE[point]! * sinRest;
      const x = values[i]! - offset;
      xCos += x * cos;
      xSin += x * sin;
      cosSum += cos;
      sinSum += sin;
    }
  }
  sums.xCos[s] = xCos;
  sums.xSin[s] = xSin;
  sums.cos[s] = cosSum;
  sums.sin[s] = sinSum;
}

const POINT_ANGLE = (2 * Math.PI) / CIRCLE_POINTS;
const S3 = -1 / 6;
const S5 = 1 / 120;
const C2 = -1 / 2;
const C4 = 1 / 24;
