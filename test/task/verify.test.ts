import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InputFile } from "../../src/io/input-file.ts";
import type { VerifyLevel } from "../../src/task/verify.ts";
import { recipe, secondsAfter, steps } from "../support/record.ts";
import { TestScorer } from "../support/scoring.ts";
import { doubles, type TestTable, times } from "../support/write-table.ts";

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make();
});
afterAll(() => scorer.close());

/** Rows of 10 Hz at these seconds. */
function rowsAt(seconds: number[]): TestTable {
  const ones = doubles(seconds.map(() => 1));
  return { timestamp: times(secondsAfter(seconds)), vib: ones, n1: ones };
}

const MINUTE = steps(600, 0.1);

/** Writes a file, and a sidecar of what `describe` says of it. */
async function fileWith(table: TestTable, describe: (bytes: Uint8Array) => unknown): Promise<InputFile> {
  const file = await scorer.write("AC1_20251011_060000.parquet", table);
  writeFileSync(`${file.path}.meta.json`, JSON.stringify(describe(readFileSync(file.path))));
  return file;
}

async function verify(file: InputFile, level: VerifyLevel) {
  const { report } = await scorer.score(file, { bundle: { recipe: recipe() }, verify: level });
  const warnings = report.warnings.map((warning) => warning.replaceAll(scorer.folder, "."));
  return { time: report.time, failure: report.failure, warnings, scored: report.flights[0]?.scored };
}

const digest = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");
const whole = (bytes: Uint8Array) => ({ record_count: 600, duration_seconds: 60, file_size_bytes: bytes.length });

describe("a file is held against its sidecar", () => {
  it("by size where the sidecar says one, and is silent where it is right", async () => {
    const found = await verify(await fileWith(rowsAt(MINUTE), whole), "size");
    expect(found.warnings).toEqual([]);
    expect(found.time).toMatchObject({ verified: "size", absentNs: 0, absentRows: 0, lengthNs: 60e9 });
  });

  it("and what it promises beyond what is there is absent", async () => {
    const found = await verify(await fileWith(rowsAt(MINUTE.slice(0, 450)), whole), "size");
    expect(found.time).toMatchObject({ verified: "size", absentNs: 15e9, absentRows: 150, lengthNs: 45e9 });
    expect(found.warnings).toEqual([
      "./AC1_20251011_060000.parquet: 450 rows, but its sidecar says 600",
      "./AC1_20251011_060000.parquet: 45 s recorded, but its sidecar promises 60 s",
    ]);
    expect(found.scored).toBe(8);
  });

  it("and rows that are missing inside are no absent time, with or without a duration", async () => {
    const seconds = MINUTE.filter((s) => s < 20 || s >= 35);
    for (const promise of [whole, () => ({ record_count: 600 })]) {
      const { time } = await verify(await fileWith(rowsAt(seconds), promise), "size");
      expect(time).toMatchObject({ absentNs: 0, absentRows: 150, lengthNs: 60e9 });
    }
  });

  it("and a number of rows alone promises as many steps", async () => {
    const { time } = await verify(await fileWith(rowsAt(MINUTE.slice(0, 450)), () => ({ record_count: 600 })), "size");
    expect(time).toMatchObject({ absentNs: 15e9, absentRows: 150 });
  });

  it("and a duration in whole seconds is as good as an exact one", async () => {
    const { time, warnings } = await verify(await fileWith(rowsAt(MINUTE), () => ({ duration_seconds: 60.9 })), "size");
    expect([time.absentNs, warnings]).toEqual([0, []]);
  });

  it("and more rows than it says, or another size, are a warning", async () => {
    const file = await fileWith(rowsAt(MINUTE), () => ({ record_count: 599, file_size_bytes: 7 }));
    const { warnings, time } = await verify(file, "size");
    expect(warnings).toEqual([
      `./AC1_20251011_060000.parquet: ${file.sizeBytes} bytes, but its sidecar says 7`,
      "./AC1_20251011_060000.parquet: 600 rows, but its sidecar says 599",
    ]);
    expect([time.absentNs, time.absentRows]).toEqual([0, 0]);
  });

  it("and what stands there but cannot be is a warning", async () => {
    const nonsense = { record_count: -1, duration_seconds: "60", file_size_bytes: 1.5, checksums: { sha256: "abc" } };
    const { warnings, time } = await verify(await fileWith(rowsAt(MINUTE), () => nonsense), "full");
    expect(time.verified).toBe(null);
    expect(warnings.map((warning) => warning.split(": ")[1])).toEqual([
      "record_count cannot be -1, so it is not compared",
      'duration_seconds cannot be "60", so it is not compared',
      "file_size_bytes cannot be 1.5, so it is not compared",
      "checksums.sha256 is no sha256 digest, so it is not compared",
    ]);
  });

  it("not at all with `off`", async () => {
    const { time, warnings } = await verify(await fileWith(rowsAt(MINUTE.slice(0, 450)), whole), "off");
    expect([time.verified, time.absentNs, time.absentRows, warnings]).toEqual([null, 0, 0, []]);
  });
});

describe("a file's bytes are held against its sidecar's checksums with `full`", () => {
  it.each(["sha256", "md5"])("by its %s", async (algorithm) => {
    const file = await fileWith(rowsAt(MINUTE), (bytes) => ({
      checksums: { [algorithm]: digest(algorithm, bytes).toUpperCase() },
    }));
    expect((await verify(file, "full")).time.verified).toBe("checksum");
    expect((await verify(file, "size")).time.verified).toBe(null);
  });

  it("and a file that differs fails, naming both digests, however well it reads", async () => {
    const file = await fileWith(rowsAt(MINUTE), () => ({
      ...whole(new Uint8Array()),
      checksums: { md5: "0".repeat(32) },
    }));
    const { failure, time } = await verify(file, "full");
    expect(failure).toMatchObject({
      code: "CHECKSUM_MISMATCH",
      found: `a file whose md5 is ${digest("md5", readFileSync(file.path))}`,
      expected: `${"0".repeat(32)}, which its sidecar says`,
      stage: "read",
    });
    // By the footer: from the first row to the last.
    expect(time.lengthNs).toBe(59.9e9);
    expect((await verify(file, "size")).failure).toBe(null);
  });
});

describe("a file that failed", () => {
  it("has the length that its sidecar says where its footer is gone", async () => {
    await fileWith(rowsAt(MINUTE), whole);
    const cut = await scorer.write(
      "AC1_20251011_060000.parquet",
      new TextEncoder().encode("PAR1 and no more than this"),
    );
    const { failure, time } = await verify(cut, "size");
    expect(failure?.code).toBe("FILE_CORRUPT");
    expect(time.lengthNs).toBe(60e9);
  });

  it("has no known length where neither says one", async () => {
    const { report } = await scorer.score(await scorer.write("AC7_20251011_060000.csv", "a,b\n1,2\n"));
    expect(report.failure?.code).toBe("TIME_MISSING");
    expect(report.time).toMatchObject({ aircraftId: "AC7", flightId: "AC7_20251011_060000", lengthNs: null });
  });
});
