import { describe, expect, it } from "vitest";
import { recipe, record, secondsAfter, seriesOf, signal, steps } from "../support/record.ts";
import { dates, doubles, lists, type TestColumn, type TestTable, texts, times } from "../support/write-table.ts";

const two = recipe({
  signals: [signal("vib", { columns: ["first", "second"] }), signal("n1", { columns: ["n1", "N1"] })],
});
const timestamp = times(secondsAfter(steps(3)));
const of = (value: number) => doubles([value, value, value]);

function read(columns: TestTable) {
  return seriesOf(record({ timestamp, ...columns }, { recipe: two }))[0]!.input.samples.map(({ values }) => values[0]);
}

describe("a signal is the first of its columns that the file has", () => {
  it.each<[string, TestTable, number[]]>([
    ["the first of two", { second: of(2), first: of(1), n1: of(3) }, [1, 3]],
    ["the second alone", { second: of(2), n1: of(3) }, [2, 3]],
    ["names are told apart by case", { first: of(1), N1: of(4) }, [1, 4]],
  ])("%s", (_, columns, expected) => {
    expect(read(columns)).toEqual(expected);
  });

  it("though it holds nothing", () => {
    expect(read({ first: doubles([null, null, null]), second: of(2), n1: of(3) })).toEqual([undefined, 3]);
  });

  it("and a quality belongs to the column, not to the signal", () => {
    const bad = texts(new Array<string>(3).fill("SENSOR_ERROR"));
    expect(read({ second: of(2), n1: of(3), first_quality: bad, vib_quality: bad, N1_quality: bad })).toEqual([2, 3]);
    expect(read({ second: of(2), n1: of(3), second_quality: bad })).toEqual([undefined, 3]);
  });
});

it("names every signal that is missing and the columns that were looked for", () => {
  expect(() => read({ other: of(1) })).toThrow(
    expect.objectContaining({
      code: "SIGNAL_MISSING",
      message: expect.stringMatching(/vib \(looked for first, second\); n1 \(looked for n1, N1\).*timestamp, other/),
    }),
  );
});

describe("a signal's column of another type is refused by name", () => {
  it.each<[string, TestColumn, string]>([
    ["text", texts(["1.5", "2", "3"]), 'column n1 is string (such as "1.5")'],
    ["dates", dates([1, 2, 3]), "column n1 is date"],
    ["lists", lists([[1], [2], [3]]), "column n1 is list<double>"],
  ])("%s", (_, n1, message) => {
    expect(() => read({ first: of(1), n1 })).toThrow(
      expect.objectContaining({ code: "COLUMN_TYPE", message: expect.stringContaining(message) }),
    );
  });

  it("but a column that no signal needs may be of any", () => {
    expect(read({ first: of(1), second: texts(["a", "b", "c"]), n1: of(3), N1: dates([1, 2, 3]) })).toEqual([1, 3]);
  });
});
