import type { FileMetaData, SchemaElement } from "hyparquet";
import { describe, expect, it } from "vitest";
import { loadKernels } from "../../src/kernels/load-kernels.ts";
import { differenceOf, fullContent, quickContent } from "../support/compare-decoders.ts";
import {
  dataPage,
  dictionaryPage,
  doubles,
  type HandmadeColumn,
  handmade,
  integers,
  page,
} from "../support/handmade-parquet.ts";

const PLAIN = 0;
const DICTIONARY = 8;
const ALL = () => true;

function leaf(type: SchemaElement["type"], more: Partial<SchemaElement> = {}): SchemaElement {
  return { name: "x", type: type!, repetition_type: "REQUIRED", ...more };
}

const DOUBLE = leaf("DOUBLE");
const OPTIONAL = leaf("DOUBLE", { repetition_type: "OPTIONAL" });

function file(column: Partial<HandmadeColumn>, lie?: (footer: FileMetaData) => void): Uint8Array {
  const pages = [dataPage(3, PLAIN, doubles(1, 2, 3))];
  return handmade([{ element: DOUBLE, pages, count: 3, ...column }], lie);
}

function valuesOf(bytes: Uint8Array): unknown[] | null {
  return quickContent(bytes, ALL)?.columns.get("x")?.slice(2) ?? null;
}

/** A page of the second version, of three optional doubles, of which the one in the middle is absent. */
function secondPage({ absent = 1, rows = 3, levelBytes = 2 }): Uint8Array {
  const header = {
    field_1: 3,
    field_2: absent,
    field_3: rows,
    field_4: PLAIN,
    field_5: levelBytes,
    field_6: 0,
    field_7: false,
  };
  return page({ field_1: 3, field_8: header }, [3, 0b101, ...doubles(1, 3)]);
}

describe("files made by hand are read quickly, as the large decoder reads them", () => {
  it.each<[string, Uint8Array, unknown[]]>([
    ["a page", file({}), [1, 2, 3]],
    [
      "pages without values",
      file({ pages: [dataPage(0, PLAIN, []), dataPage(3, PLAIN, doubles(1, 2, 3)), dataPage(0, PLAIN, [])] }),
      [1, 2, 3],
    ],
    [
      "a dictionary, and a plain page after it",
      file({
        pages: [
          dictionaryPage(2, doubles(7, 8)),
          dataPage(2, DICTIONARY, [1, 3, 0b10]),
          dataPage(1, PLAIN, doubles(3)),
        ],
      }),
      [7, 8, 3],
    ],
    [
      "indices of no bits",
      file({ pages: [dictionaryPage(1, doubles(7)), dataPage(3, DICTIONARY, [0, 6])] }),
      [7, 7, 7],
    ],
    [
      "indices of 32 bits",
      file({ pages: [dictionaryPage(2, doubles(7, 8)), dataPage(3, DICTIONARY, [32, 6, 1, 0, 0, 0])] }),
      [8, 8, 8],
    ],
    [
      "more packed levels than values",
      file({ element: OPTIONAL, pages: [dataPage(3, PLAIN, [2, 0, 0, 0, 3, 0b11111101, ...doubles(1, 3)])] }),
      [1, null, 3],
    ],
    ["a page of the second version", file({ element: OPTIONAL, pages: [secondPage({})] }), [1, null, 3]],
    [
      "unusual numbers",
      file({ pages: [dataPage(3, PLAIN, doubles(-0, Number.NaN, Number.NEGATIVE_INFINITY))] }),
      [-0, Number.NaN, Number.NEGATIVE_INFINITY],
    ],
  ])("%s", (_, bytes, expected) => {
    expect(valuesOf(bytes)).toEqual(expected);
    const full = fullContent(bytes, ALL);
    expect(typeof full === "string" ? full : differenceOf(quickContent(bytes, ALL)!, full)).toBeNull();
  });
});

