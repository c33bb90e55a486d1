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

  it("puts what is of a data set beside it, and takes no counts of its last run for those of all", async () => {
    const toSet = scoring.map((word) => (word === "results.parquet" ? "scored/" : word));
    const first = await run([...toSet, "--report"], { cwd: folder });
    expect(first.stdout, first.stderr).toMatch(/\nReport: scored\.run\/report\.html/);
    expect((await run(["report", "scored"], { cwd: folder })).stderr).not.toContain("summary.json");
    expect((await run([...toSet, "--incremental"], { cwd: folder })).stdout).toContain("Nothing to do");
    expect(existsSync(join(folder, "scored.run/report.html"))).toBe(true);
    expect((await run(["report", "scored"], { cwd: folder })).stderr).not.toContain("summary.json");
    const more = toSet.map((word) => (word === fixture("data/features") ? fixture("data/raw") : word));
    expect((await run([...more, "--incremental"], { cwd: folder })).stdout).toContain("Data set:");
    const { code, stdout, stderr } = await run(["report", "scored/"], { cwd: folder });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Report: scored\.run\/report\.html/)]);
    expect(stderr).toContain(
      "as the files tell of the last run alone: how much of the recorded time was scored (summary.json)",
    );
    expect(readFileSync(join(folder, "scored.run/report.html"), "utf8")).not.toContain("All recorded time was scored");
    expect((await run(["events", "scored/"], { cwd: folder })).stdout).toContain(
      "\nEvents: scored.run/events.parquet\n",
    );
    expect((await run(["verify", "scored"], { cwd: folder })).stderr).toContain("a data set is of many runs");
    const retune = await run(["retune", detector("1.2.0"), "scored"], { cwd: folder });
    expect([retune.code, retune.stderr]).toEqual([2, expect.stringContaining("Make the data set with --explain")]);
  }, 20_000);

  it("does not say that all was scored where a filter left nothing", async () => {
    const words = scoring.map((word) => (word === "results.parquet" ? "none.parquet" : word));
    await run([...words, "--filter", "aircraft_id==NONE", "--report"], { cwd: folder });
    const page = readFileSync(join(folder, "none.run/report.html"), "utf8");
    expect(page).toContain("No recorded time was looked at.");
    expect(page).not.toMatch(/All recorded time was scored|all could be read/);
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
