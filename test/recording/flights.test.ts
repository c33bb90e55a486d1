import { describe, expect, it } from "vitest";
import { recipe, record, secondsAfter, seriesOf, steps } from "../support/record.ts";
import { booleans, dates, doubles, floats, longs, type TestColumn, texts, times } from "../support/write-table.ts";

/** Whose flights the rows are, in order, with the numbers of their rows. */
function flights(
  ids: { aircraft_id?: TestColumn; flight_id?: TestColumn },
  seconds?: number[],
): [string, string, number[]][] {
  const count = (ids.aircraft_id ?? ids.flight_id)!.data.length;
  const values = doubles(steps(count));
  const timestamp = times(secondsAfter(seconds ?? steps(count, 0.1)));
  const found = seriesOf(record({ timestamp, vib: values, n1: values, ...ids }, { recipe: recipe() }));
  return found.map(({ aircraftId, flightId, input }) => [aircraftId, flightId, Array.from(input.samples[0]!.values)]);
}

describe("a file is split by aircraft and flight, in the order of these ids", () => {
  it("rows of a flight keep to their own times, wherever they stand", () => {
    expect(
      flights(
        { aircraft_id: texts(["B", "A", "B", "A", "B"]), flight_id: texts(["1", "2", "1", "1", "0"]) },
        [3, 2, 1, 0, 3],
      ),
    ).toEqual([
      ["A", "1", [3]],
      ["A", "2", [1]],
      ["B", "0", [4]],
      ["B", "1", [2, 0]],
    ]);
  });

  it("equal times are duplicates within a flight only", () => {
    expect(flights({ flight_id: texts(["1", "2", "1", "2"]) }, [0, 0, 0, 1])).toEqual([
      ["AC001", "1", [0]],
      ["AC001", "2", [1, 3]],
    ]);
  });

  it("ids are ordered by code points, not by the halves of UTF-16 nor by language", () => {
    const ids = ["\u{10000}", "\uff5e", "a", "B", "\u00e9", "", "a b", "10", "9"];
    const order = ["", "10", "9", "B", "a", "a b", "\u00e9", "\uff5e", "\u{10000}"];
    expect(flights({ flight_id: texts(ids) }).map(([, flight]) => flight)).toEqual(order);
    expect(flights({ aircraft_id: texts(ids) }).map(([aircraft]) => aircraft)).toEqual(order);
  });
});

describe("a row without an id of its own has that of the file", () => {
  it.each<[string, TestColumn, [string, number[]][]]>([
    [
      "null among text",
      texts(["X", null, "X"]),
      [
        ["AC001", [1]],
        ["X", [0, 2]],
      ],
    ],
    ["null alone", texts([null, null, null]), [["AC001", [0, 1, 2]]]],
    ["null and the file's own", texts(["AC001", null, null]), [["AC001", [0, 1, 2]]]],
    [
      "whole numbers",
      longs([12n, null, 9_007_199_254_740_993n]),
      [
        ["12", [0]],
        ["9007199254740993", [2]],
        ["AC001", [1]],
      ],
    ],
    [
      "numbers beyond 2^53 that differ by one",
      longs([9_007_199_254_740_992n, 9_007_199_254_740_993n]),
      [
        ["9007199254740992", [0]],
        ["9007199254740993", [1]],
      ],
    ],
    [
      "NaN",
      doubles([Number.NaN, 12.5]),
      [
        ["12.5", [1]],
        ["AC001", [0]],
      ],
    ],
    [
      "small floats",
      floats([0.5, null]),
      [
        ["0.5", [0]],
        ["AC001", [1]],
      ],
    ],
    ["a type that is no id", dates([1, 2]), [["AC001", [0, 1]]]],
    [
      "truth",
      booleans([true, false]),
      [
        ["0", [1]],
        ["1", [0]],
      ],
    ],
  ])("%s", (_, aircraft_id, expected) => {
    expect(flights({ aircraft_id })).toEqual(expected.map(([id, rows]) => [id, "F1", rows]));
  });
});

it("each flight has a grid of its own, and one of a single row has none but is there", () => {
  const count = 420;
  const flight_id = texts(steps(count).map((i) => (i === 0 ? "0" : i < 150 ? "1" : "2")));
  const values = doubles(steps(count));
  const table = { timestamp: times(secondsAfter(steps(count, 0.1))), vib: values, n1: values, flight_id };
  const found = seriesOf(record(table));
  expect(found.map(({ input }) => [input.rowTimes.length, input.rowTimes[0]! - found[0]!.input.rowTimes[0]!])).toEqual([
    [1, 0],
    [149, 0.1e9],
    [270, 15e9],
  ]);
});
