import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { FuzzReport } from "../fuzz/fuzz.ts";
import { makeFleet, runToEnd } from "../support/fault-run.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FUZZER = join(ROOT, "test/fuzz/dist/test/fuzz/main.js");

describe("damaged files of every form", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [
      join(ROOT, "node_modules/typescript/bin/tsc"),
      "-p",
      join(ROOT, "test/fuzz/tsconfig.json"),
    ]);
  });

  const fuzzer = (args: string[]) =>
    execFileSync(process.execPath, [FUZZER, "--fixtures", "test/fixtures", "--json", ...args], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  it("end in a fault of their own or in a valid score, in bounded time and memory, and touch nothing", () => {
    let text: string;
    try {
      text = fuzzer(["--variants", "1500", "--seed", "7"]);
    } catch (error) {
      // What was found is a failure of the process too.
      text = (error as { stdout: string }).stdout;
    }
    const { variants, wrong, outcomes } = JSON.parse(text) as FuzzReport;
    expect(wrong).toEqual([]);
    expect(variants).toBe(1500);
    expect(Object.keys(outcomes).sort()).toEqual(["csv", "csv.gz", "json", "onnx", "parquet", "pickle", "yaml"]);
    for (const form of ["parquet", "csv", "csv.gz", "pickle", "yaml"])
      expect(Object.keys(outcomes[form]!).length, form).toBeGreaterThan(1);
  });

  it("cost a run themselves alone: every other file has the bits that it has without them", async () => {
    const folder = scratch();
    const good = makeFleet(join(folder, "good"), 4);
    const alone = join(folder, "alone.parquet");
    expect((await runToEnd({ data: [good], output: alone })).code).toBe(0);
    const damaged = join(folder, "damaged");
    fuzzer(["--variants", "600", "--seed", "11", "--write", damaged]);
    const output = join(folder, "all.parquet");
    const { code, stderr } = await runToEnd({ data: [damaged, good], output, more: ["--quiet"] });
    expect(code, stderr).toBe(1);
    const failures = readFileSync(join(folder, "all.run/failures.jsonl"), "utf8").trim().split("\n");
    expect(failures.length).toBeGreaterThan(100);
    expect(failures.filter((line) => /"code":"(INTERNAL|WORKER_CRASHED)"/.test(line))).toEqual([]);
    const bits = (path: string) =>
      query(
        `SELECT md5(string_agg(window_id || anomaly_score::DOUBLE::VARCHAR || is_anomaly, ',' ORDER BY flight_id, window_id)) AS bits, count(*) AS rows FROM read_parquet('${path}') WHERE aircraft_id = 'AC001' AND flight_id < 'AC001_20251012_04'`,
      );
    expect(await bits(output)).toEqual(await bits(alone));
  });
});
