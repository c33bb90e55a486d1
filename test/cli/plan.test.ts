import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detector, fixture, run, scratch } from "../support/run.ts";

const RAW = fixture("data/raw");

describe("flightbatch plan", () => {
  it("says what a run would do, and writes nothing", async () => {
    const cwd = scratch();
    const output = join(cwd, "deep/results.parquet");
    const { code, stdout, stderr } = await run(
      ["plan", "--model", detector("1.0.0"), "--data", RAW, "--output", output, "--workers", "2"],
      { cwd },
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Model: engine_vibration_detector 1\.0\.0 \([0-9a-f]{12}\)$/m);
    expect(stdout).toContain("Files: 6 to read, 1.6 MB (6 raw parquet)\nWindows: 282 expected\nTasks: 6; ");
    expect(stdout).toMatch(/^Will fail: nothing that footers and headers show$/m);
    expect(stdout).toMatch(/^Time: .+s to .+s \(measured on another machine\)\nMemory: .+B to .+B$/m);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("needs no output", async () => {
    const { code, stdout } = await run(["plan", "--model", detector("1.0.0"), "--data", fixture("data/csv")]);
    expect(code).toBe(0);
    expect(stdout).toContain("Windows: 0 expected, and those of 3 files (3 CSV: only reading it would tell)");
  });

  it("ends with 1 where files will fail, and names them", async () => {
    const data = fixture("data/faulty/unreadable");
    const { code, stdout } = await run(["plan", "--model", detector("1.0.0"), "--data", data]);
    expect(code).toBe(1);
    expect(stdout).toContain("Will fail: 8\n");
    expect(stdout).toMatch(/AC091_20251012_000002.parquet: an empty file \(0 bytes\) \[FILE_EMPTY\]/);
    expect(stdout).toMatch(/likely: .*AC091_20251012_000009.parquet: rows 5 s apart \[ROWS_TOO_FAR_APART\]/);
  });

  it("names with --verbose what the filter leaves out and what each file gives", async () => {
    const args = ["plan", "--model", detector("1.0.0"), "--data", RAW, "--filter", "aircraft_id==AC001"];
    const short = await run(args);
    const { stdout } = await run([...args, "--verbose"]);
    expect(short.stdout).toContain(
      "Left out by the filter: 4\n  4 by aircraft_id of the file's .meta.json\nWindows: 94",
    );
    expect(short.stdout).not.toContain("AC002");
    expect(stdout.match(/is AC00[23]$/gm)).toHaveLength(4);
    expect(stdout).toMatch(/AC001_20251011_060000\.parquet: raw parquet, 47 windows$/m);
  });

  it("gives all of it as JSON", async () => {
    const args = ["--data", RAW, fixture("data/faulty/unreadable"), "--filter", "date >= 2025-10-12", "--json"];
    const { code, stdout } = await run(["plan", "--model", detector("1.0.0"), ...args]);
    const plan = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(Object.keys(plan)).toEqual([
      ...["model", "options", "files", "pruned", "windows", "tasks", "redone", "listingFaults", "warnings"],
      ...["estimate", "failures"],
    ]);
    expect(plan.pruned.countsByRule).toEqual({ "times in the rows": 4 });
    expect(plan.files[0]).toEqual({
      path: expect.stringMatching(/AC001_20251012_060000.parquet$/),
      bytes: expect.any(Number),
      format: "parquet",
      source: "footer",
      kind: "raw",
      windows: 47,
      windowsUnknown: null,
      passedOver: false,
      failure: null,
      decodedBytes: expect.any(Number),
    });
    expect(plan.failures).toHaveLength(7);
    expect(plan.estimate).toMatchObject({ basis: "constants", seconds: { low: expect.any(Number) } });
  });

  it("ends with 2 where a run could not be begun", async () => {
    const folder = scratch();
    const plan = (...args: string[]) => run(["plan", "--model", detector("1.0.0"), ...args]);
    expect(await plan("--data", join(folder, "nowhere"))).toMatchObject({ code: 2, stdout: "" });
    expect(await plan("--data", RAW, "--filter", "colour == red")).toMatchObject({ code: 2 });
    expect(await run(["plan", "--model", folder, "--data", RAW])).toMatchObject({ code: 2 });
    mkdirSync(join(folder, "taken.parquet"));
    const taken = await plan("--data", RAW, "--output", join(folder, "taken.parquet"));
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining("a folder")]);
    writeFileSync(join(folder, "file"), "");
    const below = await plan("--data", RAW, "--output", join(folder, "file", "results.parquet"));
    expect([below.code, below.stderr]).toEqual([2, expect.stringContaining("not a folder")]);
    expect(existsSync(join(folder, "results.run"))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)("sees a place that may not be written", async () => {
    const folder = scratch();
    chmodSync(folder, 0o500);
    const args = ["--data", RAW, "--output", join(folder, "results.parquet")];
    const { code, stderr } = await run(["plan", "--model", detector("1.0.0"), ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be written")]);
  });
});
