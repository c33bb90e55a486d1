import { expect, it } from "vitest";
import { featuresOf, record, secondsAfter, steps } from "../support/record.ts";
import {
  booleans,
  dates,
  doubles,
  floats,
  ints,
  longs,
  type TestColumn,
  texts,
  times,
} from "../support/write-table.ts";

/** The phase of each row, null where unknown. */
function phases(flight_phase: TestColumn): (number | null)[] {
  const count = flight_phase.data.length;
  const ones = doubles(new Array<number>(count).fill(1));
  const table = { timestamp: times(secondsAfter(steps(count, 5))), a: ones, b: ones, flight_phase };
  const sets = featuresOf(record(table))[0]!.phaseSets;
  return Array.from(sets, (set) => (set === 0 ? null : Math.log2(set)));
}

const WORDS = ["ground", "taxi", "takeoff", "climb", "cruise", "descent", "approach", "landing"];

it.each<[string, TestColumn, (number | null)[]]>([
  ["codes as integers", ints([0, 1, 2, 3, 4, 5, 6, 7]), [0, 1, 2, 3, 4, 5, 6, 7]],
  ["codes as long integers", longs([7n, null, 0n]), [7, null, 0]],
  ["codes as floats", floats([4, null, 6]), [4, null, 6]],
  ["codes as doubles", doubles([4, Number.NaN, null, Infinity, -Infinity]), [4, null, null, null, null]],
  ["truth as 0 and 1", booleans([false, true, null]), [0, 1, null]],
  ["numbers outside", ints([8, -1, 255, 256]), [null, null, null, null]],
  ["numbers between", doubles([3.5, -0.5, 7.9]), [null, null, null]],
  ["words", texts(WORDS), [0, 1, 2, 3, 4, 5, 6, 7]],
  ["words in any case", texts(["CRUISE", "Landing", "takeOff"]), [4, 7, 2]],
  ["other words", texts(["cruising", "", " cruise", "4", null]), [null, null, null, null, null]],
  ["a type that is no phase", dates([4, 4]), [null, null]],
])("a flight phase is read from %s", (_, column, expected) => {
  expect(phases(column)).toEqual(expected);
});
