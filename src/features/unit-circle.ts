/** Points of the unit circle: entries `2 * k` and `2 * k + 1` are cosine and sine of k / {@link CIRCLE_POINTS} turns. */
export const UNIT_CIRCLE = makeUnitCircle(1024);

/** How many they are, a power of two: so many that a turn between two of them needs three terms of a series, and few enough for the nearest cache. */
export const CIRCLE_POINTS = UNIT_CIRCLE.length / 2;

function makeUnitCircle(points: number): Float64Array {
  const circle = new Float64Array(2 * points);
  for (let k = 0; k < points; k++) {
    const angle = (2 * Math.PI * k) / points;
    circle[2 * k] = Math.cos(angle);
    circle[2 * k + 1] = Math.sin(angle);
  }
  return circle;
}
