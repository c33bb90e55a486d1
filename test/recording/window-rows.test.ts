import { describe, expect, it } from "vitest";
import { computeListWindows } from "../../src/features/compute-list-windows.ts";
import { COVERED, NO_EXTENT } from "../../src/windows/series.ts";
import {
  feature,
  featuresOf,
  listsOf,
  recipe,
  record,
  SECOND,
  START,
  secondsAfter,
  signal,
  steps,
} from "../support/record.ts";
import {
  doubles,
  floats,
  ints,
  lists,
  longs,
  type TestColumn,
  type TestTable,
  texts,
  times,
} from "../support/write-table.ts";

const one = recipe({ signals: [signal("vib", { range: [0, 100] })], features: [feature("a")] });
const WEEK = 7n * 86_400n * SECOND;

/** Windows of 10 s every 5 s with a list each. */
function windows(vib: (number | null)[][] | TestColumn, more: TestTable = {}): TestTable {
  const column = Array.isArray(vib) ? lists(vib) : vib;
  const starts = secondsAfter(steps(column.data.length, 5));
  return {
    timestamp_start: times(starts),
    timestamp_end: times(starts.map((t) => t + 10n * SECOND)),
    vib: column,
    ...more,
  };
}

/** Coverage and first feature of each window. */
function compute(table: TestTable): { coverage: number[]; means: number[] } {
  const found = listsOf(record(table, { recipe: one })).map(({ input }) => computeListWindows(input, one));
  return {
    coverage: found.flatMap(({ coverage }) => Array.from(coverage)),
    means: found.flatMap(({ features }) => Array.from(features[0]!)),
  };
}

const ten = steps(10);
const nine = steps(9);

describe("a row of lists is covered by the samples that are valid, against the usual length", () => {
  const twenty = steps(20);
  it.each<[string, (number[] | (number | null)[] | null)[], number[]]>([
    ["whole lists", [ten, ten], [COVERED, COVERED]],
    ["19 of 20 are enough", [[...steps(19), null], twenty, twenty], [COVERED, COVERED, COVERED]],
    ["18 of 20 are not", [[...steps(18), null, Number.NaN], twenty, twenty], [0, COVERED, COVERED]],
    ["values outside the range count as missing", [[...steps(18), 101, -1], twenty, twenty], [0, COVERED, COVERED]],
    ["infinity counts as missing", [[...steps(18), Infinity, -Infinity], twenty, twenty], [0, COVERED, COVERED]],
    ["null and empty lists cover nothing", [null, [], ten], [0, 0, COVERED]],
    ["a list shorter than the usual", [nine, ten, ten], [0, COVERED, COVERED]],
    ["a list longer than the usual counts by itself", [twenty, ten, ten], [COVERED, COVERED, COVERED]],
    ["of lengths as common the longest is usual", [ten, twenty], [0, COVERED]],
    ["lists that are all null", [null, null], [0, 0]],
  ])("%s", (_, data, coverage) => {
    expect(compute(windows(data as (number | null)[][])).coverage).toEqual(coverage);
  });

  it("what is missing leaves the rest at its place", () => {
    expect(compute(windows([[4, ...new Array<number>(38).fill(5), null]])).means).toEqual([(4 + 38 * 5) / 39]);
  });

  it("a column without any value is taken for lists", () => {
    expect(compute(windows(ints([null, null]))).coverage).toEqual([0, 0]);
    expect(compute(windows(doubles([Number.NaN, null]))).coverage).toEqual([0, 0]);
  });

  it("a column of single numbers is refused by name", () => {
    expect(() => compute(windows(doubles([1, 2])))).toThrow(
      expect.objectContaining({ code: "COLUMN_TYPE", message: expect.stringContaining("vib is double") }),
    );
  });
});

