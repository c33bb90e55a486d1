import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { readCsvHeader } from "../../src/io/csv-header.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "header-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function headerOf(content: string | Uint8Array, name = "x.csv"): Promise<string[] | string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  try {
    return await readCsvHeader(path);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return (error as Fault).code;
  }
}

describe("the header of a CSV file", () => {
  test("is its first line, whatever ends it", async () => {
    for (const end of ["\n", "\r\n", "\r", ""]) {
      expect(await headerOf(`timestamp, a ,b${end}`)).toEqual(["timestamp", "a", "b"]);
    }
    expect(await headerOf("timestamp,a\n2025-10-05,1\n")).toEqual(["timestamp", "a"]);
  });

  test("is found behind a byte order mark, and in quotes", async () => {
    expect(await headerOf('\ufeffaircraft_id,"a,b","c\nd","e""f"\n1,2')).toEqual(["aircraft_id", "a,b", "c\nd", 'e"f']);
  });

  test("is found in a large file without reading it all, gzip or not", async () => {
    const text = `timestamp,a\n${"2025-10-05,1\n".repeat(1_000_000)}`;
    expect(await headerOf(text)).toEqual(["timestamp", "a"]);
    // Cut off in the middle: reading on would be an error.
    const gzip = gzipSync(text + Array.from({ length: 50_000 }, (_, i) => Math.sin(i)).join("\n"));
    expect(await headerOf(gzip.subarray(0, gzip.length - 100_000), "x.CSV.GZ")).toEqual(["timestamp", "a"]);
  });

  test("is missing, damaged or endless", async () => {
    expect(await headerOf("")).toBe("FILE_EMPTY");
    expect(await headerOf("timestamp,a\n", "x.csv.gz")).toBe("FILE_CORRUPT");
    expect(await headerOf("x".repeat(1_100_000))).toBe("CSV_MALFORMED");
    expect(await headerOf(`"${"x\n".repeat(600_000)}`)).toBe("CSV_MALFORMED");
    expect(await headerOf(Uint8Array.of(0x74, 0xff, 0x0a))).toBe("CSV_MALFORMED");
  });
});
