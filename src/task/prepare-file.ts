import { computeListWindows } from "../features/compute-list-windows.ts";
import { computeWindows } from "../features/compute-windows.ts";
import type { Recipe } from "../features/recipe.ts";
import type { Recording } from "../recording/recording.ts";
import { COVERED, type WindowTable } from "../windows/series.ts";

/** The windows of a recording with their features, a table per flight. */
export function windowTables(recording: Recording, recipe: Recipe): WindowTable[] {
  if (recording.kind === "features") {
    return recording.flights.map(({ features, ...flight }) => ({
      ...flight,
      count: flight.starts.length,
      coverage: new Int16Array(flight.starts.length).fill(COVERED),
      features,
    }));
  }
  if (recording.kind === "processed") {
    return recording.flights.map(({ input, ...flight }) => ({ ...flight, ...computeListWindows(input, recipe) }));
  }
  return recording.flights.map(({ input, ...flight }) => ({
    ...flight,
    windowIds: null,
    firstRow: 0,
    ...computeWindows(input, recipe),
  }));
}
