import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import type { Table } from "../../src/recording/column.ts";
import { type ByteSource, sourceOfBytes } from "../../src/recording/parquet/byte-source.ts";
import { collectorOf } from "../../src/recording/parquet/collect-columns.ts";
import { readParquetInBatches } from "../../src/recording/parquet/read-in-batches.ts";
import { decodeFully, readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { columnValues } from "../support/column-values.ts";

const FOLDER = new URL("../fixtures/parquet/", import.meta.url).pathname;
const EXPECTED = JSON.parse(readFileSync(`${FOLDER}expected.json`, "utf8")) as Record<string, unknown>;
const FILES = [...Object.keys(EXPECTED), "no-rows.parquet", "no-row-groups.parquet", "same-names.parquet"];

function contentOf({ rowCount, columns, release }: Table) {
  const content = [...columns].map(([name, column]) => ({ name, type: column.type, values: columnValues(column) }));
  release();
  return { rowCount, content };
}

describe("a file read in batches is the same as one read whole", () => {
  it.each(FILES)("%s", async (name) => {
    const bytes = readFileSync(`${FOLDER}${name}`);
    const whole = contentOf(readParquetTable(name, bytes, () => true));
    const options = { wanted: () => true, rowCount: 3 };
    expect(contentOf(await readParquetInBatches(name, sourceOfBytes(bytes), options))).toEqual(whole);
  });

  it("names the columns that nobody wants, and reads none of their bytes", async () => {
    const name = "codec-none.parquet";
    const bytes = readFileSync(`${FOLDER}${name}`);
    const whole = contentOf(decodeFully(name, bytes, (one) => one === "timestamp"));
    let read = 0;
    const counting: ByteSource = {
      byteLength: bytes.length,
      read: (start, end) => {
        read += end - start;
        return sourceOfBytes(bytes).read(start, end);
      },
    };
    await readParquetInBatches(name, counting, { wanted: () => true, rowCount: 40 });
    const bytesOfAll = read;
    read = 0;
    const some = await readParquetInBatches(name, counting, { wanted: (one) => one === "timestamp", rowCount: 40 });
    expect(contentOf(some)).toEqual(whole);
    expect(read).toBeLessThan(bytesOfAll);
  });
});

describe("a file that cannot be read in batches", () => {
  it("fails with the fault of its source", async () => {
    const fault = new Fault({ code: "FILE_UNREADABLE", found: "no answer", expected: "bytes", hint: "Try again." });
    const dead: ByteSource = {
      byteLength: 4096,
      read: () => {
        throw fault;
      },
    };
    await expect(readParquetInBatches("x", dead, { wanted: () => true, rowCount: 1 })).rejects.toBe(fault);
  });

  it("is corrupt where damage can be seen, and nothing dies of it", async () => {
    const bytes = readFileSync(`${FOLDER}row-groups.parquet`);
    const outcomes = new Set<string>();
    for (let at = 8; at < bytes.length; at += 23) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 255;
      const reading = readParquetInBatches("x", sourceOfBytes(damaged), { wanted: () => true, rowCount: 40 });
      outcomes.add(
        await reading.then(
          () => "read",
          (error) => (error instanceof Fault ? error.detail.code : String(error)),
        ),
      );
    }
    expect([...outcomes].sort()).toEqual(["FILE_CORRUPT", "read"]);
  });
});

describe("pieces of a column are put together", () => {
  it("also where rows are missing from the second piece on, at any bit", () => {
    const piece = (values: number[], bits: number | null) =>
      ({
        kind: "number",
        type: "float",
        values: Float32Array.from(values),
        validity: bits === null ? null : { bytes: Uint8Array.of(bits), offset: 2 },
      }) as const;
    const collector = collectorOf(piece([], null), 2);
    collector.add(piece([1, 2, 3], null), 3);
    collector.add(piece([4, 5, 6, 7, 8, 9], 0b111010_00), 6);
    collector.add(piece([10, 11], null), 2);
    expect(columnValues(collector.finish())).toEqual([1, 2, 3, null, 5, null, 7, 8, 9, 10, 11]);
  });
});
