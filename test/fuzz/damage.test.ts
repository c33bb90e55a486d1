import { readFileSync } from "node:fs";
import { parquetMetadata } from "hyparquet";
import { describe, expect, it } from "vitest";
import { fixture } from "../support/run.ts";
import { damage, diceOf } from "./damage.ts";
import { thriftNumbers, varint } from "./thrift.ts";

const bytes = new Uint8Array(readFileSync(fixture("data/features/AC001_20251012_060000.parquet")));
const other = new Uint8Array(readFileSync(fixture("data/features/AC002_20251012_073000.parquet")));
const footerEnd = bytes.length - 8;
const footerStart = footerEnd - new DataView(bytes.buffer).getUint32(footerEnd, true);

describe("damage", () => {
  it("is the same for the same seed, and nearly always another file", () => {
    const unchanged: Record<string, number> = {};
    const ways = new Set<string>();
    for (let seed = 0; seed < 1500; seed++) {
      const { how, bytes: damaged } = damage("parquet", bytes, { dice: diceOf(seed), other });
      const again = damage("parquet", bytes, { dice: diceOf(seed), other }).bytes;
      expect(Buffer.compare(again, damaged)).toBe(0);
      ways.add(how);
      if (Buffer.compare(damaged, bytes) === 0) unchanged[how] = (unchanged[how] ?? 0) + 1;
    }
    expect([...ways].filter((how) => !how.includes("+")).length).toBe(14);
    for (const [how, count] of Object.entries(unchanged)) expect(count, how).toBeLessThan(40);
  });
});

describe("thriftNumbers", () => {
  it("finds the numbers of a footer to its very end, such as its rows, and each can be another", () => {
    const footer = bytes.slice(footerStart, footerEnd);
    const numbers = thriftNumbers(footer);
    expect(numbers.length).toBeGreaterThan(200);
    const rows = parquetMetadata(bytes).num_rows;
    const written = Buffer.from(varint(rows, true));
    const hits = numbers.filter(({ start, end }) => written.equals(footer.subarray(start, end)));
    const lies = hits.map(({ start, end }) => {
      const lied = Buffer.concat([footer.subarray(0, start), varint(2n ** 40n, true), footer.subarray(end)]);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(lied.length);
      return parquetMetadata(
        new Uint8Array(Buffer.concat([bytes.subarray(0, footerStart), lied, length, Buffer.from("PAR1")])),
      ).num_rows;
    });
    expect(lies).toContain(2n ** 40n);
  });
});