describe("the large decoder is asked where", () => {
  const small = {
    element: leaf("INT32", { converted_type: "UINT_8" }),
    pages: [dataPage(3, PLAIN, integers(1, 255, 300))],
  };
  it.each<[string, Uint8Array]>([
    [
      "a dictionary has a negative size",
      file({ pages: [dictionaryPage(-1, doubles(7, 8)), dataPage(3, DICTIONARY, [8, 6, 200])] }),
    ],
    [
      "an index is beyond the dictionary",
      file({ pages: [dictionaryPage(2, doubles(7, 8)), dataPage(3, DICTIONARY, [8, 6, 2])] }),
    ],
    ["there is no dictionary", file({ pages: [dataPage(3, DICTIONARY, [1, 6, 1])] })],
    [
      "a page says otherwise how many values are absent",
      file({ element: OPTIONAL, pages: [secondPage({ absent: 2 })] }),
    ],
    ["a page says otherwise how many rows it has", file({ element: OPTIONAL, pages: [secondPage({ rows: 2 })] })],
    ["levels are longer than their page", file({ element: OPTIONAL, pages: [secondPage({ levelBytes: 200 })] })],
    [
      "a run of levels is longer than 32 bits count",
      file({
        element: OPTIONAL,
        pages: [dataPage(3, PLAIN, [6, 0, 0, 0, 0x86, 0x80, 0x80, 0x80, 0x10, 1, ...doubles(1, 2, 3)])],
      }),
    ],
    [
      "packed levels are more than any page has",
      file({
        element: OPTIONAL,
        pages: [dataPage(3, PLAIN, [7, 0, 0, 0, 0x83, 0x80, 0x80, 0x80, 0x04, 7, 0, ...doubles(1, 2, 3)])],
      }),
    ],
    ["pages have fewer values than the footer says", file({ count: 4 })],
    ["a group has other rows than the file", file({}, (footer) => (footer.num_rows = 4n))],
    [
      "a group has other rows than its column",
      file({}, (footer) => {
        footer.num_rows = 2n;
        footer.row_groups[0]!.num_rows = 2n;
      }),
    ],
    [
      "the chunk is of another type than the schema",
      file({}, (footer) => (footer.row_groups[0]!.columns[0]!.meta_data!.type = "INT64")),
    ],
    [
      "the column lies in another file",
      file({}, (footer) => (footer.row_groups[0]!.columns[0]!.file_path = "b.parquet")),
    ],
    ["the schema has more columns than it says", file({}, (footer) => (footer.schema[0]!.num_children = 0))],
    ["a column neither has to be there nor may be absent", file({ element: { name: "x", type: "DOUBLE" } })],
    ["integers have more bits than they claim", file(small)],
    [
      "two names of a type contradict each other",
      file({
        element: leaf("INT32", {
          converted_type: "UINT_8",
          logical_type: { type: "INTEGER", bitWidth: 16, isSigned: false },
        }),
        pages: small.pages,
      }),
    ],
    [
      "integers have a width that none has",
      file({
        element: leaf("INT32", { logical_type: { type: "INTEGER", bitWidth: 7, isSigned: true } }),
        pages: small.pages,
      }),
    ],
    [
      "two names of a unit contradict each other",
      file({
        element: leaf("INT64", {
          converted_type: "TIMESTAMP_MILLIS",
          logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
        }),
      }),
    ],
  ])("%s", (_, bytes) => {
    expect(quickContent(bytes, ALL)).toBeNull();
  });

  it("rows are claimed of which no column is wanted", () => {
    expect(quickContent(file({}), () => false)?.rowCount).toBe(3);
    expect(
      quickContent(
        file({}, (footer) => (footer.num_rows = -3n)),
        () => false,
      ),
    ).toBeNull();
  });

  it("a literal of Snappy is as long as its 32 bits can say", () => {
    const { run, memory } = loadKernels()!;
    expect(memory.begin(4096)).toBe(true);
    const at = memory.allocate(64);
    const out = memory.allocate(64);
    const block = [1, 0b1111_1100, 255, 255, 255, 255, 0, 9];
    new Uint8Array(memory.buffer).set(block, at);
    expect(run.unpackSnappy(at, block.length, out, 1)).toBe(0);
    memory.end();
  });
});
