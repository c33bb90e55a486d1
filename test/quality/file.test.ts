import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChecks, QUALITY_CHECKS, type QualityFinding } from "../../src/quality/finding.ts";
import { describeFinding, refuseFindings } from "../../src/quality/strict.ts";
import { recordingQuality } from "../../src/task/file-quality.ts";
import { propertyParameters } from "../properties/random.ts";
import { feature, recipe, record, secondsAfter, signal, steps } from "../support/record.ts";
import {
  booleans,
  dates,
  doubles,
  lists,
  type TestColumn,
  type TestTable,
  texts,
  times,
} from "../support/write-table.ts";
import { noise } from "./flights.ts";

const RECIPE = recipe({ signals: [signal("vib", { range: [0, 10] })], features: [feature("a")] });

/** A table of `count` rows, half a second apart; a column of null is left out. */
function table(count: number, more: Record<string, TestColumn | null> = {}): TestTable {
  const columns = {
    timestamp: times(secondsAfter(steps(count, 0.5))),
    vib: doubles(steps(count).map((i) => 2 + noise(i))),
    ...more,
  };
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, TestColumn] => entry[1] !== null),
  );
}

function findings(written: TestTable, kind?: "features"): QualityFinding[] {
  return recordingQuality(record(written, { recipe: RECIPE, ...(kind && { kind }) }), RECIPE);
}

/** Check, signal and count of each. */
function told(written: TestTable, kind?: "features"): [string, string | null, number][] {
  return findings(written, kind).map(({ check, signal: name, count }) => [check, name, count]);
}

function reordered(written: TestTable, order: number[]): TestTable {
  return Object.fromEntries(
    Object.entries(written).map(([name, column]) => [name, { ...column, data: order.map((i) => column.data[i]) }]),
  );
}

describe("a file", () => {
  it("that is sound has no findings", () => {
    expect(findings(table(400))).toEqual([]);
    expect(findings(table(0))).toEqual([]);
    expect(findings(table(1))).toEqual([]);
  });

  it("has rows without a time, with a time long ago, with another's time", () => {
    const seconds: (bigint | null)[] = secondsAfter(steps(100, 0.5));
    seconds[3] = null;
    seconds[5] = 0n;
    seconds[7] = seconds[6]!;
    seconds[9] = seconds[6]!;
    expect(told(table(100, { timestamp: times(seconds) }))).toEqual([
      ["duplicate_time", null, 2],
      ["time_backwards", null, 1],
      ["no_time", null, 1],
      ["time_implausible", null, 1],
    ]);
    expect(findings(table(100, { timestamp: times(seconds) })).map(({ example }) => example)).toEqual([
      "2 rows with the time of another row: the first stays",
      "1 step back in time from row to row: rows are sorted",
      "1 row without a time, left out",
      "1 row more than 7 days from the file's median time, left out",
    ]);
  });

  it("goes back in time as often as a row of a flight is earlier than the one before", () => {
    const order = [0, 1, 5, 4, 3, 2, ...steps(94).map((i) => i + 6)];
    expect(told(reordered(table(100), order))).toEqual([["time_backwards", null, 3]]);
  });

  it("holds several flights, which may be interleaved without going back in time", () => {
    const ids = texts(steps(100).map((i) => (i % 2 === 0 ? "F2" : "F1")));
    expect(findings(table(100, { flight_id: ids }))).toEqual([
      {
        ...{ check: "several_flights", aircraftId: null, flightId: null, signal: null, count: 2, seconds: null },
        ...{ worst: null, example: "2 flights: AC001/F1, AC001/F2" },
      },
    ]);
    const inTurn = [...steps(50).map((i) => 2 * i), ...steps(50).map((i) => 2 * i + 1)];
    expect(told(reordered(table(100, { flight_id: ids }), inTurn))).toEqual([["several_flights", null, 2]]);
  });

  it("does not say whose it is", () => {
    expect(told(table(100, { aircraft_id: texts(Array(100).fill("unknown")) }))).toEqual([
      ["unknown_identity", null, 1],
    ]);
  });

  it("has qualities of no known meaning", () => {
    const words = steps(100).map((i) => (i < 3 ? "ODD" : "VALID"));
    expect(told(table(100, { vib_quality: texts(words) }))).toEqual([["unknown_quality", null, 3]]);
  });

  it("has values out of range, of which the furthest is told", () => {
    const vib = doubles(
      steps(100).map((i) =>
        i === 4 ? 11 : i === 9 ? -999 : i === 11 ? Number.NaN : i === 12 ? Infinity : 2 + noise(i),
      ),
    );
    const [finding, ...rest] = findings(table(100, { vib }));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      check: "out_of_range",
      signal: "vib",
      aircraftId: "AC001",
      flightId: "F1",
      count: 2,
      worst: -999,
    });
    expect(finding!.example).toBe("2 values such as -999 where 0 to 10 can be");
  });
});

