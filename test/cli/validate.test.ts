import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { secondsAfter, steps } from "../support/record.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";
import { doubles, tableBytes, texts, times } from "../support/write-table.ts";

function validate(data: string[], more: string[] = [], cwd = scratch()) {
  return run(["validate", "--model", detector("1.0.0"), "--data", ...data, "--workers", "2", ...more], { cwd });
}

/** A flight whose ids and columns would take the terminal over. */
function hostileFile(folder: string): string {
  const count = 600;
  const path = join(folder, "AC001_20251012_060000.parquet");
  const signals = ["vib_fan", "vib_compressor", "vib_turbine", "n1", "n2", "egt"];
  const table = {
    timestamp: times(secondsAfter(steps(count, 0.1))),
    flight_id: texts(steps(count).map((i) => (i < 300 ? "\u001b[2Jgone" : "F\u202e2\n"))),
    ...Object.fromEntries(
      signals.map((name, k) => [name, doubles(steps(count).map((i) => 1 + ((i * 37 + k) % 101) / 50))]),
    ),
  };
  writeFileSync(path, tableBytes(table));
  return path;
}

describe("flightbatch validate", () => {
  it("ends with 0 where nothing is found, and leaves nothing behind", async () => {
    const folder = scratch();
    const { code, stdout, stderr } = await validate([fixture("data/raw")], [], folder);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "6 files, 0 failed\nNo findings.\n", stderr: "" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("ends with 1 where something is, and tells what, file by file", async () => {
    const { code, stdout } = await validate([fixture("data/faulty/odd_but_valid")]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/000017\.parquet\n {2}out_of_range \(n1\): 400 values such as -999 where 0 to 110 can be\n/);
    expect(stdout).toMatch(/000021\.parquet\n {2}warning: .*not a JSON object/);
    expect(stdout).not.toMatch(/000008/);
    expect(stdout).toMatch(/21 files, 0 failed\nFindings in 7 files: .*time_backwards 2/);
  });

  it("ends with 1 where files fail, with code and hint, files of one task or not", async () => {
    const { code, stdout } = await validate([fixture("data/faulty/unreadable"), fixture("data/raw")]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /000002\.parquet\n {2}failed: an empty file.*Fetch the file again from its source\. \[FILE_EMPTY\]/,
    );
    expect(stdout).toMatch(/15 files, 9 failed\nNo findings\.\n$/);
  });

  it("tells the same as JSON, every file in order", async () => {
    const { code, stdout } = await validate([fixture("data/faulty")], ["--json"]);
    expect(code).toBe(1);
    const { summary, files, failures } = JSON.parse(stdout);
    expect(Object.keys(summary)).toEqual(["files", "failed", "passed_over", "files_with_findings", "by_check"]);
    expect(summary).toMatchObject({ files: 30, failed: 9, passed_over: 0, files_with_findings: 7 });
    const paths = files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual([...paths].sort());
    expect(files[16]).toMatchObject({ kind: "raw", rows: 24_000, failure: null, warnings: [] });
    expect(files[16].findings).toEqual([
      {
        ...{
          check: "out_of_range",
          aircraft_id: "AC090",
          flight_id: "AC090_20251012_000017",
          signal: "n1",
          count: 400,
        },
        ...{ seconds: null, worst: -999, example: "400 values such as -999 where 0 to 110 can be" },
      },
    ]);
    expect(files[22]).toMatchObject({ rows: null, failure: "FILE_EMPTY", findings: [] });
    expect(failures).toHaveLength(9);
    for (const failure of failures)
      expect(failure).toMatchObject({ code: expect.any(String), hint: expect.any(String) });
  });

  it("passes results of our own over, and finds nothing in nothing", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "data"));
    await run(
      [
        "run",
        "--model",
        detector("1.0.0"),
        "--data",
        fixture("data/features"),
        "--output",
        "data/r.parquet",
        "--quiet",
      ],
      { cwd: folder },
    );
    const { code, stdout } = await validate([join(folder, "data")]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "0 files, 0 failed, 1 results file of our own passed over\nNo findings.\n",
    });
  });

  it("reads files as what they are said to be", async () => {
    const { code, stdout } = await validate([fixture("data/raw")], ["--input-kind", "processed"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/timestamp_start.*\[TIME_MISSING\]/);
  });

  it("lets nothing that a file says reach the terminal as it is", async () => {
    const folder = scratch();
    for (const more of [[], ["--json"]]) {
      const { code, stdout } = await validate([hostileFile(folder)], more);
      expect(code).toBe(1);
      expect(stdout).toMatch(/several_flights/);
      expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  it.each([
    ["data that is not there", ["--data", "nowhere"], /nowhere: nothing there/],
    ["a bundle that is not there", ["--data", ".", "--model", "none"], /none/],
    ["no data", [], /required option '--data/],
    ["no workers", ["--data", ".", "--workers", "0"], /--workers/],
  ])("ends with 2 for %s", async (_, flags, message) => {
    const { code, stdout, stderr } = await run(["validate", "--model", detector("1.0.0"), ...flags], {
      cwd: scratch(),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
