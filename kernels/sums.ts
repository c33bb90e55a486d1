/**
 * Sums over the samples of segments: segment s has samples `first[s]` to `end[s]` (exclusive). Sample i of a segment belongs to lane i mod 4,
 * and the four lanes are added at the end as (0 + 2) + (1 + 3): the same numbers, to the last bit, as the functions of the same names in
 * `src/features` give.
 */

let lane0: f64 = 0;
let lane1: f64 = 0;
let lane2: f64 = 0;

/** The sum and the sum of squares of each segment of 32-bit values. */
export function basicSums32(values: usize, first: usize, end: usize, count: i32, sums: usize, squares: usize): void {
  for (let s = 0; s < count; s++) {
    const at = (<usize>s) << 2;
    let from = values + ((<usize>load<i32>(first + at)) << 2);
    const to = values + ((<usize>load<i32>(end + at)) << 2);
    let sumA = f64x2.splat(0);
    let sumB = f64x2.splat(0);
    let squareA = f64x2.splat(0);
    let squareB = f64x2.splat(0);
    for (; from + 16 <= to; from += 16) {
      const a = f64x2.promote_low_f32x4(v128.load64_zero(from));
      const b = f64x2.promote_low_f32x4(v128.load64_zero(from, 8));
      sumA = f64x2.add(sumA, a);
      sumB = f64x2.add(sumB, b);
      squareA = f64x2.add(squareA, f64x2.mul(a, a));
      squareB = f64x2.add(squareB, f64x2.mul(b, b));
    }
    takeRest(from, to);
    store<f64>(sums + 2 * at, total(sumA, sumB, lane0, lane1, lane2));
    store<f64>(squares + 2 * at, total(squareA, squareB, lane0 * lane0, lane1 * lane1, lane2 * lane2));
  }
}

/** The sum of the squared distances of each segment's 32-bit values from its mean. */
export function secondMoments32(values: usize, first: usize, end: usize, count: i32, means: usize, out: usize): void {
  for (let s = 0; s < count; s++) {
    const at = (<usize>s) << 2;
    let from = values + ((<usize>load<i32>(first + at)) << 2);
    const to = values + ((<usize>load<i32>(end + at)) << 2);
    const middle = load<f64>(means + 2 * at);
    const mean = f64x2.splat(middle);
    let sumA = f64x2.splat(0);
    let sumB = f64x2.splat(0);
    for (; from + 16 <= to; from += 16) {
      const a = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(from)), mean);
      const b = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(from, 8)), mean);
      sumA = f64x2.add(sumA, f64x2.mul(a, a));
      sumB = f64x2.add(sumB, f64x2.mul(b, b));
    }
    const rest = <i32>((to - from) >> 2);
    takeRest(from, to);
    const d0 = rest > 0 ? lane0 - middle : 0;
    const d1 = rest > 1 ? lane1 - middle : 0;
    const d2 = rest > 2 ? lane2 - middle : 0;
    store<f64>(out + 2 * at, total(sumA, sumB, d0 * d0, d1 * d1, d2 * d2));
  }
}

/** Up to three samples are left; 0 changes no sum. */
function takeRest(from: usize, to: usize): void {
  lane0 = from < to ? <f64>load<f32>(from) : 0;
  lane1 = from + 4 < to ? <f64>load<f32>(from, 4) : 0;
  lane2 = from + 8 < to ? <f64>load<f32>(from, 8) : 0;
}

function total(a: v128, b: v128, rest0: f64, rest1: f64, rest2: f64): f64 {
  const lanes02 = f64x2.extract_lane(a, 0) + rest0 + (f64x2.extract_lane(b, 0) + rest2);
  return lanes02 + (f64x2.extract_lane(a, 1) + rest1 + f64x2.extract_lane(b, 1));
}

/** The smallest and the largest of each segment's 32-bit values; +-Infinity where it has none. No value may be NaN. */
export function extremes32(values: usize, first: usize, end: usize, count: i32, least: usize, most: usize): void {
  for (let s = 0; s < count; s++) {
    const at = (<usize>s) << 2;
    let from = values + ((<usize>load<i32>(first + at)) << 2);
    const to = values + ((<usize>load<i32>(end + at)) << 2);
    let low = f32x4.splat(Infinity);
    let high = f32x4.splat(-Infinity);
    for (; from + 16 <= to; from += 16) {
      const x = v128.load(from);
      low = f32x4.pmin(low, x);
      high = f32x4.pmax(high, x);
    }
    for (; from < to; from += 4) {
      const x = v128.load32_splat(from);
      low = f32x4.pmin(low, x);
      high = f32x4.pmax(high, x);
    }
    low = f32x4.pmin(low, i8x16.shuffle(low, low, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    high = f32x4.pmax(high, i8x16.shuffle(high, high, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    // 0 is added so that it has one sign only, in whichever order it was met with the other.
    store<f64>(least + 2 * at, <f64>min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)) + 0);
    store<f64>(most + 2 * at, <f64>max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)) + 0);
  }
}

/** Index of the first 32-bit value that is not from `low` to `high`, or no number; `count` if all are. */
export function firstOutside32(values: usize, count: i32, low: f32, high: f32): i32 {
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    const at = values + ((<usize>i) << 2);
    let inside = v128.and(isInside(at, least, most), isInside(at + 16, least, most));
    inside = v128.and(inside, v128.and(isInside(at + 32, least, most), isInside(at + 48, least, most)));
    if (!i32x4.all_true(inside)) break;
  }
  for (; i < count; i++) {
    const x = load<f32>(values + ((<usize>i) << 2));
    if (!(x >= low && x <= high)) return i;
  }
  return count;
}

function isInside(at: usize, least: v128, most: v128): v128 {
  const x = v128.load(at);
  return v128.and(f32x4.ge(x, least), f32x4.le(x, most));
}
