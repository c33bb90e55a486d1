/** Median of the steps between neighbours of ascending times, and the largest of them. */
export interface Steps {
  median: number;
  largest: number;
}

/** The steps of `times` (at least two); of an even count the median is the mean of the middle two. */
export function stepsOf(times: Float64Array): Steps {
  const count = times.length - 1;
  const usual = times[1]! - times[0]!;
  let asUsual = 0;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const step = times[i + 1]! - times[i]!;
    if (step === usual) asUsual++;
    else if (step > largest) largest = step;
  }
  largest = Math.max(largest, usual);
  // What more than half of all are is their median: so it is nearly always, and nothing need be sorted.
  if (2 * asUsual > count) return { median: usual, largest };
  return { median: medianOf(Float64Array.from({ length: count }, (_, i) => times[i + 1]! - times[i]!)), largest };
}

/** Median of the steps alone. */
export function medianStep(times: Float64Array): number {
  return stepsOf(times).median;
}

/** Median of `values` (at least one; they are put in order): the mean of the middle two of an even count. */
export function medianOf(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
