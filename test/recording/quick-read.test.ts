import { readdirSync, readFileSync } from "node:fs";
import { snappyUncompress } from "hyparquet";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { loadKernels } from "../../src/kernels/load-kernels.ts";
import type { Table } from "../../src/recording/column.ts";
import { readQuickly } from "../../src/recording/parquet/quick-read.ts";
import { decodeFully, footerOf } from "../../src/recording/parquet/read-parquet.ts";
import { columnValues } from "../support/column-values.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const FILES = (readdirSync(FIXTURES, { recursive: true }) as string[]).filter((name) => name.endsWith(".parquet"));

/** Columns by name, as plain values; those that nobody wanted have none. */
function contentOf(table: Table, wanted: (name: string) => boolean): unknown {
  const columns = [...table.columns].map(([name, column]) => [name, wanted(name) ? columnValues(column) : "-"]);
  const content = { rowCount: table.rowCount, columns };
  table.release();
  return content;
}

function fullContent(bytes: Uint8Array, wanted: (name: string) => boolean): unknown {
  try {
    return contentOf(decodeFully("a.parquet", bytes, wanted), wanted);
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

function quickContent(bytes: Uint8Array, wanted: (name: string) => boolean): unknown {
  const footer = footerOf(bytes);
  const table = footer === null ? null : readQuickly(bytes, footer, wanted);
  return table === null ? null : contentOf(table, wanted);
}

/** A column at a time, so that one of an unusual type does not keep the others from being compared. */
function columnsOf(bytes: Uint8Array): string[] {
  return (
    footerOf(bytes)
      ?.schema.slice(1)
      .map(({ name }) => name) ?? []
  );
}

it.each(["codec-none", "codec-snappy", "small-pages", "row-groups"])("reads instants and numbers of %s", (name) => {
  const bytes = readFileSync(`${FIXTURES}parquet/${name}.parquet`);
  expect(quickContent(bytes, (one) => one === "timestamp" || one === "vib")).not.toBeNull();
});

describe("what is read quickly is what the large decoder reads", () => {
  it.each(FILES)("%s", (name) => {
    const bytes = readFileSync(FIXTURES + name);
    for (const column of columnsOf(bytes)) {
      const wanted = (one: string) => one === column;
      const quick = quickContent(bytes, wanted);
      if (quick !== null) expect(quick, column).toEqual(fullContent(bytes, wanted));
    }
  });
});

describe("damage is never read quickly as something else than the large decoder reads", () => {
  const small = readFileSync(`${FIXTURES}parquet/small-pages.parquet`);
  const none = readFileSync(`${FIXTURES}parquet/codec-none.parquet`);
  const snappy = readFileSync(`${FIXTURES}parquet/codec-snappy.parquet`);
  it.each([
    ["small pages", small],
    ["no compression", none],
    ["Snappy", snappy],
  ])("%s", (_, whole) => {
    const names = columnsOf(whole).filter((name) => quickContent(whole, (one) => one === name) !== null);
    const wanted = (one: string) => names.includes(one);
    expect(names.length).toBeGreaterThan(0);
    const footerStart = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    const undamaged = fullContent(whole, wanted);
    for (let at = 4; at < footerStart; at += 2) {
      const damaged = Uint8Array.from(whole);
      damaged[at]! ^= 1 << (at % 8);
      const quick = quickContent(damaged, wanted);
      if (quick === null) continue;
      const full = fullContent(damaged, wanted);
      // The large decoder also refuses a file for what is not read here: other columns, and bounds in headers.
      expect(quick, `byte ${at}`).toEqual(typeof full === "string" ? undamaged : full);
    }
  });
});

describe("Snappy", () => {
  const { run, memory } = loadKernels()!;
  /** What the kernel makes of a block that claims to hold `size` bytes; null where it refuses it. */
  function unpack(block: Uint8Array, size: number): Uint8Array | null {
    memory.begin(block.length + size + 1024);
    const source = memory.allocate(block.length);
    const target = memory.allocate(size);
    new Uint8Array(memory.buffer).set(block, source);
    const isWhole = run.unpackSnappy(source, block.length, target, size) !== 0;
    const unpacked = isWhole ? new Uint8Array(memory.buffer.slice(target, target + size)) : null;
    memory.end();
    return unpacked;
  }

  it.each([
    ["a literal", [5, 16, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5]],
    ["a copy that overlaps itself", [7, 0, 9, 9, 1], [9, 9, 9, 9, 9, 9, 9].slice(0, 7)],
    ["a copy by two bytes of distance", [8, 4, 1, 2, 22, 2, 0], [1, 2, 1, 2, 1, 2, 1, 2]],
    ["a copy by four bytes of distance", [8, 4, 1, 2, 23, 2, 0, 0, 0], [1, 2, 1, 2, 1, 2, 1, 2]],
    ["a literal whose length takes a byte", [61, 240, 60, ...Array(61).keys()], [...Array(61).keys()]],
  ])("%s", (_, block, expected) => {
    expect([...unpack(Uint8Array.from(block), expected.length)!]).toEqual(expected);
  });

  it.each([
    ["another length than it claims", [6, 16, 1, 2, 3, 4, 5], 5],
    ["a literal that is cut off", [5, 16, 1, 2, 3], 5],
    ["a literal beyond the end", [5, 20, 1, 2, 3, 4, 5, 6], 5],
    ["a distance from before the beginning", [6, 4, 1, 2, 1, 3], 6],
    ["a distance of nothing", [6, 4, 1, 2, 1, 0], 6],
    ["a copy beyond the end", [5, 4, 1, 2, 1, 2], 5],
    ["a block that ends too early", [9, 16, 1, 2, 3, 4, 5], 9],
    ["nothing at all", [], 5],
  ])("refuses %s", (_, block, size) => {
    expect(unpack(Uint8Array.from(block), size)).toBeNull();
  });

  it("unpacks what the other library unpacks, of random blocks", () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    for (let round = 0; round < 300; round++) {
      const { block, size } = randomBlock(random);
      const expected = new Uint8Array(size);
      snappyUncompress(block, expected);
      expect(unpack(block, size)).toEqual(expected);
    }
  });
});

/** Literals and copies of all kinds, in random order. */
function randomBlock(random: (below: number) => number): { block: Uint8Array; size: number } {
  const body: number[] = [];
  let size = 0;
  while (size < 2000) {
    const count = 1 + random(64);
    if (size === 0 || random(3) === 0) {
      const literal = 1 + random(200);
      body.push(...(literal <= 60 ? [(literal - 1) << 2] : [240, literal - 1]));
      for (let i = 0; i < literal; i++) body.push(random(256));
      size += literal;
      continue;
    }
    const distance = 1 + random(Math.min(size, 2000));
    if (distance < 2048 && count >= 4 && count < 12)
      body.push(1 | ((count - 4) << 2) | ((distance >> 8) << 5), distance & 255);
    else if (random(2) === 0) body.push(2 | ((count - 1) << 2), distance & 255, distance >> 8);
    else body.push(3 | ((count - 1) << 2), distance & 255, distance >> 8, 0, 0);
    size += count;
  }
  return { block: Uint8Array.from([(size & 127) | 128, size >> 7, ...body]), size };
}
