import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isInShape } from "../../src/recording/parquet/footer-shape.ts";
import { readPageHeader } from "../../src/recording/parquet/page-header.ts";
import { thriftNumbers, varint } from "../fuzz/thrift.ts";
import { differenceOf, fullContent, quickColumnNames, quickContent } from "../support/compare-decoders.ts";
import { dataPage, doubles, handmade } from "../support/handmade-parquet.ts";
import { fixture } from "../support/run.ts";

function footerBytes(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 8;
  return bytes.subarray(end - new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true), end);
}

function withFooter(bytes: Uint8Array, footer: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const pages = bytes.subarray(0, bytes.length - 8 - footerBytes(bytes).length);
  return new Uint8Array(Buffer.concat([pages, footer, length, Buffer.from("PAR1")]));
}

describe("footers of sound files are in shape", () => {
  const names = readdirSync(fixture("parquet")).filter((name) => /parquet$/.test(name) && !/^encrypted/.test(name));
  it.each(names)("%s", (name) => {
    expect(isInShape(footerBytes(new Uint8Array(readFileSync(fixture(`parquet/${name}`)))))).toBe(true);
  });
});

describe("a footer is out of shape", () => {
  const sound = footerBytes(handmade([{ element: { name: "x", type: "DOUBLE" }, pages: [], count: 0 }]));
  it.each<[string, (footer: Uint8Array) => Uint8Array]>([
    ["that goes on behind its end", (footer) => Uint8Array.from([...footer, 0])],
    ["that is cut off", (footer) => footer.slice(0, -1)],
    ["whose version is of another type", (footer) => Uint8Array.from([0x16, ...footer.slice(1)])],
    ["that has its version twice", (footer) => Uint8Array.from([0x15, 4, 0x05, 2, ...footer.slice(1)])],
    ["that lacks its version", (footer) => Uint8Array.from([0x29, ...footer.slice(3)])],
    ["with a name that is no text", (footer) => footer.map((byte) => (byte === 0x78 ? 0xff : byte))],
  ])("%s", (_, change) => {
    expect(isInShape(sound)).toBe(true);
    expect(isInShape(change(sound))).toBe(false);
  });
});

it("a page of the first version is one only with all that it has to say", () => {
  const page = dataPage(3, 0, doubles(1, 2, 3));
  expect(readPageHeader(page, 0, page.length)?.kind).toBe("data");
  // The last field of the inner structure, how repetition levels are encoded, left out.
  const header = page.subarray(0, page.length - 24);
  const shorter = Uint8Array.from([...header.slice(0, -4), 0, 0]);
  expect(readPageHeader(shorter, 0, shorter.length)).toMatchObject({ kind: "other", end: shorter.length + 24 });
});

const LIES = [-1n, 1n, 2n ** 31n - 1n];

it("a lie in a number of a footer is read quickly only as the large decoder reads it, or does not touch the values", () => {
  const sound = new Uint8Array(readFileSync(fixture("parquet/row-groups.parquet")));
  const footer = footerBytes(sound);
  let refused = 0;
  for (const [i, { start, end, isSigned }] of thriftNumbers(footer).entries()) {
    const lie = varint(LIES[i % LIES.length]!, isSigned);
    const parts = [footer.subarray(0, start), lie, footer.subarray(end)];
    const lied = withFooter(sound, new Uint8Array(Buffer.concat(parts)));
    const names = quickColumnNames(lied);
    const wanted = (name: string) => names.includes(name);
    const quick = names.length === 0 ? null : quickContent(lied, wanted);
    if (quick === null) {
      refused++;
      continue;
    }
    // It refuses a file also for what it says of other columns, and for bounds.
    const full = fullContent(lied, wanted);
    const expected = typeof full === "string" ? quickContent(sound, wanted)! : full;
    expect(differenceOf(quick, expected), `byte ${start} of the footer`).toBeNull();
  }
  expect(refused).toBeGreaterThan(20);
});
