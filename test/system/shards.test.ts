import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeShards, runBatch, runShard } from "../../dist/index.js";
import { partsDone, seededRandom, startRun } from "../support/fault-run.ts";
import { GOLDEN_CASES } from "../support/golden.ts";
import { detector, digestOfRows, fixture, scratch } from "../support/run.ts";

const REPORTS = [
  "summary.json",
  "failures.jsonl",
  "windows.parquet",
  "coverage.parquet",
  "coverage_detail.parquet",
  "quality.parquet",
];

function shuffled<T>(values: T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

describe("every golden case in 1, 3 and 7 shards, in any order, is bit for bit the local run", () => {
  const random = seededRandom(20251124);
  it.each(GOLDEN_CASES)("$name", async ({ data, model }) => {
    const folder = scratch();
    const local = await runBatch({ model, data: [data], output: join(folder, "local.parquet"), workers: 1 });
    const expected = await digestOfRows(local.output);
    for (const count of [1, 3, 7]) {
      const output = join(folder, `${count}.parquet`);
      const numbers = Array.from({ length: count }, (_, i) => i + 1);
      for (const index of shuffled(numbers, random))
        await runShard({ model, data: [data], output, workers: 1, shard: `${index}/${count}` });
      const result = await mergeShards(output);
      expect("merged" in result && result.merged.end).toBe("whole");
      expect(await digestOfRows(output), `${count} shards`).toBe(expected);
      for (const name of REPORTS)
        expect(readFileSync(join(folder, `${count}.run`, name)), name).toEqual(
          readFileSync(join(folder, "local.run", name)),
        );
    }
  });
});

it("shards that are killed again and again come to the same rows, by the same commands", async () => {
  const folder = scratch();
  const data = join(folder, "fleet");
  mkdirSync(data);
  const flight = fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");
  for (let hour = 0; hour < 12; hour++)
    copyFileSync(flight, join(data, `AC001_20251012_${String(hour).padStart(2, "0")}0000.parquet`));
  const output = join(folder, "results.parquet");
  const random = seededRandom(7);
  let kills = 0;
  for (const shard of ["2/3", "1/3", "3/3"]) {
    for (let end: number | null = null; end !== 0; ) {
      const child = startRun({ data: [data], output, more: ["--shard", shard] });
      // Killed at some moment between its start and a little after it should have ended.
      const delay = kills < 9 ? 200 + random() * 1200 : 60_000;
      const timer = setTimeout(() => child.process.kill("SIGKILL"), delay);
      const { code, signal, stderr } = await child.done;
      clearTimeout(timer);
      if (signal === "SIGKILL") kills++;
      else expect(code, stderr).toBe(0);
      end = signal === null ? code : null;
    }
  }
  expect(kills).toBeGreaterThan(0);
  expect(partsDone(output)).toBe(12);
  expect(existsSync(output)).toBe(false);
  expect(await mergeShards(output)).toHaveProperty("merged");
  const local = await runBatch({ model: detector("1.0.0"), data: [data], output: join(folder, "local.parquet") });
  expect(await digestOfRows(output)).toBe(await digestOfRows(local.output));
});
