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

/** Adds one segment's samples to `sums` at index `s`; `sums.offset[s]` is subtracted from each, which keeps the sums exact far from zero. */
export function addOrderSums(
  sums: OrderSums,
  s: number,
  { samples, shaft, range }: { samples: Samples; shaft: ShaftTurns; range: OrderRange },
): void {
  const { from, to, speedFrom, speedTo } = range;
  const first = samples.times[from]!;
  // Between two samples of the speed, before the first and after the last, the angle is one parabola in time.
  let speedAt = lastAtOrBefore(shaft.times, first, { from: speedFrom, to: speedTo });
  for (let at = from; at < to; speedAt++) {
    const parabola = parabolaAfter(shaft, speedAt, range);
    at = addParabola(sums, s, { samples, from: at, to, parabola });
  }
}

/** Turns since `originNs`: `turns + linear * t + square * t * t`, t in nanoseconds. It holds for samples before `untilNs`. */
interface Parabola {
  originNs: number;
  untilNs: number;
  turns: number;
  linear: number;
  square: number;
}

/** From sample i of the speed to the next; i may be the one before the range. */
function parabolaAfter(shaft: ShaftTurns, i: number, { speedFrom, speedTo }: OrderRange): Parabola {
  const from = Math.max(i, speedFrom);
  const originNs = shaft.times[from]!;
  const speed = shaft.speedPercent[from]!;
  const untilNs = i + 1 < speedTo ? shaft.times[i + 1]! : Number.POSITIVE_INFINITY;
  const rises = i === from && i + 1 < speedTo;
  const rise = rises ? (shaft.speedPercent[i + 1]! - speed) / (untilNs - originNs) : 0;
  const perNs = shaft.hertzPerPercent / NS_PER_SECOND;
  return { originNs, untilNs, turns: shaft.turns[from]!, linear: perNs * speed, square: 0.5 * perNs * rise };
}

/** Adds the samples that the parabola holds for, from `from` on; returns the first that it does not. */
function addParabola(
  sums: OrderSums,
  s: number,
  { samples, from, to, parabola }: { samples: Samples; from: number; to: number; parabola: Parabola },
): number {
  const { times, values } = samples;
  const { originNs, untilNs } = parabola;
  // In points of the circle, and half a point on, so that rounding down finds the nearest.
  const start = parabola.turns * CIRCLE_POINTS + 0.5;
  const linear = parabola.linear * CIRCLE_POINTS;
  const square = parabola.square * CIRCLE_POINTS;
  const offset = sums.offset[s]!;
  let xCos = 0;
  let xSin = 0;
  let cosSum = 0;
  let sinSum = 0;
  let i = from;
  for (; i < to; i++) {
    const time = times[i]!;
    if (time >= untilNs) break;
    const t = time - originNs;
    const points = start + t * (linear + t * square);
    const whole = Math.floor(points);
    // From the nearest point on by the series of sine and cosine; the first term left out is below 1e-18.
    const a = (points - whole - 0.5) * POINT_ANGLE;
    const aa = a * a;
    const sinRest = a * (1 + aa * (S3 + aa * S5));
    const cosRest = 1 + aa * (C2 + aa * C4);
    const point = (whole & (CIRCLE_POINTS - 1)) << 1;
    const cosPoint = UNIT_CIRCLE[point]!;
    const sinPoint = UNIT_CIRCLE[point + 1]!;
    const cos = cosPoint * cosRest - sinPoint * sinRest;
    const sin = sinPoint * cosRest + cosPoint * sinRest;
    const x = values[i]! - offset;
    xCos += x * cos;
    xSin += x * sin;
    cosSum += cos;
    sinSum += sin;
  }
  sums.xCos[s]! += xCos;
  sums.xSin[s]! += xSin;
  sums.cos[s]! += cosSum;
  sums.sin[s]! += sinSum;
  return i;
}

const POINT_ANGLE = (2 * Math.PI) / CIRCLE_POINTS;
const S3 = -1 / 6;
const S5 = 1 / 120;
const C2 = -1 / 2;
const C4 = 1 / 24;
