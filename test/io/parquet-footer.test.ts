import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { readParquetFooter } from "../../src/io/parquet-footer.ts";

const DATA = "test/fixtures/data";
const GOOD = `${DATA}/jittered/AC001_20251011_060000.parquet`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "footer-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function codeOf(path: string) {
  const error = await readParquetFooter(path).catch((caught: unknown) => caught);
  return error instanceof Fault ? error.code : "read";
}

async function codeOfBytes(bytes: Uint8Array) {
  const path = join(folder, "x.parquet");
  writeFileSync(path, bytes);
  return codeOf(path);
}

describe("the footer of a Parquet file", () => {
  test("is its bytes, their digest and what they say", async () => {
    const whole = readFileSync(GOOD);
    const length = whole.readUInt32LE(whole.length - 8);
    const expected = whole.subarray(whole.length - 8 - length, whole.length - 8);
    const footer = await readParquetFooter(GOOD);
    expect(Buffer.from(footer.bytes).equals(expected)).toBe(true);
    expect(footer.sha256).toBe(createHash("sha256").update(expected).digest("hex"));
    expect(footer.fileBytes).toBe(whole.length);
    expect(footer.metadata.schema[1]?.name).toBe("timestamp");
  });

  test("keeps nanoseconds of its statistics", async () => {
    const { metadata } = await readParquetFooter(GOOD);
    const statistics = metadata.row_groups[0]?.columns[0]?.meta_data?.statistics;
    expect(statistics?.min_value).toBe(1_760_162_400_125_302_607n);
  });

  test("is read whole when it is longer than the first read", async () => {
    const columnData = Array.from({ length: 1500 }, (_, i) => ({
      name: `column_${i}`,
      data: [i, i + 1],
      type: "INT32" as const,
    }));
    const path = join(folder, "wide.parquet");
    writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));
    const footer = await readParquetFooter(path);
    expect(footer.bytes.length).toBeGreaterThan(16_384);
    expect(footer.metadata.schema).toHaveLength(1501);
  });

  test.each([
    ["000001", "FILE_CORRUPT"],
    ["000002", "FILE_EMPTY"],
    ["000003", "FILE_NOT_PARQUET"],
    ["000008", "FILE_CORRUPT"],
  ])("of the damaged file %s is refused as %s", async (number, code) => {
    expect(await codeOf(`${DATA}/faulty/unreadable/AC091_20251012_${number}.parquet`)).toBe(code);
  });

  test("is refused where lengths or magic are wrong", async () => {
    const tail = (length: number, magic = "PAR1") => {
      const bytes = Buffer.alloc(40);
      bytes.write("PAR1", 0);
      bytes.writeUInt32LE(length, 32);
      bytes.write(magic, 36);
      return bytes;
    };
    expect(await codeOfBytes(Buffer.from("PAR1"))).toBe("FILE_NOT_PARQUET");
    expect(await codeOfBytes(tail(0))).toBe("FILE_CORRUPT");
    expect(await codeOfBytes(tail(29))).toBe("FILE_CORRUPT");
    expect(await codeOfBytes(tail(0xffff_ffff))).toBe("FILE_CORRUPT");
    expect(await codeOfBytes(tail(28))).toBe("FILE_CORRUPT");
    expect(await codeOfBytes(tail(10, "PARE"))).toBe("FILE_UNSUPPORTED");
    expect(await codeOfBytes(tail(10, "XXXX"))).toBe("FILE_CORRUPT");
  });

  test("is refused or read, and nothing else, whatever byte of it is damaged", async () => {
    const whole = readFileSync(`${DATA}/features/AC001_20251011_060000.parquet`);
    const start = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    const path = join(folder, "damaged.parquet");
    const seen = new Set<string>();
    for (let at = start; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = damaged[at]! ^ (1 << (at % 8));
      writeFileSync(path, damaged);
      seen.add(await codeOf(path));
    }
    for (const code of seen) expect(["read", "FILE_CORRUPT"]).toContain(code);
  });

  test("of a file that is gone is a fault of the file system", async () => {
    expect(await codeOf(join(folder, "gone.parquet"))).toBe("FILE_MISSING");
    expect(await codeOf(folder)).toBe("FILE_UNREADABLE");
  });
});
