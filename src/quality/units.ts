import type { SignalSpec } from "../features/recipe.ts";
import type { SignalFinding } from "./finding.ts";
import { type FlightView, short } from "./flight-view.ts";
import { medianOfSketch } from "./sketch.ts";
import { type Conversion, conversionsTo, isPercent } from "./unit-table.ts";

/** Fewer values are not judged. */
const LEAST_VALUES = 20;
/** More than this share outside of the range, and of what they would be in another unit so many inside. */
const OUTSIDE_SHARE = 0.5;
const INSIDE_SHARE = 0.95;
/** A fraction where percent are declared: never above the one, mostly above the other, of a range that goes on to the third. */
const FRACTION_MOST = 1.5;
const FRACTION_MEDIAN = 0.15;
const PERCENT_RANGE = 50;

/** Values that do not fit the declared unit, and do fit one it is mistaken for. */
export function findUnits(view: FlightView, signal: number): SignalFinding | null {
  const spec = view.spec(signal);
  const { values } = view.samples(signal);
  const outside = view.flight.outside[signal] ?? null;
  const sketch = outside?.sketch ?? view.sketch(signal);
  if (sketch.length < LEAST_VALUES || spec.range === null) return null;
  const count = values.length + (outside?.count ?? 0);
  const outsideShare = outside === null ? 0 : outside.count / count;
  const units = outsideShare > OUTSIDE_SHARE ? fittingUnits(sketch, spec, view) : fractions(sketch, spec);
  if (units.length === 0) return null;
  return unitsFinding({ count, median: medianOfSketch(sketch), units, unit: spec.unit });
}

/** A finding about the unit of a signal, in words that name the likely ones. */
export function unitsFinding({
  count,
  median,
  units,
  unit,
}: {
  count: number;
  median: number;
  units: readonly Conversion[];
  unit: string | undefined;
}): SignalFinding {
  const guesses = units.map(({ from, toDeclared }) => `${from} (it would be ${short(toDeclared(median))})`);
  return {
    check: "units",
    count,
    seconds: null,
    worst: median,
    example: `the median ${short(median)} does not fit ${unit}; likely in ${guesses.join(" or ")}`,
  };
}

function fittingUnits(sketch: Float64Array, { name, unit, range }: SignalSpec, view: FlightView): Conversion[] {
  const [low, high] = range!;
  return [...conversionsTo(unit), ...revolutions(name, unit, view)].filter(({ toDeclared }) => {
    const inside = sketch.filter((value) => toDeclared(value) >= low && toDeclared(value) <= high).length;
    // All of them at 0 fit whatever the unit is.
    return (
      inside >= INSIDE_SHARE * sketch.length && Math.abs(toDeclared(medianOfSketch(sketch))) > 0.001 * (high - low)
    );
  });
}

/** Revolutions per minute, of a speed whose rated one the recipe knows. */
function revolutions(name: string, unit: string | undefined, { orderFeatures }: FlightView): Conversion[] {
  const rated = orderFeatures.find(({ speed }) => speed === name)?.ratedRpm;
  if (rated === undefined || !isPercent(unit)) return [];
  return [{ from: "revolutions per minute", toDeclared: (value) => (100 * value) / rated }];
}

function fractions(sketch: Float64Array, { unit, range }: SignalSpec): Conversion[] {
  if (!isPercent(unit) || range![1] < PERCENT_RANGE) return [];
  const isFraction = sketch.every((value) => value <= FRACTION_MOST) && medianOfSketch(sketch) >= FRACTION_MEDIAN;
  return isFraction ? conversionsTo(unit) : [];
}
