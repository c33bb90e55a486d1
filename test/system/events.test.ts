import { join } from "node:path";
import { expect, it } from "vitest";
import { retuneResults, runBatch } from "../../dist/index.js";
import { detector, fixture, scratch } from "../support/run.ts";
import { python } from "./python.ts";

it("pyarrow reads events and results that were decided again, and pandas finds the same events", async () => {
  const own = scratch();
  const output = join(own, "results.parquet");
  const run = await runBatch({ model: detector("1.0.0"), data: [fixture("data/raw")], output, events: true });
  const again = join(own, "again.parquet");
  await retuneResults({ thresholds: detector("1.0.0"), results: [output], output: again });
  const folder = join(own, "results.run");
  const rows = python("test/system/read_events.py", [
    join(folder, "events.parquet"),
    output,
    join(folder, "windows.parquet"),
    again,
  ]);
  expect(Number(rows)).toBe(run.events!.raised + run.events!.suppressed);
});
