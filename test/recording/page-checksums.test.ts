import { readFileSync } from "node:fs";
import { type ColumnMetaData, parquetMetadata } from "hyparquet";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { crc32, crc32ByTable } from "../../src/io/crc32.ts";
import { readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { encodeChunks } from "../../src/results/parquet/write-chunks.ts";
import { columnsOfRun } from "../../src/task/part-files.ts";
import { thriftNumbers, varint } from "../fuzz/thrift.ts";
import { COLUMNS_OF, chunk } from "../support/chunks.ts";
import { fixture } from "../support/run.ts";

/** Bytes of each column chunk of a file, its page headers included. */
function chunksOf(bytes: Uint8Array): { name: string; start: number; end: number }[] {
  return parquetMetadata(bytes).row_groups.flatMap(({ columns }) =>
    columns.map(({ meta_data }) => {
      const { dictionary_page_offset, data_page_offset, total_compressed_size, path_in_schema } =
        meta_data as ColumnMetaData;
      const start = Number(dictionary_page_offset ?? data_page_offset);
      return { name: path_in_schema.join("."), start, end: start + Number(total_compressed_size) };
    }),
  );
}

function failureOf(bytes: Uint8Array): Fault | null {
  try {
    readParquetTable("a.parquet", bytes, () => true).release();
    return null;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function withFlip(bytes: Uint8Array, at: number): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  damaged[at]! ^= 1;
  return damaged;
}

const { results } = columnsOfRun(COLUMNS_OF);
describe.each([
  ["pyarrow has written", readFileSync(fixture("parquet/checksums.parquet"))],
  ["we have written", encodeChunks(results, [chunk(40)], [])],
])("a file with page checksums that %s", (_, bytes) => {
  it("is read", () => {
    expect(failureOf(bytes)).toBeNull();
  });

  it("fails whatever byte of a page is flipped: the last of each column's, in each row group", () => {
    const chunks = chunksOf(bytes);
    expect(chunks.length).toBeGreaterThan(7);
    for (const { name, end } of chunks) {
      const failure = failureOf(withFlip(bytes, end - 1));
      expect(failure?.code, name).toBe("FILE_CORRUPT");
      expect(failure?.message).toContain(`a page of column ${name} whose checksum`);
    }
  });
});

it("refuses a page that claims to hold gigabytes before the decoder makes room for them", () => {
  const bytes = Uint8Array.from(readFileSync(fixture("data/features/AC001_20251012_060000.parquet")));
  const header = bytes.slice(4, 60);
  // After its kind comes the size that it has when it is decompressed.
  const { start, end } = thriftNumbers(header)[1]!;
  const claim = varint(2n ** 31n - 1n, true);
  bytes.set(Buffer.concat([header.subarray(0, start), claim, header.subarray(end)]).subarray(0, 56), 4);
  expect(failureOf(bytes)?.message).toMatch(/a page of column \w+ that claims to hold 2147483647 bytes/);
});

describe("crc32", () => {
  it("is the one of the format, both ways", () => {
    const text = new TextEncoder().encode("123456789");
    expect([crc32(text), crc32ByTable(text)]).toEqual([0xcbf43926, 0xcbf43926]);
    expect(crc32ByTable(new Uint8Array())).toBe(0);
  });
});
