/** A point of a line: milliseconds since 1970 UTC, and the value; null is a gap. */
export type Point = [epochMs: number, value: number | null];

/** Samples of a signal, times ascending. */
export interface TimedValues {
  times: ArrayLike<number>;
  values: ArrayLike<number>;
}

/**
 * Samples as at most `most` points and a few: time is cut into equal stretches, of each the least and the greatest value stay, in the order in
 * which they came. So no peak is lost. Between samples further apart than `gap` stands a null.
 */
export function decimate({ times, values }: TimedValues, { most, gap }: { most: number; gap: number }): Point[] {
  const count = times.length;
  if (count === 0) return [];
  const width = count <= most ? 0 : (times[count - 1]! - times[0]!) / (most / 2);
  const points: Point[] = [];
  let begin = 0;
  while (begin < count) {
    let end = begin + 1;
    const limit = width === 0 ? -Infinity : times[0]! + (Math.floor((times[begin]! - times[0]!) / width) + 1) * width;
    while (end < count && times[end]! < limit && times[end]! - times[end - 1]! <= gap) end++;
    points.push(...extremes({ times, values }, begin, end));
    if (end < count && times[end]! - times[end - 1]! > gap) points.push([(times[end - 1]! + times[end]!) / 2, null]);
    begin = end;
  }
  return points;
}

/** The least and the greatest value of samples `begin` to `end` (exclusive), in their order; one where they are the same. */
function extremes({ times, values }: TimedValues, begin: number, end: number): Point[] {
  let [least, greatest] = [begin, begin];
  for (let i = begin + 1; i < end; i++) {
    if (values[i]! < values[least]!) least = i;
    if (values[i]! > values[greatest]!) greatest = i;
  }
  const [first, second] = least <= greatest ? [least, greatest] : [greatest, least];
  const point = (i: number): Point => [times[i]!, values[i]!];
  return first === second ? [point(first)] : [point(first), point(second)];
}
