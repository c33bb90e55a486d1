import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { retuneResults } from "../../src/retune/retune-results.ts";
import { GOLDEN_CASES } from "../support/golden.ts";
import { detector, digestOfRows, fixture, scratch } from "../support/run.ts";

describe("with the thresholds that decided them, results come out as they are", () => {
  it.each(GOLDEN_CASES)("$name", { timeout: 30_000 }, async ({ model, data }) => {
    const own = scratch();
    const output = join(own, "results.parquet");
    await runBatch({ model, data: [data], output });
    const again = join(own, "again.parquet");
    const { identical, changes, overall } = await retuneResults({
      thresholds: model,
      results: [output],
      output: again,
    });
    expect({ identical, changes }).toEqual({
      identical: true,
      changes: { to_anomaly: 0, to_normal: 0, severities: 0, phases: 0, thresholds: 0 },
    });
    expect(overall.after).toEqual(overall.before);
    expect(await digestOfRows(again)).toBe(await digestOfRows(output));
  });

  it("also where they explain themselves, as text", async () => {
    const output = join(scratch(), "explained.csv");
    await runBatch({ model: detector("1.0.0"), data: [fixture("data/raw")], output, explain: true });
    const { identical, inputs } = await retuneResults({ thresholds: detector("1.0.0"), results: [output] });
    expect([identical, inputs[0]!.explained_by]).toEqual([true, "results"]);
  });
});
