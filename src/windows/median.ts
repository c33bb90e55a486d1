/** Median of the differences between neighbours of `times` (ascending, at least two): the mean of the middle two of an even count. */
export function medianStep(times: Float64Array): number {
  const count = times.length - 1;
  return majorityStep(times) ?? medianOf(Float64Array.from({ length: count }, (_, i) => times[i + 1]! - times[i]!));
}

/** The step that more than half of all steps equal, which is then the median; null if there is none. Recordings nearly always have one. */
function majorityStep(times: Float64Array): number | null {
  const count = times.length - 1;
  let candidate = 0;
  let votes = 0;
  for (let i = 0; i < count; i++) {
    const step = times[i + 1]! - times[i]!;
    if (votes === 0) candidate = step;
    votes += step === candidate ? 1 : -1;
  }
  let equal = 0;
  for (let i = 0; i < count; i++) if (times[i + 1]! - times[i]! === candidate) equal++;
  return 2 * equal > count ? candidate : null;
}

/** Median of `values` (at least one; they are put in order): the mean of the middle two of an even count. */
export function medianOf(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
