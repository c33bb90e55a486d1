import { NS_PER_SECOND } from "../windows/grid.ts";
import { lastAtOrBefore, lowerBound } from "../windows/search.ts";
import type { Samples } from "../windows/series.ts";
import type { ShaftTurns } from "./shaft-turns.ts";

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
  let speedAt = Math.max(
    speedFrom,
    lastAtOrBefore(shaft.times, samples.times[from]!, { from: speedFrom, to: speedTo }),
  );
  let at = from;
  while (at < to) {
    // Between two samples of the speed, before the first and after the last, the angle is one parabola in time.
    const before = samples.times[at]! < shaft.times[speedAt]!;
    const next = before ? speedAt : speedAt + 1;
    const stop = next < speedTo ? lowerBound(samples.times, shaft.times[next]!, { from: at, to }) : to;
    if (stop > at)
      addParabola(sums, s, {
        samples,
        from: at,
        to: stop,
        parabola: parabolaFrom(shaft, speedAt, !before && next < speedTo),
      });
    at = stop;
    speedAt = next;
  }
}

/** Turns since the speed's sample: `turns + linear * t + square * t * t`, t in nanoseconds since `originNs`. */
interface Parabola {
  originNs: number;
  turns: number;
  linear: number;
  square: number;
}

function parabolaFrom(shaft: ShaftTurns, i: number, rises: boolean): Parabola {
  const time = shaft.times[i]!;
  const speed = shaft.speedPercent[i]!;
  const rise = rises ? (shaft.speedPercent[i + 1]! - speed) / (shaft.times[i + 1]! - time) : 0;
  const perNs = shaft.hertzPerPercent / NS_PER_SECOND;
  return { originNs: time, turns: shaft.turns[i]!, linear: perNs * speed, square: 0.5 * perNs * rise };
}

function addParabola(
  sums: OrderSums,
  s: number,
  { samples, from, to, parabola }: { samples: Samples; from: number; to: number; parabola: Parabola },
): void {
  const { times, values } = samples;
  const { originNs, turns, linear, square } = parabola;
  const offset = sums.offset[s]!;
  let xCos = 0;
  let xSin = 0;
  let cosSum = 0;
  let sinSum = 0;
  for (let i = from; i < to; i++) {
    const t = times[i]! - originNs;
    let turn = turns + t * (linear + t * square);
    turn -= Math.floor(turn + 0.5);
    // cos and sin of a quarter of the angle by their series (|angle| <= pi / 4), then doubled twice: no branch, no call, error below 1e-15.
    const a = turn * QUARTER_ANGLE;
    const aa = a * a;
    let sin = a * (1 + aa * (S3 + aa * (S5 + aa * (S7 + aa * (S9 + aa * (S11 + aa * S13))))));
    let cos = 1 + aa * (C2 + aa * (C4 + aa * (C6 + aa * (C8 + aa * (C10 + aa * (C12 + aa * C14))))));
    const half = 2 * sin * cos;
    cos = 1 - 2 * sin * sin;
    sin = 2 * half * cos;
    cos = 1 - 2 * half * half;
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
}

const QUARTER_ANGLE = Math.PI / 2;
// Taylor coefficients of sine and cosine; the first term left out is below 3e-15 at pi / 4.
const S3 = -1 / 6;
const S5 = 1 / 120;
const S7 = -1 / 5040;
const S9 = 1 / 362880;
const S11 = -1 / 39916800;
const S13 = 1 / 6227020800;
const C2 = -1 / 2;
const C4 = 1 / 24;
const C6 = -1 / 720;
const C8 = 1 / 40320;
const C10 = -1 / 3628800;
const C12 = 1 / 479001600;
const C14 = -1 / 87178291200;
