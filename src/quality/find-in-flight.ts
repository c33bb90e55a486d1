import type { Recipe } from "../features/recipe.ts";
import { findClipped } from "./clipped.ts";
import type { QualityFinding, SignalFinding } from "./finding.ts";
import { type FlightData, FlightView, short } from "./flight-view.ts";
import { findFrozen } from "./frozen.ts";
import { findIrregular, findRate } from "./rate.ts";
import { findSeveralFlights } from "./several-flights.ts";
import { findUnits } from "./units.ts";

/** All that is odd in the samples of one flight. Reads a sample of each signal, and all of it only where that looks suspicious. */
export function findInFlight(flight: FlightData, recipe: Recipe): QualityFinding[] {
  const { aircraftId, flightId, input } = flight;
  const found: QualityFinding[] = [];
  const note = (signal: string | null, finding: SignalFinding | null) => {
    if (finding !== null) found.push({ ...finding, aircraftId, flightId, signal });
    return finding !== null;
  };
  const view = new FlightView(flight, recipe);
  // Signals recorded at the same times share the answer; that of all rows is told of the rows.
  const uneven = new Map<Float64Array, SignalFinding | null>();
  const noteUneven = (name: string, own: Float64Array) => {
    const times = own.length === input.rowTimes.length ? input.rowTimes : own;
    const isKnown = uneven.has(times);
    if (!isKnown) uneven.set(times, findIrregular(view, times));
    if (times !== input.rowTimes) note(name, uneven.get(times)!);
    else if (!isKnown) note(null, uneven.get(times)!);
  };
  recipe.signals.forEach(({ name }, i) => {
    note(name, findFrozen(view, i));
    note(name, findClipped(view, i));
    note(name, outOfRange(view, i));
    note(name, findUnits(view, i));
    if (!note(name, findRate(view, i))) noteUneven(name, view.samples(i).times);
  });
  note(null, findSeveralFlights(view));
  return found;
}

function outOfRange(view: FlightView, signal: number): SignalFinding | null {
  const { range } = view.spec(signal);
  const { count, worst } = view.flight.outside[signal] ?? { count: 0, worst: 0 };
  if (count === 0 || range === null) return null;
  return {
    check: "out_of_range",
    count,
    seconds: null,
    worst,
    example: `${count} ${count === 1 ? "value" : "values"} such as ${short(worst)} where ${short(range[0])} to ${short(range[1])} can be`,
  };
}
