import { medianOf } from "../windows/median.ts";
import type { SampleValues } from "../windows/series.ts";

/** How many values of a signal are looked at where all of them would cost too much. */
export const SKETCH_VALUES = 1024;

/** Values outside a signal's range, and what all of its values are like before these are left out. */
export interface OutsideRange {
  count: number;
  /** The value furthest outside. */
  worst: number;
  /** At most {@link SKETCH_VALUES} of all finite values, evenly spaced over the flight. */
  sketch: Float64Array;
}

/** At most `most` of the finite values, evenly spaced: the same ones whenever the values are the same. */
export function sketchOf(values: SampleValues, most = SKETCH_VALUES): Float64Array {
  const stride = evenStride(values.length, most);
  const sketch = new Float64Array(Math.ceil(values.length / stride));
  let count = 0;
  for (let i = 0; i < values.length; i += stride) {
    const x = values[i]!;
    if (Number.isFinite(x)) sketch[count++] = x;
  }
  return sketch.subarray(0, count);
}

/** How far apart at most `most` of `count` places are. Shares no factor with 2, 3 or 5, so that what comes in such turns is seen in its share. */
export function evenStride(count: number, most: number): number {
  let stride = Math.max(1, Math.ceil(count / most));
  while (stride % 2 === 0 || stride % 3 === 0 || stride % 5 === 0) stride++;
  return stride;
}

/** Median of a sketch; NaN of none. */
export function medianOfSketch(sketch: Float64Array): number {
  return sketch.length === 0 ? Number.NaN : medianOf(sketch.slice());
}

/** About the median step of ascending times, nanoseconds: that of evenly spaced neighbours. NaN of fewer than two. */
export function usualStep(times: Float64Array): number {
  if (times.length < 2) return Number.NaN;
  const steps = sketchOfSteps(times);
  return steps.every((step) => step === steps[0]) ? steps[0]! : medianOf(steps);
}

/** At most 257 of the steps between neighbours, evenly spaced. */
export function sketchOfSteps(times: Float64Array): Float64Array {
  const count = times.length - 1;
  const stride = evenStride(count, 257);
  const steps = new Float64Array(Math.ceil(count / stride));
  for (let i = 0, at = 0; i < count; i += stride) steps[at++] = times[i + 1]! - times[i]!;
  return steps;
}
