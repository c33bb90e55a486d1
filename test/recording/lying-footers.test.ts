import { readFileSync } from "node:fs";
import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { footerOf, readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { tableSize } from "../../src/recording/parquet/table-size.ts";
import { thriftNumbers, varint } from "../fuzz/thrift.ts";
import { fixture } from "../support/run.ts";

/** The file with each number of its footer in turn replaced by `lie`. */
function liars(bytes: Uint8Array, lie: bigint): Uint8Array[] {
  const end = bytes.length - 8;
  const start = end - new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true);
  const footer = bytes.slice(start, end);
  return thriftNumbers(footer).map((number) => {
    const value = varint(lie, number.isSigned);
    const lied = Buffer.concat([footer.subarray(0, number.start), value, footer.subarray(number.end)]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(lied.length);
    return new Uint8Array(Buffer.concat([bytes.subarray(0, start), lied, length, Buffer.from("PAR1")]));
  });
}

/** What becomes of a file; a Fault or rows. Fails if that takes more than seconds, which no `await` could interrupt. */
function outcomeOf(bytes: Uint8Array): string {
  let outcome = "";
  const read = () => {
    try {
      tableSize(footerOf(bytes), bytes.length, () => true);
      const table = readParquetTable("liar.parquet", bytes, () => true);
      outcome = `${table.rowCount} rows`;
      table.release();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      outcome = error.code;
    }
  };
  Object.assign(globalThis, { readLiar: read });
  vm.runInThisContext("readLiar()", { timeout: 10_000 });
  return outcome;
}

describe("a footer that lies in any one of its numbers is found out or does no harm, in no time", () => {
  it.each([
    // A negative count of children once was a step back that never ended.
    ["checksums.parquet", -1n],
    ["checksums.parquet", 2n ** 31n - 1n],
    ["lists-old-names.parquet", -1n],
    ["lists-old-names.parquet", 2n ** 40n],
  ])("%s, %d", (name, lie) => {
    const files = liars(new Uint8Array(readFileSync(fixture(`parquet/${name}`))), lie);
    expect(files.length).toBeGreaterThan(50);
    const outcomes = new Set(files.map(outcomeOf));
    expect(outcomes.has("FILE_CORRUPT")).toBe(true);
    for (const outcome of outcomes) expect(outcome).toMatch(/^(\d+ rows|FILE_CORRUPT|FILE_UNSUPPORTED|OUT_OF_MEMORY)$/);
  });
});
