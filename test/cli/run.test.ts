import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detector, fixture, run, scratch } from "../support/run.ts";

const RAW = fixture("data/raw");

function args(folder: string, more: string[] = []): string[] {
  return ["run", "--model", detector("1.0.0"), "--data", RAW, "--output", join(folder, "results.parquet"), ...more];
}

describe("flightbatch run", () => {
  it("ends in its users' four totals, then files and windows, and logs JSON lines", async () => {
    const folder = scratch();
    const { code, stdout, stderr } = await run(args(folder, ["--workers", "2"]), { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^Total windows: 282\nAnomalies detected: 82 \(29\.1%\)\nAvg inference time: [\d.e-]+ms\/window\nTotal time: [\d.]+s\nFiles: 6 scored, 0 failed\nWindows skipped: 0\n/,
    );
    const log = readFileSync(join(folder, "logs/batch_inference.log"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(log.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["planned", "finished"]));
    expect(log.at(-1)).toMatchObject({ total_windows: 282, anomalies: 82 });
  });

  it.each([
    ["run-batch", []],
    ["run_batch", []],
    ["flightbatch", ["run_batch"]],
    ["flightbatch", ["run-batch"]],
  ])("is %s %j too, with underscores in flags", async (launcher, command) => {
    const folder = scratch();
    const given = [
      ...command,
      ...args(folder).slice(1),
      "--batch_size",
      "32",
      "--log_file",
      join(folder, "a_b.log"),
      "--quiet",
    ];
    const { code, stdout, stderr } = await run(given, { launcher, cwd: folder });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(existsSync(join(folder, "results.parquet"))).toBe(true);
    expect(existsSync(join(folder, "a_b.log"))).toBe(true);
  });

  it("writes a line per file with --verbose", async () => {
    const folder = scratch();
    const { stderr } = await run(args(folder, ["--verbose"]), { cwd: folder });
    expect(stderr.match(/AC00\d_\d+_\d+\.parquet: 47 windows, \d+ anomalous, 0 skipped, \d+ms/g)).toHaveLength(6);
  });

  it("ends with 1 where files failed, naming each with its code", async () => {
    const folder = scratch();
    const { code, stdout } = await run(args(folder, ["--data", fixture("data/faulty/unreadable")]), { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toMatch(/Files: 6 scored, 9 failed/);
    expect(stdout).toMatch(/failed: .*AC091_20251012_000002\.parquet: an empty file \(0 bytes\) \[FILE_EMPTY\]/);
  });

  it("says how many files the filter left out, and by which rule", async () => {
    const folder = scratch();
    const { code, stdout } = await run(args(folder, ["--filter", "aircraft_id==AC001"]), { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Files: 2 scored, 0 failed, 4 left out by the filter\n {2}4 by aircraft_id of the file's \.meta\.json/,
    );
  });

  it("says plainly that there were no flights", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "empty"));
    const { code, stdout } = await run(
      ["run", "--model", detector("1.0.0"), "--data", join(folder, "empty"), "--output", join(folder, "r.parquet")],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/No flights: the data holds no input files/);
  });

  const impossible: [string, (folder: string) => string[], RegExp][] = [
    [
      "a bundle that is not there",
      (folder) => ["--model", join(folder, "none"), "--data", RAW, "--output", join(folder, "r.parquet")],
      /none/,
    ],
    [
      "a bundle that cannot be run",
      (folder) => ["--model", folder, "--data", RAW, "--output", join(folder, "r.parquet")],
      /model\.onnx/,
    ],
    [
      "data that is not there",
      (folder) => ["--model", detector("1.0.0"), "--data", join(folder, "none"), "--output", join(folder, "r.parquet")],
      /none.*nothing there/s,
    ],
    [
      "an output of another form",
      (folder) => ["--model", detector("1.0.0"), "--data", RAW, "--output", join(folder, "r.xlsx")],
      /\.xlsx.*\.parquet/s,
    ],
    [
      "an output that cannot be written",
      (folder) => ["--model", detector("1.0.0"), "--data", RAW, "--output", join(folder, "file.txt/r.parquet")],
      /file\.txt.*cannot be written/s,
    ],
    [
      "an output that is a folder",
      (folder) => ["--model", detector("1.0.0"), "--data", RAW, "--output", join(folder, "taken.parquet")],
      /taken\.parquet: a folder/,
    ],
    [
      "a filter with a mistake",
      (folder) => [
        "--model",
        detector("1.0.0"),
        "--data",
        RAW,
        "--output",
        join(folder, "r.parquet"),
        "--filter",
        "aircraft==",
      ],
      /\^/,
    ],
    [
      "a flag that there is not",
      (folder) => [
        "--model",
        detector("1.0.0"),
        "--data",
        RAW,
        "--output",
        join(folder, "r.parquet"),
        "--wrokers",
        "2",
      ],
      /unknown option '--wrokers'/,
    ],
    [
      "a flag with nonsense",
      (folder) => [
        "--model",
        detector("1.0.0"),
        "--data",
        RAW,
        "--output",
        join(folder, "r.parquet"),
        "--workers",
        "many",
      ],
      /--workers/,
    ],
    [
      "no workers",
      (folder) => [
        "--model",
        detector("1.0.0"),
        "--data",
        RAW,
        "--output",
        join(folder, "r.parquet"),
        "--workers",
        "0",
      ],
      /--workers.*1 to/s,
    ],
    ["a flag left out", (folder) => ["--model", detector("1.0.0"), "--output", join(folder, "r.parquet")], /--data/],
  ];
  it.each(impossible)("ends with 2 before any work for %s", async (_, flags, message) => {
    const folder = scratch();
    writeFileSync(join(folder, "file.txt"), "");
    mkdirSync(join(folder, "taken.parquet"));
    const { code, stderr, stdout } = await run(["run", ...flags(folder)], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(existsSync(join(folder, "r.parquet"))).toBe(false);
  });

  it("shows help at once", async () => {
    expect((await run(["--help"])).stdout).toMatch(/run-batch/);
    expect((await run(["run", "--help"])).stdout).toMatch(/--batch-size/);
    expect(await run(["--version"])).toMatchObject({ code: 0, stdout: "0.1.0\n" });
  });
});
