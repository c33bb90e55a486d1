/** Part of an array of times, `from` to `to` (exclusive), in which they ascend. */
export interface TimeRange {
  from: number;
  to: number;
}

/** First index of the range whose time is not before `timeNs`, else its end: gallops, since what is looked for is mostly near. */
export function lowerBound(times: Float64Array, timeNs: number, { from, to }: TimeRange): number {
  let low = from;
  let step = 1;
  while (low + step <= to && times[low + step - 1]! < timeNs) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, to);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Last index of the range whose time is not after `timeNs`; `from - 1` if there is none. */
export function lastAtOrBefore(times: Float64Array, timeNs: number, { from, to }: TimeRange): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
