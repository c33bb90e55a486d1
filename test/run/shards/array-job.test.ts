import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type MergeResult, mergeShards, type RunOptions, runBatch, runShard } from "../../../dist/index.js";
import { detector, digestOfRows, fixture, run, scratch } from "../../support/run.ts";

const FLIGHT = fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");
/** Reports that name no time of day and no latency. */
const REPORTS = ["summary.json", "failures.jsonl", "windows.parquet"];

/** Six copies of a flight in six tasks, and two files that cannot be read. */
function fleet(folder: string): string {
  const data = join(folder, "fleet");
  mkdirSync(data);
  for (let hour = 0; hour < 6; hour++) copyFileSync(FLIGHT, join(data, `AC001_20251012_0${hour}0000.parquet`));
  for (const name of ["AC091_20251012_000001.parquet", "AC091_20251012_000002.parquet"])
    copyFileSync(fixture(`data/faulty/unreadable/${name}`), join(data, name));
  return data;
}

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  const data = [join(folder, "fleet")];
  return { model: detector("1.0.0"), data, output: join(folder, "results.parquet"), workers: 1, ...more };
}

function merged(result: MergeResult): Extract<MergeResult, { merged: unknown }>["merged"] {
  if ("missing" in result) throw new Error(`missing: ${JSON.stringify(result.missing)}`);
  return result.merged;
}

/** The parts that stand, by their reports, with the time of their writing. */
function partsOf(folder: string): Record<string, number> {
  const parts = join(folder, "results.run/parts");
  const names = readdirSync(parts).filter((name) => name.endsWith("report.json"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(parts, name)).length]));
}

let whole: string;
beforeAll(async () => {
  whole = scratch();
  fleet(whole);
  await runBatch(options(whole));
});

async function expectLikeWhole(folder: string): Promise<void> {
  expect(await digestOfRows(join(folder, "results.parquet"))).toBe(await digestOfRows(join(whole, "results.parquet")));
  const text = (at: string, name: string) => readFileSync(join(at, "results.run", name), "latin1").replaceAll(at, "");
  for (const name of REPORTS) expect(text(folder, name), name).toBe(text(whole, name));
}

