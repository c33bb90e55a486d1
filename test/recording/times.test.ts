import { describe, expect, it } from "vitest";
import type { RecordingCounts } from "../../src/recording/recording.ts";
import { record, SECOND, START, secondsAfter, seriesOf, steps } from "../support/record.ts";
import {
  dates,
  doubles,
  floats,
  ints,
  longs,
  type TestColumn,
  type TestTable,
  texts,
  times,
} from "../support/write-table.ts";

const WEEK = 7n * 86_400n * SECOND;

/** A series of one sample a row. */
function series(timestamp: TestColumn): TestTable {
  const values = doubles(timestamp.data.map((_, i) => i));
  return { timestamp, vib: values, n1: values };
}

/** Times of the rows that were kept, nanoseconds since 1970 UTC, and what was counted. */
function kept(timestamp: TestColumn): { times: bigint[]; counts: RecordingCounts } {
  const recording = record(series(timestamp));
  const instants = seriesOf(recording).flatMap(({ originNs, input }) =>
    Array.from(input.rowTimes, (time) => originNs + BigInt(time)),
  );
  return { times: instants, counts: recording.counts };
}

const tenth = (count: number) => secondsAfter(steps(count, 0.1));

describe("times are whole nanoseconds whatever their unit", () => {
  it.each([
    ["NANOS", 1n],
    ["MICROS", 1_000n],
    ["MILLIS", 1_000_000n],
  ] as const)("%s", (unit, ns) => {
    const instants = tenth(5).map((t) => t + 123_000_000n);
    expect(
      kept(
        times(
          instants.map((t) => t / ns),
          unit,
        ),
      ).times,
    ).toEqual(instants);
  });

  it("keeps single nanoseconds, and times before 1970", () => {
    const instants = [-3n, -1n, 0n, 2n].map((t) => t - 5n * SECOND);
    expect(kept(times(instants)).times).toEqual(instants);
  });
});

describe("a time column of another type is refused by name", () => {
  it.each([
    ["dates", dates([20_000, 20_001]), "date"],
    ["integers", longs([START, START + 1n]), "int64"],
    ["small integers", ints([1, 2]), "int32"],
    ["numbers", doubles([1.5, 2.5]), "double"],
    ["text", texts(["2025-10-11T06:00:00Z", "2025-10-11T06:00:01Z"]), "string"],
  ])("%s", (_, timestamp, type) => {
    expect(() => record(series(timestamp))).toThrow(
      expect.objectContaining({ code: "TIME_TYPE", message: expect.stringContaining(`timestamp is ${type}`) }),
    );
  });

  it.each([
    ["MILLIS", 32_503_680_000_000n],
    ["MICROS", -32_503_680_000_000_000n],
  ] as const)("%s in a year that no nanoseconds of 64 bits reach", (unit, first) => {
    expect(() => record(series(times([first, first + 1n], unit)))).toThrow(
      expect.objectContaining({ code: "TIME_TYPE", message: expect.stringContaining("1677") }),
    );
  });

  it("also the end of windows", () => {
    const ends = { timestamp_start: times([START]), timestamp_end: floats([1]), vib: texts([""]), n1: texts([""]) };
    expect(() => record(ends)).toThrow(/timestamp_end is float/);
  });
});

describe("a row without a time, or with one far from the median, is left out and counted", () => {
  it.each<[string, (bigint | null)[], number[], Partial<RecordingCounts>]>([
    ["none missing", tenth(3), [0, 1, 2], {}],
    ["some missing", [null, ...tenth(2), null], [1, 2], { noTime: 2 }],
    ["all missing", [null, null], [], { noTime: 2 }],
    ["7 days before is plausible", [START - WEEK, ...tenth(3)], [0, 1, 2, 3], {}],
    ["7 days after the median is plausible", [...tenth(3), START + WEEK], [0, 1, 2, 3], {}],
    ["a nanosecond more before is not", [...tenth(3), START - WEEK - 1n], [0, 1, 2], { timeImplausible: 1 }],
    [
      "a nanosecond more after is not",
      [START, START, START, START + WEEK + 1n],
      [0],
      { timeImplausible: 1, duplicateTime: 2 },
    ],
    [
      "a wrong clock in the middle row",
      [...tenth(2), 0n, START + SECOND, START + 2n * SECOND],
      [0, 1, 3, 4],
      { timeImplausible: 1 },
    ],
    [
      "no time in the middle row",
      [...tenth(2), null, START + SECOND, START + 2n * SECOND],
      [0, 1, 3, 4],
      { noTime: 1 },
    ],
    ["wrong clocks in all but half", [0n, 1n, START, START + 1n, START + 2n], [2, 3, 4], { timeImplausible: 2 }],
    [
      "of an even count the lower of the middle two is the median",
      [0n, 1n, START, START + 1n],
      [0, 1],
      { timeImplausible: 2 },
    ],
    ["extreme sentinels", [-(2n ** 63n), ...tenth(3), 2n ** 63n - 1n], [1, 2, 3], { timeImplausible: 2 }],
  ])("%s", (_, instants, rows, counted) => {
    const found = kept(times(instants));
    expect(found.times).toEqual(rows.map((row) => instants[row]).sort());
    const expected = { rows: instants.length, noTime: 0, timeImplausible: 0, duplicateTime: 0, ...counted };
    expect(found.counts).toMatchObject(expected);
  });

  it("the median is exact when the middle row's clock is centuries off", () => {
    const instants = [START + 3n, START + 1n, 1n, START, START + 2n - WEEK];
    // In order: 1, START + 2 - WEEK, START and two more: the median is START, of which all but the first are plausible.
    expect(kept(times(instants)).counts.timeImplausible).toBe(1);
  });
});

describe("the rows of a series stand in order of time, each time once", () => {
  const valuesOf = (instants: bigint[]) => {
    const recording = record(series(times(instants)));
    return { values: Array.from(seriesOf(recording)[0]!.input.samples[0]!.values), counts: recording.counts };
  };

  it.each<[string, number[], number[], number]>([
    ["in order", [0, 1, 2], [0, 1, 2], 0],
    ["backwards", [2, 1, 0], [2, 1, 0], 0],
    ["a time twice: the first row stays", [0, 1, 1, 2], [0, 1, 3], 1],
    ["a time thrice, apart", [1, 0, 1, 2, 1], [1, 0, 3], 2],
    ["all the same", [0, 0, 0], [0], 2],
  ])("%s", (_, seconds, rows, duplicates) => {
    const found = valuesOf(secondsAfter(seconds));
    expect(found.values).toEqual(rows);
    expect(found.counts.duplicateTime).toBe(duplicates);
  });
});
