import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { expectGolden, GOLDEN_CASES } from "../support/golden.ts";
import { digestOfRows, scratch } from "../support/run.ts";

/** Every number of workers and every batch size, in pairs. */
const SETTINGS = [
  { workers: 2, batchSize: 1 },
  { workers: 4, batchSize: 7 },
  { workers: 1, batchSize: 512 },
  { workers: 2, batchSize: 128 },
  { workers: 4, batchSize: 512 },
];

describe("a run gives the reference's answers, and the same bits whatever the workers and the batch size", () => {
  it.each(GOLDEN_CASES)("$name", async (golden) => {
    const folder = scratch();
    const run = async (name: string, options: object) => {
      const output = join(folder, `${name}.parquet`);
      const { failures } = await runBatch({ model: golden.model, data: [golden.data], output, ...options });
      expect(failures).toEqual([]);
      return output;
    };
    const first = await run("first", { workers: 1, batchSize: 128 });
    await expectGolden(golden, first, await loadBundle(golden.model));
    const digest = await digestOfRows(first);
    expect(Number(digest.split(":")[0])).toBeGreaterThan(0);
    for (const settings of SETTINGS)
      expect(await digestOfRows(await run("other", settings)), JSON.stringify(settings)).toBe(digest);
  });
});
