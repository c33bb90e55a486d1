import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { GOLDEN_CASES, goldenCounts } from "../support/golden.ts";
import { fixture, scratch } from "../support/run.ts";
import { python } from "./python.ts";

describe("pyarrow and DuckDB read the results with exactly the contract's schema, and find the reference's answers", () => {
  it.each(GOLDEN_CASES)("$name", async (golden) => {
    const output = join(scratch(), "results.parquet");
    await runBatch({ model: golden.model, data: [golden.data], output });
    const rows = python("test/system/read_results.py", [output, fixture(`golden/${golden.name}.parquet`)]);
    expect(Number(rows)).toBe(goldenCounts(golden).windows);
  });
});
