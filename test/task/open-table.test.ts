import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { readParquetFooter } from "../../src/io/parquet-footer.ts";
import { footerOf } from "../../src/recording/parquet/read-parquet.ts";
import { tableSize } from "../../src/recording/parquet/table-size.ts";
import { MemoryGrant } from "../../src/task/memory-grant.ts";
import { readFooter } from "../../src/task/read-input.ts";
import type { ScoredFile } from "../../src/task/score-file.ts";
import { GOLDEN_CASES } from "../support/golden.ts";
import { secondsAfter, steps } from "../support/record.ts";
import { TestScorer } from "../support/scoring.ts";
import { doubles, type TestTable, times } from "../support/write-table.ts";

/** All that came of a file but what the clock says of it. */
function content({ report, chunks }: ScoredFile) {
  return {
    report: { ...report, elapsedMs: 0 },
    chunks: chunks.map((chunk) => ({ ...chunk, latenciesMs: [] })),
  };
}

describe("a file read in batches is scored as one read whole, to the last bit", () => {
  it.each(GOLDEN_CASES)("$name", async ({ data, model }) => {
    const scorer = await TestScorer.open(model);
    const { files } = await listInputs([data]);
    for (const file of files) {
      const whole = await scorer.score(file);
      expect(whole.report.failure).toBeNull();
      expect(content(await scorer.score(file, { wholeFileBytes: 0 }))).toEqual(content(whole));
    }
    await scorer.close();
  });
});

describe("the memory that a file may take", () => {
  let scorer: TestScorer;
  beforeAll(async () => {
    scorer = await TestScorer.make();
  });
  afterAll(() => scorer.close());
  const table = { timestamp: times(secondsAfter(steps(900, 5))), a: doubles(steps(900)), b: doubles(steps(900)) };

  it.each(["file.parquet", "file.csv"])(
    "of %s is refused where it is more than was granted, and what it needs is told",
    async (name) => {
      const rows = steps(900, 5).map((seconds) => `${new Date(seconds * 1000).toISOString()},1,2`);
      const file = await scorer.write(name, name.endsWith(".csv") ? `timestamp,a,b\n${rows.join("\n")}` : table);
      const memory = new MemoryGrant({ bytes: 10_000, isAll: true });
      const { report } = await scorer.score(file, { memory, wholeFileBytes: 0 });
      expect(report.failure).toMatchObject({ code: "OUT_OF_MEMORY", path: file.path });
      expect(memory.refused).toBeGreaterThan(10_000);
      const enough = await scorer.score(file, {
        memory: new MemoryGrant({ bytes: memory.refused!, isAll: true }),
        wholeFileBytes: 0,
      });
      expect(enough.report.failure).toBeNull();
    },
  );

  it("is asked for again where a zipped file holds more text than most", async () => {
    const file = await scorer.write("zeros.csv.gz", gzipSync(`timestamp,a,b\n${" ".repeat(1 << 20)}\n`));
    const memory = new MemoryGrant({ bytes: 1 << 20, isAll: true });
    expect((await scorer.score(file, { memory })).report.failure).toMatchObject({ code: "OUT_OF_MEMORY" });
    expect(memory.refused).toBe(2 << 20);
    const enough = new MemoryGrant({ bytes: 8 << 20, isAll: true });
    expect((await scorer.score(file, { memory: enough })).report.failure).toBeNull();
  });

  it("is judged by the footer, and only by the wanted columns where it is read in batches", async () => {
    const file = await scorer.write("size.parquet", table);
    const judge = (wanted: (name: string) => boolean) => tableSize(footerOf(readFooter(file)), file.sizeBytes, wanted)!;
    const all = judge(() => true);
    expect(all.rowCount).toBe(Number((await readParquetFooter(file.path)).metadata.num_rows));
    expect(all.wholeBytes).toBeGreaterThanOrEqual(900 * 24 + 2 * file.sizeBytes);
    expect(judge((name) => name !== "b").batchBytes).toBeLessThan(all.batchBytes - 900 * 8);
  });

  it("is more for a table of windows, each of which has a row of the results", async () => {
    const sizeOf = async (more: TestTable) => {
      const file = await scorer.write("windows.parquet", { ...table, ...more });
      return tableSize(footerOf(readFooter(file)), file.sizeBytes, (name) => name in table)!.batchBytes;
    };
    expect((await sizeOf({ window_id: doubles(steps(900)) })) - (await sizeOf({}))).toBe(900 * 512);
  });

  it("is not judged where the footer is damaged", () => {
    expect(tableSize(footerOf(new Uint8Array(64)), 64, () => true)).toBeNull();
  });
});
