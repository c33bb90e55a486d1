/** The arithmetic of `src/features/shaft-turns.ts` and `src/features/order-sums.ts`, step for step: the same numbers to the last bit. */

const NS_PER_SECOND: f64 = 1e9;
const CIRCLE_POINTS = 1024;
const POINT_ANGLE: f64 = (2 * Math.PI) / CIRCLE_POINTS;
const S3: f64 = -1.0 / 6.0;
const S5: f64 = 1.0 / 120.0;
const C2: f64 = -1.0 / 2.0;
const C4: f64 = 1.0 / 24.0;

/** The turns of a shaft, whole ones dropped, from its first to each sample of its speed. */
export function integrateTurns(times: usize, speed: usize, count: i32, hertzPerPercent: f64, turns: usize): void {
  let total: f64 = 0;
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 3;
    if (i > 0) {
      const seconds = (load<f64>(times + at) - load<f64>(times + at - 8)) / NS_PER_SECOND;
      total += hertzPerPercent * 0.5 * (load<f64>(speed + at) + load<f64>(speed + at - 8)) * seconds;
      total -= floor(total);
    }
    store<f64>(turns + at, total);
  }
}

/**
 * Sums the 32-bit values of each wanted segment against the shaft's angle. `circle` has cosine and sine of its points in turn. The results
 * are four rows of a double a segment, zeroed: (x - offset) by cosine and by sine, cosine, sine.
 */
export function sumOrders32(
  values: usize,
  times: usize,
  first: usize,
  end: usize,
  wanted: usize,
  count: i32,
  speedTimes: usize,
  speed: usize,
  turns: usize,
  speedCount: i32,
  pointsPerNs: f64,
  circle: usize,
  offsets: usize,
  sums: usize,
): void {
  const row = (<usize>count) << 3;
  for (let s = 0; s < count; s++) {
    const at = (<usize>s) << 2;
    let i = load<i32>(first + at);
    const to = load<i32>(end + at);
    if (load<u8>(wanted + s) === 0 || i === to) continue;
    const offset = load<f64>(offsets + 2 * at);
    let products = f64x2.splat(0);
    let circled = f64x2.splat(0);
    let before = lastAtOrBefore(speedTimes, speedCount, load<f64>(times + ((<usize>i) << 3)));
    for (; i < to; before++) {
      const from = max(before, 0);
      const piece = (<usize>from) << 3;
      const originNs = load<f64>(speedTimes + piece);
      const percent = load<f64>(speed + piece);
      const hasNext = before + 1 < speedCount;
      const untilNs = hasNext ? load<f64>(speedTimes + ((<usize>(before + 1)) << 3)) : Infinity;
      const rises = before === from && hasNext;
      const rise = rises ? (load<f64>(speed + piece + 8) - percent) / (untilNs - originNs) : 0;
      const start = load<f64>(turns + piece) * CIRCLE_POINTS + 0.5;
      const linear = pointsPerNs * percent;
      const square = 0.5 * pointsPerNs * rise;
      for (; i < to; i++) {
        const time = load<f64>(times + ((<usize>i) << 3));
        if (time >= untilNs) break;
        const t = time - originNs;
        const cosSin = cosSinOf(start + t * (linear + t * square), circle);
        const x = <f64>load<f32>(values + ((<usize>i) << 2)) - offset;
        products = f64x2.add(products, f64x2.mul(f64x2.splat(x), cosSin));
        circled = f64x2.add(circled, cosSin);
      }
    }
    const out = sums + 2 * at;
    store<f64>(out, f64x2.extract_lane(products, 0));
    store<f64>(out + row, f64x2.extract_lane(products, 1));
    store<f64>(out + 2 * row, f64x2.extract_lane(circled, 0));
    store<f64>(out + 3 * row, f64x2.extract_lane(circled, 1));
  }
}

const MINUS_FIRST: v128 = i64x2(i64.MIN_VALUE, 0);

/** Cosine and sine of an angle in points of the circle, and half a point on. */
function cosSinOf(points: f64, circle: usize): v128 {
  const nearest = floor(points);
  const point = v128.load(circle + ((<usize>(<i32>(<i64>nearest) & (CIRCLE_POINTS - 1))) << 4));
  const a = (points - nearest - 0.5) * POINT_ANGLE;
  const aa = a * a;
  const sinRest = a * (1 + aa * (S3 + aa * S5));
  const cosRest = 1 + aa * (C2 + aa * C4);
  // (C, S) * cosRest + (-S, C) * sinRest.
  const turned = i8x16.shuffle(point, point, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  const crossed = v128.xor(turned, MINUS_FIRST);
  return f64x2.add(f64x2.mul(point, f64x2.splat(cosRest)), f64x2.mul(crossed, f64x2.splat(sinRest)));
}

/** Last index whose time is not after `time`; -1 if there is none. */
function lastAtOrBefore(times: usize, count: i32, time: f64): i32 {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(times + ((<usize>middle) << 3)) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
