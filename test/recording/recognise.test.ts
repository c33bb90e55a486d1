import { describe, expect, it } from "vitest";
import type { InputKind } from "../../src/recording/recording.ts";
import { listsOf, recipe, record, secondsAfter, steps } from "../support/record.ts";
import { doubles, lists, type TestTable, texts, times } from "../support/write-table.ts";

const every = (count: number, step: number) => times(secondsAfter(steps(count, step)));
const ones = (count: number) => doubles(new Array<number>(count).fill(1));
const features = (count: number) => ({ a: ones(count), b: ones(count) });
const signals = (count: number) => ({ vib: ones(count), n1: ones(count) });
const pairs = (count: number) => lists(new Array<number[]>(count).fill([1, 2]));

function kindOf(table: TestTable): string {
  try {
    return record(table).kind;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("a file's kind follows from its columns and its step", () => {
  it.each<[string, TestTable, InputKind | string]>([
    ["features a hop apart", { timestamp: every(9, 5), ...features(9) }, "features"],
    ["features half a hop apart", { timestamp: every(9, 2.5), ...features(9) }, "features"],
    ["features a nanosecond closer", { timestamp: every(9, 2.499999999), ...features(9), ...signals(9) }, "raw"],
    [
      "features that lie close, with window_id",
      { timestamp: every(9, 1), window_id: texts(new Array(9).fill("w")), ...features(9) },
      "features",
    ],
    ["features of a single row", { timestamp: every(1, 1), ...features(1) }, "features"],
    ["features of equal times alone", { timestamp: times(secondsAfter([1, 1, 1])), ...features(3) }, "features"],
    ["steps of 0 do not count", { timestamp: times(secondsAfter([0, 0, 0, 0, 5, 5, 10])), ...features(7) }, "features"],
    ["features without a row", { timestamp: times([]), ...features(0) }, "features"],
    [
      "features before lists",
      { timestamp: every(3, 5), timestamp_start: every(3, 5), timestamp_end: every(3, 5), ...features(3) },
      "features",
    ],
    ["lists", { timestamp_start: every(3, 5), timestamp_end: every(3, 5), vib: pairs(3), n1: pairs(3) }, "processed"],
    [
      "lists before a series",
      {
        timestamp: every(3, 1),
        timestamp_start: every(3, 5),
        timestamp_end: every(3, 5),
        vib: pairs(3),
        n1: pairs(3),
      },
      "processed",
    ],
    [
      "a feature that is a list is none",
      {
        timestamp_start: every(3, 5),
        timestamp_end: every(3, 5),
        timestamp: every(3, 5),
        a: pairs(3),
        b: pairs(3),
        vib: pairs(3),
        n1: pairs(3),
      },
      "processed",
    ],
    ["a series", { timestamp: every(9, 0.1), ...signals(9) }, "raw"],
    [
      "a series with a quality",
      { timestamp: every(9, 0.1), ...signals(9), vib_quality: texts(new Array(9).fill("VALID")) },
      "interim",
    ],
    ["a feature too few", { timestamp: every(9, 5), a: ones(9), ...signals(9) }, "ROWS_TOO_FAR_APART"],
    ["no time", signals(3), "TIME_MISSING"],
    ["a start without an end", { timestamp_start: every(3, 5), vib: pairs(3), n1: pairs(3) }, "TIME_MISSING"],
  ])("%s", (_, table, kind) => {
    expect(kindOf(table)).toBe(kind);
  });
});

it("rows may lie a quarter of the window apart, and no further", () => {
  expect(kindOf({ timestamp: every(20, 2.5), ...signals(20) })).toBe("raw");
  expect(kindOf({ timestamp: every(20, 2.500000001), ...signals(20) })).toBe("ROWS_TOO_FAR_APART");
});

describe("the kind that the user gives counts", () => {
  const table = { timestamp: every(9, 5), ...features(9), ...signals(9) };

  it("over what would be recognised", () => {
    expect(record(table).kind).toBe("features");
    expect(() => record(table, { kind: "raw" })).toThrow(/rows 5 s apart/);
    expect(record({ ...table, timestamp: every(9, 1) }, { kind: "features" }).kind).toBe("features");
    expect(record({ timestamp: every(9, 1), ...signals(9) }, { kind: "interim" }).kind).toBe("interim");
  });

  it("but names the features that the file does not have", () => {
    expect(() => record({ timestamp: every(9, 5), a: ones(9) }, { kind: "features" })).toThrow(
      expect.objectContaining({ code: "FEATURE_MISSING", message: expect.stringMatching(/\bb\b/) }),
    );
  });

  it("but asks for the times of that kind", () => {
    expect(() => record(table, { kind: "processed" })).toThrow(expect.objectContaining({ code: "TIME_MISSING" }));
  });
});

it("a processed table with signals that are named like features is read by its own starts", () => {
  const table = {
    timestamp: times(secondsAfter([100, 101, 102])),
    timestamp_start: times(secondsAfter([0, 5, 10])),
    timestamp_end: times(secondsAfter([10, 15, 20])),
    a: ones(3),
    b: ones(3),
    vib: pairs(3),
    n1: pairs(3),
  };
  const recording = record(table, { recipe: recipe() });
  expect(recording.kind).toBe("processed");
  const { originNs, input } = listsOf(recording)[0]!;
  expect(Array.from(input.starts, (start) => originNs + BigInt(start))).toEqual(secondsAfter([0, 5, 10]));
  expect(recording.counts.noTime).toBe(0);
});
