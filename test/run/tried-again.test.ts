import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { detector, fixture, scratch } from "../support/run.ts";

it.each([
  ["OUT_OF_MEMORY", 0, 47],
  ["FILE_FORBIDDEN", 0, 47],
  ["FILE_CORRUPT", 1, 0],
])(
  "tries a file that failed by %s again if that may pass, though nothing of it has changed",
  async (code, reused, windows) => {
    const folder = scratch();
    mkdirSync(join(folder, "data"));
    copyFileSync(join(fixture("data/features"), "AC001_20251011_060000.parquet"), join(folder, "data/a.parquet"));
    const options = {
      model: detector("1.0.0"),
      data: [join(folder, "data")],
      output: join(folder, "r.parquet"),
      workers: 1,
    };
    await runBatch(options);
    // As if the file had failed then.
    const parts = join(folder, "r.run/parts");
    const path = join(parts, readdirSync(parts).find((name) => name.endsWith(".report.json"))!);
    const report = JSON.parse(readFileSync(path, "utf8"));
    report.files[0] = {
      ...report.files[0],
      flights: [],
      failure: { code, found: "", expected: "", hint: "", stage: "read" },
    };
    writeFileSync(path, JSON.stringify(report));
    const again = await runBatch(options);
    expect(again.report.tasks).toEqual({ total: 1, reused });
    expect(again.summary.total_windows).toBe(windows);
  },
);
