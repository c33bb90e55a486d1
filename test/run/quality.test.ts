import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../dist/index.js";
import { query } from "../support/read-parquet.ts";
import { detector, digestOfRows, fixture, run, scratch } from "../support/run.ts";

const ODD = fixture("data/faulty/odd_but_valid");

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  return { model: detector("1.0.0"), data: [ODD], output: join(folder, "results.parquet"), workers: 2, ...more };
}

function findings(folder: string): Promise<Record<string, unknown>[]> {
  const columns = `right(path, 11)[1:3] AS file, aircraft_id, "check", signal, count::INT AS count, seconds, worst, example`;
  return query(`SELECT ${columns} FROM read_parquet('${folder}/results.run/quality.parquet')`);
}

describe("quality.parquet and the summary", () => {
  it("tell what is odd, file by file", async () => {
    const folder = scratch();
    const { summary } = await runBatch(options(folder));
    const rows = await findings(folder);
    expect(rows.map(({ file, check }) => `${file} ${check}`)).toEqual([
      "001 time_backwards",
      "002 duplicate_time",
      "002 time_backwards",
      "013 no_time",
      "015 several_flights",
      "016 time_implausible",
      "017 out_of_range",
      "018 rate",
    ]);
    expect(rows[6]).toEqual({
      ...{ file: "017", aircraft_id: "AC090", check: "out_of_range", signal: "n1", count: 400, seconds: null },
      ...{ worst: -999, example: "400 values such as -999 where 0 to 110 can be" },
    });
    expect(summary.quality).toEqual({
      files_with_findings: 7,
      by_check: {
        ...{ out_of_range: 1, rate: 1, duplicate_time: 1, time_backwards: 2, no_time: 1, time_implausible: 1 },
        several_flights: 1,
      },
    });
    const written = JSON.parse(readFileSync(join(folder, "results.run/summary.json"), "utf8"));
    expect(written.quality).toEqual(summary.quality);
  });

  it("are there where nothing is odd, and can be read", async () => {
    const folder = scratch();
    const { summary } = await runBatch(options(folder, { data: [fixture("data/features")] }));
    expect(summary.quality).toEqual({ files_with_findings: 0, by_check: {} });
    expect(await findings(folder)).toEqual([]);
  });

  it("are the same from the cache, and for a model of the same recipe", async () => {
    const folder = scratch();
    await runBatch(options(folder, { cacheFeatures: true }));
    const first = await findings(folder);
    const again = await runBatch(options(folder, { cacheFeatures: true, fresh: true }));
    expect(again.files.every(({ fromCache }) => fromCache)).toBe(true);
    expect(await findings(folder)).toEqual(first);
  });
});

describe("--strict", () => {
  it("fails the files with findings of the checks, and scores the others as before", async () => {
    const folder = scratch();
    const loose = await runBatch(options(folder, { output: join(folder, "loose.parquet") }));
    const { failures, summary, output } = await runBatch(options(folder, { strict: ["no_time,rate"] }));
    expect(failures.map(({ code, path, items }) => [code, path!.slice(-11, -8), items])).toEqual([
      ["QUALITY_REFUSED", "013", ["no_time: 270 rows without a time, left out"]],
      ["QUALITY_REFUSED", "018", [expect.stringMatching(/^rate \(vib_turbine\): a sample every 0\.02 s/)]],
    ]);
    expect(summary.files).toMatchObject({ total: 21, scored: 19, failed: 2 });
    expect(summary.quality.files_with_findings).toBe(7);
    const kept = join(folder, "kept.parquet");
    const others = "flight_id NOT IN ('AC090_20251012_000013', 'AC090_20251012_000018')";
    await query(`COPY (SELECT * FROM read_parquet('${loose.output}') WHERE ${others}) TO '${kept}'`);
    expect(await digestOfRows(output)).toBe(await digestOfRows(kept));
  });

  it("is for every check without a list, and changes what parts stand on", async () => {
    const folder = scratch();
    await runBatch(options(folder));
    const warnings: string[] = [];
    const { summary, report } = await runBatch(options(folder, { strict: [] }), {
      observer: { warning: (message: string) => void warnings.push(message) },
    });
    expect(summary.files).toMatchObject({ scored: 14, failed: 7 });
    expect(report.tasks.reused).toBe(0);
    expect(warnings).toEqual([expect.stringMatching(/all parts of the run before: --strict changed/)]);
    expect((await runBatch(options(folder, { strict: [] }))).report.tasks.reused).toBe(report.tasks.total);
  });

  it("is a flag, with a list, several or none, and knows its checks", async () => {
    const folder = scratch();
    const call = (...strict: string[]) =>
      run(["run", "--model", detector("1.0.0"), "--data", ODD, "--output", "r.parquet", "--fresh", ...strict], {
        cwd: folder,
      });
    const all = await call("--strict");
    expect(all).toMatchObject({ code: 1, stdout: expect.stringMatching(/Files: 14 scored, 7 failed/) });
    expect(all.stdout).toMatch(/Data quality: findings in 7 files: out_of_range 1, .* \(r\.run\/quality\.parquet\)/);
    expect(all.stdout).toMatch(/failed: .*000013\.parquet: data with 1 finding of no_time \[QUALITY_REFUSED\]/);
    expect((await call("--strict", "no_time", "--strict", "rate,frozen")).stdout).toMatch(/Files: 19 scored, 2 failed/);
    const unknown = await call("--strict", "frosen");
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/--strict: frosen; expected checks of the data's quality: frozen, clipped/);
  });

  it("names the findings of each file with --verbose", async () => {
    const folder = scratch();
    const flags = ["run", "--model", detector("1.0.0"), "--data", ODD, "--output", "r.parquet", "--verbose"];
    const { stderr } = await run(flags, { cwd: folder });
    expect(stderr).toMatch(/000018\.parquet: .* skipped, \d+ms, findings: rate \(vib_turbine\)\n/);
    expect(stderr).toMatch(/000008\.parquet: .* skipped, \d+ms\n/);
  });
});
