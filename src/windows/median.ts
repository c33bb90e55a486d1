/** Median of the steps between neighbours of ascending times, and the largest of them. */
export interface Steps {
  median: number;
  largest: number;
}

/** The steps of `times` (at least two); of an even count the median is the mean of the middle two. */
export function stepsOf(times: Float64Array): Steps {
  const usual = times[1]! - times[0]!;
  let unusual = 0;
  let largest = usual;
  for (let i = 2; i < times.length; i++) {
    const step = times[i]! - times[i - 1]!;
    if (step === usual) continue;
    unusual++;
    if (step > largest) largest = step;
  }
  return { median: medianWhere(times, unusual), largest };
}

/** The median step of `times`, of which all but `unusual` steps are like the first. */
export function medianWhere(times: Float64Array, unusual: number): number {
  const count = times.length - 1;
  // What more than half of all are is their median: so it is nearly always, and nothing need be sorted.
  if (2 * unusual < count) return times[1]! - times[0]!;
  const steps = new Float64Array(count);
  for (let i = 0; i < count; i++) steps[i] = times[i + 1]! - times[i]!;
  return medianOf(steps);
}

/** Median of `values` (at least one; they are put in order): the mean of the middle two of an even count. */
export function medianOf(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
