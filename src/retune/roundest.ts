/** The number with the fewest significant digits above `low` and not above `high`, of several the largest. */
export function roundestBetween(low: number, high: number): number {
  for (let digits = 1; digits <= 17; digits++) {
    const rounded = roundedDown(high, digits);
    if (rounded > low && rounded <= high) return rounded;
  }
  return high;
}

/** The largest number of so many significant digits that is not above the value. */
function roundedDown(value: number, digits: number): number {
  const rounded = Number(value.toPrecision(digits));
  if (rounded <= value) return rounded;
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  return Number((rounded - 10 ** (exponent - digits + 1)).toPrecision(digits));
}