describe("shards of one run", () => {
  it("come to the same results and reports as the whole run, in any order, one done twice and one by several at once", async () => {
    const folder = scratch();
    fleet(folder);
    const third = await runShard({ ...options(folder), shard: "3/3" });
    expect(third).toMatchObject({ end: "whole", shard: { index: 3, count: 3 }, reused: 0 });
    expect(existsSync(join(folder, "results.parquet"))).toBe(false);
    await Promise.all(["1/3", "2/3"].map((shard) => runShard({ ...options(folder), shard })));
    const again = await runShard({ ...options(folder), shard: "3/3" });
    expect(again.reused).toBe(again.tasks);
    expect(again.standing).toEqual({ tasks: again.standing.tasks, done: again.standing.tasks });
    const { failures, report } = merged(await mergeShards(join(folder, "results.run")));
    expect(failures).toHaveLength(2);
    expect(report.tasks.total).toBe(again.standing.tasks);
    await expectLikeWhole(folder);
    // Once more is the same again: a scheduler may repeat it.
    merged(await mergeShards(join(folder, "results.parquet")));
    await expectLikeWhole(folder);
  });

  it("share the work so that each has about as much, and none twice", async () => {
    const folder = scratch();
    fleet(folder);
    const shards = await Promise.all(["1/2", "2/2"].map((shard) => runShard({ ...options(folder), shard })));
    const paths = shards.flatMap(({ files }) => files.map(({ path }) => path));
    expect(new Set(paths).size).toBe(8);
    expect(paths).toHaveLength(8);
    const bytes = shards.map(({ files }) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    expect(Math.abs(bytes[0]! - bytes[1]!)).toBeLessThan(300_000);
  });

  it("notice inputs, options and numbers that are not those of the others, and say which", async () => {
    const folder = scratch();
    const data = fleet(folder);
    await runShard({ ...options(folder), shard: "1/2" });
    await expect(runShard({ ...options(folder), shard: "1/3" })).rejects.toThrow(
      /the number of shards: 3 here, 2 in the others/,
    );
    await expect(runShard({ ...options(folder, { explain: true }), shard: "2/2" })).rejects.toThrow(
      /--explain: true here, false/,
    );
    await expect(
      runShard({ ...options(folder, { output: join(folder, "results.csv") }), shard: "2/2" }),
    ).rejects.toThrow(/results\.csv here/);
    utimesSync(join(data, "AC001_20251012_010000.parquet"), 1, 1);
    rmSync(join(data, "AC001_20251012_020000.parquet"));
    copyFileSync(FLIGHT, join(data, "AC001_20251012_090000.parquet"));
    const shard = await run([
      ...["run", "--model", detector("1.0.0"), "--data", data, "--output", join(folder, "results.parquet")],
      ...["--shard", "2/2", "--log-file", join(folder, "log")],
    ]);
    expect(shard.code).toBe(2);
    expect(shard.stderr).toMatch(/090000\.parquet: new here/);
    expect(shard.stderr).toMatch(/020000\.parquet: not there any more/);
    expect(shard.stderr).toMatch(/010000\.parquet: changed/);
  });

  it("are told of another processor than that of the plan, and go on", async () => {
    const folder = scratch();
    fleet(folder);
    await runShard({ ...options(folder), shard: "1/2" });
    const path = join(folder, "results.run/shards/0001.plan.json");
    const plan = JSON.parse(readFileSync(path, "utf8"));
    plan.plan.record.ingredients["the processor"] = "another";
    writeFileSync(path, JSON.stringify(plan));
    const warnings: string[] = [];
    const observer = { warning: (message: string) => warnings.push(message) };
    const { end } = await runShard({ ...options(folder), shard: "2/2" }, { observer });
    expect(end).toBe("whole");
    expect(warnings.join("\n")).toMatch(/another processor here \(.*\) than where this was begun \(another\)/);
  });

  it("begin anew after a merge when inputs have changed, and keep what stands", async () => {
    const folder = scratch();
    const data = fleet(folder);
    for (const shard of ["1/2", "2/2"]) await runShard({ ...options(folder), shard });
    merged(await mergeShards(join(folder, "results.run")));
    const before = Object.keys(partsOf(folder));
    copyFileSync(FLIGHT, join(data, "AC002_20251012_090000.parquet"));
    const shards = [];
    for (const shard of ["1/2", "2/2"]) shards.push(await runShard({ ...options(folder), shard }));
    const done = shards.reduce((sum, { done, reused }) => sum + done - reused, 0);
    expect(done).toBe(Object.keys(partsOf(folder)).length - before.length);
    expect(merged(await mergeShards(join(folder, "results.run"))).summary.total_flights).toBe(7);
    expect(readdirSync(join(folder, "results.run/shards")).filter((name) => name.startsWith("0001"))).toEqual([]);
  });

  it("keep to the limit of failed files, which is one of all files", async () => {
    const folder = scratch();
    fleet(folder);
    const strict = options(folder, { maxFailed: 1, quarantineDirectory: join(folder, "aside") });
    const shards = [];
    for (const shard of ["1/4", "2/4", "3/4", "4/4"]) shards.push(await runShard({ ...strict, shard }));
    const result = await mergeShards(join(folder, "results.run"));
    const ends = "merged" in result ? [result.merged.end] : shards.map(({ end }) => end);
    expect(ends).toContain("too-many-failed");
    expect(existsSync(join(folder, "results.parquet"))).toBe(false);
  });

  it("give way to a run of the whole, which uses their parts", async () => {
    const folder = scratch();
    fleet(folder);
    const { done } = await runShard({ ...options(folder), shard: "1/2" });
    const { report } = await runBatch(options(folder));
    expect(report.tasks.reused).toBe(done);
    expect(readdirSync(join(folder, "results.run/shards"))).toEqual([]);
    await expectLikeWhole(folder);
  });
});

describe("mergeShards", () => {
  it("names what is missing by task and files, with what to type, and writes nothing", async () => {
    const folder = scratch();
    fleet(folder);
    const flags = [
      "--model",
      detector("1.0.0"),
      "--data",
      join(folder, "fleet"),
      "--output",
      join(folder, "results.parquet"),
    ];
    const more = ["--workers", "1", "--log-file", join(folder, "log")];
    const first = await run(["run", ...flags, ...more, "--shard=2/2"]);
    expect(first.code, first.stderr).toBeLessThan(2);
    expect(first.stdout).toMatch(
      /Shard 2\/2: (\d+) of \1 tasks done.*When all shards have ended: flightbatch merge \S+results\.run/s,
    );
    const merge = await run(["merge", join(folder, "results.run")]);
    expect(merge.code).toBe(2);
    expect(merge.stderr).toMatch(/Shard 1\/2 has not ended: \d tasks missing\n {2}task \d: \S+fleet\/\S+\.parquet/);
    const command = /^ {2}flightbatch (run .*--shard=1\/2)$/m.exec(merge.stderr)?.[1];
    expect(command?.split(" ")).toEqual(["run", ...flags, ...more, "--shard=1/2"]);
    expect(existsSync(join(folder, "results.parquet"))).toBe(false);
    expect((await run(command!.split(" "))).code).toBeLessThan(2);
    expect((await run(["merge", join(folder, "results.run"), "--quiet"])).code).toBe(1);
    await expectLikeWhole(folder);
  });

  it("names a part that was cut short", async () => {
    const folder = scratch();
    fleet(folder);
    await runShard({ ...options(folder), shard: "1/1" });
    const parts = join(folder, "results.run/parts");
    const part = readdirSync(parts).find((name) => name.endsWith("results.parquet"))!;
    writeFileSync(join(parts, part), readFileSync(join(parts, part)).subarray(0, 100));
    expect(await mergeShards(join(folder, "results.run"))).toMatchObject({
      missing: { missing: [expect.anything()], unfinished: [{ shard: 1, end: "whole" }] },
    });
  });

  it("puts failed files aside, also from another folder than that of the shards", async () => {
    const folder = scratch();
    fleet(folder);
    const flags = [
      "run",
      "--model",
      detector("1.0.0"),
      "--data",
      "fleet",
      "--output",
      "out/results.csv",
      "--quarantine",
      "aside",
    ];
    for (const shard of ["1/2", "2/2"]) await run([...flags, "--shard", shard], { cwd: folder });
    const { code } = await run(["merge", join(folder, "out/results.run"), "--quiet"]);
    expect(code).toBe(1);
    expect(readdirSync(join(folder, "aside")).filter((name) => !name.endsWith(".json"))).toHaveLength(2);
    expect(readFileSync(join(folder, "out/results.csv"), "utf8").split("\n")).toHaveLength(6 * 47 + 2);
    const verified = await run(["verify", "out/results.csv", "--all"], { cwd: folder });
    expect(verified.code, verified.stderr).toBe(0);
  });

  it("names a plan that a crash has cut short", async () => {
    const folder = scratch();
    fleet(folder);
    await runShard({ ...options(folder), shard: "1/1" });
    const path = join(folder, "results.run/shards/0001.plan.json");
    writeFileSync(path, readFileSync(path).subarray(0, 100));
    const expected = { detail: { code: "FILE_CORRUPT", path } };
    await expect(mergeShards(join(folder, "results.run"))).rejects.toMatchObject(expected);
    await expect(runShard({ ...options(folder), shard: "1/1" })).rejects.toMatchObject(expected);
  });

  it("refuses a run that was not made in shards", async () => {
    await expect(mergeShards(join(whole, "results.parquet"))).rejects.toThrow(/no run in shards/);
    await expect(mergeShards(join(whole, "nothing.parquet"))).rejects.toThrow(/no .*nothing\.run/);
  });
});
