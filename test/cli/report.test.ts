import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { detector, fixture, run, scratch } from "../support/run.ts";

describe("flightbatch report, and run --report", () => {
  let folder: string;
  let scoring: string[];

  beforeAll(async () => {
    folder = scratch();
    const data = fixture("data/features");
    scoring = ["run", "--model", detector("1.2.0"), "--data", data, "--output", "results.parquet", "--workers", "1"];
  });

  it("writes the page at the end of a run, says where, and shows how it was called", async () => {
    const { code, stdout, stderr } = await run([...scoring, "--report"], { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\nReport: results\.run\/report\.html \(\d+ kB\)\n$/);
    expect(readFileSync(join(folder, "results.run/report.html"), "utf8")).toContain(
      "results.parquet --workers 1 --report",
    );
  });

  it("leaves no page of an earlier run beside new results", async () => {
    expect((await run([...scoring, "--quiet"], { cwd: folder })).code).toBe(0);
    expect(existsSync(join(folder, "results.run/report.html"))).toBe(false);
  });

  it("writes it for a run that is there, where it is told to", async () => {
    const { code, stdout, stderr } = await run(["report", "results.parquet", "--output", "a/page.html"], {
      cwd: folder,
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Report: a\/page\.html/);
    expect(existsSync(join(folder, "a/page.html"))).toBe(true);
  });

  it.each([
    [["report", "results.parquet", "--output", "page.pdf"], "expected a file name that ends in .html"],
    [["report", "nothing.parquet"], "nothing there"],
    [["report", "results.run"], "the folder of a run"],
    [["report", "results.parquet", "--flight", "X"], "no scored window of this flight"],
    [["report", "results.parquet", "--model", "nowhere"], "nowhere"],
  ])("refuses %j in words", async (args, words) => {
    const { code, stderr } = await run(args, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("refuses a wrong name, or a shard, before the run", async () => {
    for (const more of [
      ["--report", "page.pdf"],
      ["--report", "--shard", "1/2"],
    ]) {
      const { code, stdout, stderr } = await run([...scoring, "--fresh", ...more], { cwd: folder });
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/ends in \.html|a shard, which is a part of a run/);
    }
  });
});