describe("a column of a type that cannot be used", () => {
  it.each<[string, TestColumn, string]>([
    ["aircraft_id", dates(Array(20).fill(20_000)), "date"],
    ["flight_id", lists(Array(20).fill([1])), "list<double>"],
    ["flight_phase", dates(Array(20).fill(1)), "date"],
    ["vib_quality", doubles(Array(20).fill(1)), "double"],
  ])("is told of %s", (name, column, type) => {
    const [finding, ...rest] = findings(table(20, { [name]: column }));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ check: "unusable_column", signal: name, count: 1 });
    expect(finding!.example).toBe(`the column is ${type}, which cannot be used: it is as if it were not there`);
  });

  it("is not one of numbers, of truths, or one that nothing asks for", () => {
    expect(
      told(table(20, { flight_id: doubles(Array(20).fill(7)), flight_phase: booleans(Array(20).fill(true)) })),
    ).toEqual([]);
    expect(told(table(20, { note: dates(Array(20).fill(1)), window_id: dates(Array(20).fill(1)) }))).toEqual([]);
  });

  it("is a window's id in a table of windows", () => {
    const windows = {
      timestamp: times(secondsAfter(steps(20, 5))),
      vib: null,
      a: doubles(steps(20)),
      window_id: dates(Array(20).fill(1)),
    };
    expect(told(table(20, windows), "features")).toEqual([["unusable_column", "window_id", 1]]);
  });
});

describe("a processed table", () => {
  const windows = (vib: (row: number) => number[], range: [number, number] = [0, 10]) => {
    const own = recipe({ signals: [signal("vib", { range, unit: "mils" })], features: [feature("a")] });
    const written = {
      timestamp_start: times(secondsAfter(steps(40, 5))),
      timestamp_end: times(secondsAfter(steps(40, 5).map((s) => s + 10))),
      vib: lists(steps(40).map(vib)),
    };
    return recordingQuality(record(written, { recipe: own }), own).map(({ check, signal: name, count, worst }) => ({
      check,
      name,
      count,
      worst,
    }));
  };
  // Windows overlap by half: sample i of row k is sample 50 k + i of the flight.
  const sound = (row: number) => steps(100).map((i) => 2 + noise(50 * row + i));

  it("is looked at like a series", () => {
    expect(windows(sound)).toEqual([]);
    expect(windows((row) => sound(row).map((x, i) => (50 * row + i === 120 ? 99 : x)))).toEqual([
      { check: "out_of_range", name: "vib", count: 2, worst: 99 },
    ]);
    expect(windows((row) => sound(row).map((x) => 25.4 * x)).map(({ check }) => check)).toEqual([
      "out_of_range",
      "units",
    ]);
  });

  it("may be clipped", () => {
    const clipped = (row: number) => sound(row).map((x) => Math.min(2.7, x));
    expect(windows(clipped)).toMatchObject([{ check: "clipped", name: "vib", worst: 2.7 }]);
  });
});

describe("findings", () => {
  it("do not depend on the order of the rows, but for those of that order", () => {
    const odd = table(400, {
      vib: doubles(steps(400).map((i) => (i > 100 && i < 160 ? 3 : i % 50 === 0 ? 20 : 2 + noise(i)))),
      flight_id: texts(steps(400).map((i) => (i < 300 ? "F1" : "F2"))),
    });
    const of = (written: TestTable) => findings(written).filter(({ check }) => check !== "time_backwards");
    const expected = of(odd);
    expect(expected.map(({ check }) => check)).toEqual(["out_of_range", "out_of_range", "several_flights"]);
    fc.assert(
      fc.property(fc.shuffledSubarray(steps(400), { minLength: 400 }), (order) => {
        expect(of(reordered(odd, order))).toEqual(expected);
      }),
      { ...propertyParameters(), numRuns: 30 },
    );
  });
});

describe("--strict", () => {
  const found = findings(
    table(100, {
      flight_id: texts(steps(100).map((i) => (i < 50 ? "F2" : "F1"))),
      aircraft_id: dates(Array(100).fill(1)),
    }),
  );

  it("refuses a file for the checks that it names, and tells each finding", () => {
    expect(found.map(describeFinding)).toEqual([
      "several_flights: 2 flights: AC001/F1, AC001/F2",
      "unusable_column (aircraft_id): the column is date, which cannot be used: it is as if it were not there",
    ]);
    expect(() => refuseFindings("f.parquet", found, QUALITY_CHECKS)).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({
          code: "QUALITY_REFUSED",
          path: "f.parquet",
          found: "data with 2 findings of several_flights, unusable_column",
          items: found.map(describeFinding),
        }),
      }),
    );
    expect(() => refuseFindings("f.parquet", found, ["unusable_column"])).toThrow(/1 finding of unusable_column/);
  });

  it("lets all else pass", () => {
    refuseFindings("f.parquet", found, ["frozen", "units"]);
    refuseFindings("f.parquet", found, []);
    refuseFindings("f.parquet", [], QUALITY_CHECKS);
  });

  it("reads checks in any order, with commas, blanks and hyphens, and names those that there are not", () => {
    expect(parseChecks(["units, frozen", "out-of-range", ""])).toEqual({
      checks: ["frozen", "out_of_range", "units"],
      unknown: [],
    });
    expect(parseChecks(["frozen,frosen", "__proto__"])).toEqual({
      checks: ["frozen"],
      unknown: ["frosen", "__proto__"],
    });
  });
});
