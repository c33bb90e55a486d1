import { describe, expect, it } from "vitest";
import { recipe, record, secondsAfter, seriesOf, signal, steps } from "../support/record.ts";
import {
  booleans,
  doubles,
  floats,
  ints,
  longs,
  type TestColumn,
  type TestTable,
  texts,
  times,
} from "../support/write-table.ts";

interface Read {
  values: number[];
  seconds: number[];
  outOfRange: number | undefined;
  unknownQuality: number;
}

/** The samples of a signal, read with each kind of rows: as they stand, out of order, and with another row's time missing. */
function readings(vib: TestColumn, options: { range?: [number, number]; quality?: TestColumn } = {}): Read[] {
  const count = vib.data.length;
  const seconds = steps(count, 0.5);
  const table = (order: number[], extra: boolean): TestTable => {
    const pick = (column: TestColumn, missing: unknown): TestColumn => ({
      ...column,
      data: [...order.map((i) => column.data[i]), ...(extra ? [missing] : [])],
    });
    return {
      timestamp: pick(times(secondsAfter(seconds)), null),
      vib: pick(vib, vib.data[0]),
      n1: pick(doubles(steps(count)), 0),
      ...(options.quality && { vib_quality: pick(options.quality, options.quality.data[0]) }),
    };
  };
  const spec = recipe({ signals: [signal("vib", { range: options.range ?? null }), signal("n1")] });
  const backwards = steps(count).reverse();
  return [table(steps(count), false), table(backwards, false), table(backwards, true)].map((written) => {
    const { counts, ...recording } = record(written, { recipe: spec });
    const { originNs, input } = seriesOf({ counts, ...recording } as typeof recording & { counts: typeof counts })[0]!;
    const { times: at, values } = input.samples[0]!;
    const offset = Number(originNs - secondsAfter([0])[0]!);
    return {
      values: Array.from(values),
      seconds: Array.from(at, (time) => (time + offset) / 1e9),
      outOfRange: counts.outOfRange.vib,
      unknownQuality: counts.unknownQuality,
    };
  });
}

function expectSamples(vib: TestColumn, options: Parameters<typeof readings>[1], expected: (number | null)[]): Read {
  const found = readings(vib, options);
  for (const { values, seconds } of found) {
    expect(values).toEqual(expected.filter((value) => value !== null));
    expect(seconds).toEqual(expected.flatMap((value, i) => (value === null ? [] : [i / 2])));
  }
  return found[0]!;
}

describe("what is missing is no sample", () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  it.each<[string, TestColumn, (number | null)[]]>([
    ["nothing missing", doubles([1, 2, 3]), [1, 2, 3]],
    ["null", doubles([1, null, 3, null]), [1, null, 3, null]],
    ["null first", doubles([null, 2]), [null, 2]],
    ["NaN", doubles([1, nan, 3]), [1, null, 3]],
    ["infinity", doubles([inf, 2, -inf]), [null, 2, null]],
    ["infinity of 32 bits", floats([inf, 2, -inf, null]), [null, 2, null, null]],
    ["all", doubles([null, null]), [null, null]],
    ["the largest number", doubles([Number.MAX_VALUE, -Number.MAX_VALUE]), [Number.MAX_VALUE, -Number.MAX_VALUE]],
    ["integers", ints([5, null, -7]), [5, null, -7]],
    ["long integers", longs([5n, null, -7n]), [5, null, -7]],
    ["truth", booleans([true, null, false]), [1, null, 0]],
  ])("%s", (_, column, expected) => {
    expectSamples(column, {}, expected);
  });

  it("of 100 rows and more, nine of ten null", () => {
    const data = steps(131).map((i) => (i % 10 === 3 ? i : null));
    expectSamples(doubles(data), {}, data);
  });
});

describe("a value outside the range is missing and counted", () => {
  it.each<[string, TestColumn, (number | null)[], number]>([
    ["its edges are inside", doubles([0, 10]), [0, 10], 0],
    ["just outside", doubles([-Number.MIN_VALUE, 5, 10.000000000000002]), [null, 5, null], 2],
    ["minus zero is zero", doubles([-0, 1]), [-0, 1], 0],
    ["NaN, null and infinity are not counted", doubles([Number.NaN, null, Infinity, 11]), [null, null, null, null], 1],
    ["integers", ints([-1, 0, 10, 11]), [null, 0, 10, null], 2],
  ])("%s", (_, column, expected, outOfRange) => {
    expect(expectSamples(column, { range: [0, 10] }, expected).outOfRange).toBe(outOfRange);
  });

  it("a float32 is compared as the float64 it is", () => {
    const found = expectSamples(floats([0.1, 0.25]), { range: [0, 0.1] }, [null, null]);
    expect(found.outOfRange).toBe(2);
  });
});

describe("a quality disowns values", () => {
  const words = [
    "VALID",
    "INTERPOLATED",
    "OUTLIER_CAPPED",
    "OUTLIER_REMOVED",
    "SENSOR_ERROR",
    null,
    "ODD",
    "sensor_error",
  ];
  const used = [0, 1, 2, null, null, 5, 6, 7];

  it("the two that say so; null and what is unknown are used, and the unknown is counted", () => {
    const found = expectSamples(doubles(steps(8)), { quality: texts(words) }, used);
    expect(found.unknownQuality).toBe(2);
  });

  it("also of a column with nulls, and what is disowned is not out of range", () => {
    const data = [null, 1, 99, 99, null, 5, 6, 7];
    const found = expectSamples(doubles(data), { quality: texts(words), range: [0, 10] }, [
      null,
      1,
      null,
      null,
      null,
      5,
      6,
      7,
    ]);
    expect(found.outOfRange).toBe(1);
  });

  it("all null says nothing", () => {
    expectSamples(doubles([1, 2]), { quality: texts([null, null]) }, [1, 2]);
  });
});
