import { describe, expect, it } from "vitest";
import { checkThrift, readThrift } from "../../src/io/compact-thrift.ts";
import { decodeMetadata } from "../../src/io/parquet-metadata.ts";
import { readPageHeader } from "../../src/recording/parquet/page-header.ts";

/** A list of 2^25 - 1 entries within another, `depth` times, of which no entry is there. */
function nestedLists(depth: number): number[] {
  return [0x19, ...Array(depth).fill([0xf9, 0xff, 0xff, 0xff, 0x0f]).flat()];
}

describe("a structure is read", () => {
  it("with its numbers, truths and structures, over texts and lists", () => {
    const bytes = [0x15, 3, 0x18, 2, 65, 66, 0x12, 0x1c, 0x25, 4, 0, 0x19, 0x25, 2, 4, 0x11, 0, 99];
    const { fields, end } = readThrift(Uint8Array.from(bytes));
    expect([...fields]).toEqual([
      [1, -2],
      [3, false],
      [4, new Map([[2, 2]])],
      [6, true],
    ]);
    expect(end).toBe(bytes.length - 1);
  });
});

describe("a structure is refused", () => {
  it.each<[string, number[]]>([
    ["that ends too early", [0x15]],
    ["whose text is longer than the bytes", [0x18, 9, 65, 0]],
    ["whose list is longer than the bytes", [0x19, 0xf5, 0x7f, 2, 0]],
    ["of lists within lists", nestedLists(100)],
    ["of structures within structures", Array(100).fill(0x1c)],
    ["with a number without end", [0x16, ...Array(11).fill(0x80), 0, 0]],
    ["with a length of more than 32 bits", [0x18, 0x81, 0x80, 0x80, 0x80, 0x10, 65, 0]],
    ["of a type that Parquet does not use", [0x1b, 0, 0]],
  ])("%s", (_, bytes) => {
    expect(() => checkThrift(Uint8Array.from(bytes))).toThrow();
    expect(() => readThrift(Uint8Array.from(bytes))).toThrow();
  });

  it("that has a field twice, or a number of more than 32 bits, where these matter", () => {
    for (const bytes of [
      [0x15, 2, 0x05, 2, 2, 0],
      [0x15, 0x82, 0x80, 0x80, 0x80, 0x10, 0],
    ])
      expect(() => readThrift(Uint8Array.from(bytes))).toThrow();
  });
});

describe("a few bytes that claim lists of lists of millions cost no memory", () => {
  const lists = nestedLists(20);

  it("in a footer", () => {
    const before = process.memoryUsage().rss;
    const file = Uint8Array.from([80, 65, 82, 49, ...lists, lists.length, 0, 0, 0, 80, 65, 82, 49]);
    expect(() => decodeMetadata(file)).toThrow("a list of");
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
  });

  it("in the header of a page", () => {
    expect(readPageHeader(Uint8Array.from(lists), 0, lists.length)).toBeNull();
  });
});
