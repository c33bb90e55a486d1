import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Retuned } from "../../src/retune/retuned.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";
import { writeResults } from "../support/write-results.ts";

let folder = "";
const say = (...args: string[]) => run(args, { cwd: folder });

beforeAll(async () => {
  folder = scratch();
  await say("run", "--model", detector("1.0.0"), "--data", fixture("data/raw"), "--output", "r.parquet", "--quiet");
}, 30_000);

describe("flightbatch events", () => {
  it("counts, names the worst, and says where all are: in the run's folder", async () => {
    const { code, stdout, stderr } = await say("events", "r.parquet");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Windows: 282 in [\d.]+ scored hours\nEvents raised: \d+ \(\d+ severe.*per 100 scored hours\n/,
    );
    expect(stdout).toMatch(/\nSuppressed: \d+\n/);
    expect(stdout).toMatch(/\nEvents: r\.run\/events\.parquet\n$/);
    expect(existsSync(join(folder, "r.run/events.parquet"))).toBe(true);
  });

  it("is told at the end of a run that asks for events", async () => {
    const args = ["--model", detector("1.0.0"), "--data", fixture("data/raw"), "--output", "e.parquet", "--events"];
    const { code, stdout } = await say("run", ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nEvents: \d+ raised, \d+ suppressed \(e\.run\/events\.parquet\)\n/);
  });

  it("takes other rules, and refuses what is none", async () => {
    const { stdout } = await say(
      "events",
      "r.parquet",
      "--persistence",
      "off",
      "--cooldown",
      "0",
      "--output",
      "all.csv",
    );
    expect(stdout).toContain("Suppressed: 0\n");
    const raised = Number(/Events raised: (\d+)/.exec(stdout)![1]);
    expect(readFileSync(join(folder, "all.csv"), "utf8").trim().split("\n")).toHaveLength(raised + 1);
    const { code, stderr } = await say("events", "r.parquet", "--persistence", "often");
    expect(code).toBe(2);
    expect(stderr).toContain("3/30");
  });

  it("keeps what a terminal would obey out of what it says", async () => {
    const hostile = "AC\u001b[31m1";
    const rows = [{ aircraft: hostile, at: "2025-01-01T00:00:00", score: 9, severity: 3 }];
    await writeResults(join(folder, "hostile.parquet"), rows);
    const { stdout } = await say("events", "hostile.parquet", "--output", "h.json");
    expect(stdout).toContain("31m1");
    expect(stdout).not.toContain("\u001b");
    expect(JSON.parse(readFileSync(join(folder, "h.json"), "utf8"))[0].aircraft_id).toBe(hostile);
  });
});

describe("flightbatch retune", () => {
  it("says that the own thresholds decide as before, with the workload and a curve", async () => {
    const { code, stdout, stderr } = await say("retune", detector("1.0.0"), "r.parquet");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("\nEvery window is decided as it was.\n");
    expect(stdout).toMatch(/\n {2}AC001 .*\n/);
    expect(stdout).toMatch(/\n {2}cruise .*\n/);
    expect(stdout).toMatch(/\n {2}x 1\.00 .*#+\n/);
    expect(stdout).toMatch(/ {2}anomalies\n {2}x 0\.50 /);
  });

  it("proposes thresholds, writes them, and says all of it as JSON", async () => {
    const args = ["retune", detector("1.0.0"), "r.parquet", "--target-rate", "900", "--write", "new.yaml"];
    const text = await say(...args);
    expect(text.stdout).toMatch(/\nProposed for 900 events per 100 scored hours: gives [\d,.]+\n/);
    expect(text.stdout).toContain("\nThresholds written: new.yaml\n");
    expect(text.stdout).toMatch(/\n {2}approach, landing \(approach_landing\) +[\d.]+\n/);
    const step = /\nAt ([\d.]+) scored hours one event is (\d+) per 100 h: 900 per 100 h are ([\d.]+) in all, too few/;
    const [, hours, one, wanted] = step.exec(text.stdout)!.map(Number);
    expect(one! / (100 / hours!)).toBeCloseTo(1, 1);
    expect(wanted! / (9 * hours!)).toBeCloseTo(1, 1);
    const many = await say("retune", detector("1.0.0"), "r.parquet", "--target-rate", "50000", "--alerts", "windows");
    expect(many.stdout).toContain("Proposed for 50000 anomalous windows");
    expect(many.stdout).not.toContain("too few");
    const { stdout } = await say(...args, "--json");
    const { proposal, curve } = JSON.parse(stdout) as Retuned;
    expect(proposal!.load.events_per_100_hours!).toBeLessThanOrEqual(900);
    expect(curve.map(({ factor }) => factor)[6]).toBe(1);
    const applied = await say("retune", "new.yaml", "r.parquet", "--json");
    expect((JSON.parse(applied.stdout) as Retuned).overall.after).toEqual(proposal!.load);
  });

  it("ends with 2 where the phases are not known", async () => {
    await writeResults(join(folder, "bare.parquet"), [{ at: "2025-01-01T00:00:00" }]);
    const { code, stderr } = await say("retune", detector("1.0.0"), "bare.parquet");
    expect(code).toBe(2);
    expect(stderr).toContain("--explain");
    writeFileSync(join(folder, "bad.yaml"), "severity_levels: 3\n");
    const bad = await say("retune", "bad.yaml", "r.parquet");
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain("reconstruction_error_threshold");
  });
});
