import { recordHops } from "../coverage/record-hops.ts";
import { computeListWindows } from "../features/compute-list-windows.ts";
import { computeWindows } from "../features/compute-windows.ts";
import type { Recipe } from "../features/recipe.ts";
import type { Recording } from "../recording/recording.ts";
import { nanosecondsOf } from "../windows/grid.ts";
import { COVERED, type WindowTable } from "../windows/series.ts";

/** The windows of a recording with their features, a table per flight. */
export function windowTables(recording: Recording, recipe: Recipe): WindowTable[] {
  const grid = { lengthNs: nanosecondsOf(recipe.window.lengthSeconds), hopNs: nanosecondsOf(recipe.window.hopSeconds) };
  if (recording.kind === "features") {
    return recording.flights.map(({ features, ...flight }) => ({
      ...flight,
      count: flight.starts.length,
      coverage: new Int16Array(flight.starts.length).fill(COVERED),
      features,
      recorded: { kind: "rows", ends: flight.starts.map((start) => start + grid.lengthNs), outside: [] },
    }));
  }
  if (recording.kind === "processed") {
    return recording.flights.map(({ input, outside, ...flight }) => ({
      ...flight,
      ...computeListWindows(input, recipe),
      recorded: { kind: "rows", ends: input.ends, outside: input.lists.map((lists) => lists.outside ?? null) },
    }));
  }
  return recording.flights.map(({ input, outside, ...flight }) => ({
    ...flight,
    windowIds: null,
    firstRow: 0,
    ...computeWindows(input, recipe),
    recorded: recordHops(input, grid),
  }));
}