describe("a row of lists has an extent if its end is after its start", () => {
  it.each<[string, bigint | null, number]>([
    ["ten seconds after", START + 10n * SECOND, COVERED],
    ["a nanosecond after", START + 1n, COVERED],
    ["at its start", START, NO_EXTENT],
    ["before its start", START - 1n, NO_EXTENT],
    ["missing", null, NO_EXTENT],
    ["7 days from the usual end", START + 10n * SECOND + WEEK, COVERED],
    ["further from the usual end", START + 10n * SECOND + WEEK + 1n, NO_EXTENT],
    ["centuries off", 0n, NO_EXTENT],
  ])("%s", (_, end, coverage) => {
    const usual = START + 10n * SECOND;
    const table = {
      timestamp_start: times([START, START, START]),
      timestamp_end: times([end, usual, usual]),
      vib: lists([ten, ten, ten]),
    };
    expect(compute(table).coverage).toEqual([coverage, COVERED, COVERED]);
  });

  it("a row without one comes to an end where an order is tracked", () => {
    const order = feature("b", { op: "order_amplitude", speed: "n1", order: 1, ratedRpm: 600 });
    const tracked = recipe({ features: [order] });
    const table = {
      timestamp_start: times([START, START]),
      timestamp_end: times([null, START + 10n * SECOND]),
      vib: lists([steps(100), steps(100)]),
      n1: lists([steps(10, 10), steps(10, 10)]),
    };
    const { coverage, features } = computeListWindows(listsOf(record(table, { recipe: tracked }))[0]!.input, tracked);
    expect([...coverage]).toEqual([NO_EXTENT, COVERED]);
    expect([features[0]![0], features[0]![1]! > 0]).toEqual([Number.NaN, true]);
  });

  it("a start that is missing or implausible leaves the row out", () => {
    const table = {
      timestamp_start: times([null, START, START + WEEK + 1n]),
      timestamp_end: times([START + 1n, START + 1n, START + WEEK + 2n]),
      vib: lists([ten, nine, nine]),
    };
    const recording = record(table, { recipe: one });
    expect(listsOf(recording)[0]!.input.starts.length).toBe(1);
    expect(recording.counts).toMatchObject({ noTime: 1, timeImplausible: 1 });
  });
});

describe("window rows are sorted by aircraft, flight, time and place, and equal times stay", () => {
  const table = {
    timestamp: times(secondsAfter([20, 5, 5, 0, 10])),
    aircraft_id: texts(["B", "A", "A", null, "B"]),
    a: doubles([0, 1, 2, 3, 4]),
  };

  it("features", () => {
    const recording = record(table, { recipe: one });
    const found = featuresOf(recording).map(({ aircraftId, firstRow, features }) => [
      aircraftId,
      firstRow,
      [...features[0]!],
    ]);
    expect(found).toEqual([
      ["A", 0, [1, 2]],
      ["AC001", 2, [3]],
      ["B", 3, [4, 0]],
    ]);
    expect(recording.counts.duplicateTime).toBe(0);
  });

  it("lists", () => {
    const starts = secondsAfter([5, 0, 5]);
    const written = {
      timestamp_start: times(starts),
      timestamp_end: times(starts.map((t) => t + SECOND)),
      vib: lists([[1], [2, 2], [3, 3, 3]]),
    };
    const { input } = listsOf(record(written, { recipe: one }))[0]!;
    expect([...input.lists[0]!.values]).toEqual([2, 2, 1, 3, 3, 3]);
    expect([...input.lists[0]!.offsets]).toEqual([0, 2, 3, 6]);
  });
});

describe("a window row's own id is taken as text", () => {
  const idsOf = (window_id: TestColumn) =>
    featuresOf(
      record(
        {
          timestamp: times(secondsAfter(steps(window_id.data.length, 5))),
          a: doubles(window_id.data.map(() => 1)),
          window_id,
        },
        { recipe: one },
      ),
    )[0]!.windowIds;

  it.each<[string, TestColumn, (string | null)[]]>([
    ["text", texts(["w1", null, "", "w1"]), ["w1", null, "", "w1"]],
    ["whole numbers", longs([1n, null, 9_007_199_254_740_993n]), ["1", null, "9007199254740993"]],
    ["small numbers", ints([1, null]), ["1", null]],
  ])("%s", (_, column, expected) => {
    expect(idsOf(column)).toEqual(expected);
  });
});

describe("a feature is a number that may be missing", () => {
  const valuesOf = (a: TestColumn) => [
    ...featuresOf(record({ timestamp: times(secondsAfter(steps(a.data.length, 5))), a }, { recipe: one }))[0]!
      .features[0]!,
  ];

  it.each<[string, TestColumn, number[]]>([
    ["doubles", doubles([1.5, null, Number.NaN]), [1.5, Number.NaN, Number.NaN]],
    ["floats", floats([0.1, null]), [Math.fround(0.1), Number.NaN]],
    ["integers", ints([3, null]), [3, Number.NaN]],
    ["long integers", longs([3n, null]), [3, Number.NaN]],
  ])("%s", (_, column, expected) => {
    expect(valuesOf(column)).toEqual(expected);
  });

  it("and never text", () => {
    expect(() => valuesOf(texts(["1"]))).toThrow(expect.objectContaining({ code: "COLUMN_TYPE" }));
  });
});
