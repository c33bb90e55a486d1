import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunOptions, type RunReport, runBatch } from "../../../dist/index.js";
import { detector, digestOfRows, fixture, run, scratch } from "../../support/run.ts";
import { spentMs, traceFaults, type WrittenEvent } from "../../support/trace.ts";

async function profiled(folder: string, more: Partial<RunOptions> = {}) {
  const profile = join(folder, "profile.json");
  const { report } = await runBatch({
    model: detector("1.0.0"),
    data: [fixture("data/raw")],
    output: join(folder, "results.parquet"),
    workers: 2,
    profile,
    ...more,
  });
  const trace = JSON.parse(readFileSync(profile, "utf8"));
  return { report, trace, events: trace.traceEvents as WrittenEvent[] };
}

const STAGES = {
  read: "read",
  decode: "decode",
  features: "compute",
  inference: "infer",
  "write part": "write",
} as const;

/** How far the spans of each stage are from what the run's report says, milliseconds. */
function stageDifferences(events: WrittenEvent[], { stagesMs }: RunReport): number[] {
  return Object.entries(STAGES).map(([name, stage]) => Math.abs(spentMs(events, name) - stagesMs[stage]));
}

describe("the trace of a run", () => {
  let whole: Awaited<ReturnType<typeof profiled>>;
  beforeAll(async () => {
    whole = await profiled(scratch());
  }, 60_000);

  it("has events as the format wants them, spans within one another, and each thread's in order", () => {
    const { trace, events } = whole;
    expect(traceFaults(events)).toEqual([]);
    expect(Object.keys(trace)).toEqual(["traceEvents", "displayTimeUnit", "otherData"]);
  });

  it("names a track for the coordinator and for each worker", () => {
    const { events, report } = whole;
    const names = events.filter(({ name }) => name === "process_name").map(({ args }) => args!.name);
    expect(names[0]).toBe("coordinator");
    const pids = report.memory.workers.map(({ pid }) => pid);
    expect(names).toHaveLength(1 + pids.length);
    for (const pid of pids) expect(names).toContainEqual(expect.stringMatching(`^worker [12] \\(process ${pid}\\)$`));
  });

  it("shows each file with its stages, whose times are those of the run's report", () => {
    const { events, report } = whole;
    const files = events.filter(({ cat }) => cat === "file");
    expect(files.map(({ args }) => args!.path).sort()).toEqual(report.inputs.map(({ path }) => path).sort());
    expect(files.map(({ args }) => args!.windows)).toEqual([47, 47, 47, 47, 47, 47]);
    for (const difference of stageDifferences(events, report)) expect(difference).toBeLessThan(0.1);
    expect(Math.abs(spentMs(events, "merge parts") - report.stagesMs.merge)).toBeLessThan(50);
  });

  it("has the tasks of all processes within the time that the coordinator ran them", () => {
    const { events, report } = whole;
    const tasks = events.filter(({ cat }) => cat === "task");
    const around = events.find(({ name }) => name === "run tasks")!;
    expect(tasks).toHaveLength(report.tasks.total);
    for (const { ts, dur } of tasks) {
      expect(ts!).toBeGreaterThan(around.ts!);
      expect(ts! + dur!).toBeLessThan(around.ts! + around.dur!);
    }
  });

  it("counts files and windows up to all of them", () => {
    const { events } = whole;
    const count = (name: string) => events.filter((event) => event.ph === "C" && event.name === name).at(-1)!.args;
    expect([count("files done"), count("windows done")]).toEqual([{ files: 6 }, { windows: 282 }]);
  });

  it("shows why a file failed", async () => {
    const { events } = await profiled(scratch(), { data: [fixture("data/faulty/unreadable")] });
    expect(traceFaults(events)).toEqual([]);
    expect(events.filter(({ cat }) => cat === "file").map(({ args }) => args!.failure)).toContain("FILE_EMPTY");
  });

  it("is of this run alone: parts that stand from before are not in it", async () => {
    const folder = scratch();
    const first = await profiled(folder);
    const second = await profiled(folder);
    expect(second.report.tasks.reused).toBe(first.report.tasks.total);
    expect(second.events.filter(({ cat }) => cat === "file" || cat === "task")).toEqual([]);
    expect(traceFaults(second.events)).toEqual([]);
  });

  it("changes no row, and leaves nothing of itself in the parts", async () => {
    const [plain, folder] = [scratch(), scratch()];
    await runBatch({ model: detector("1.0.0"), data: [fixture("data/raw")], output: join(plain, "results.parquet") });
    await profiled(folder);
    const rows = (at: string) => digestOfRows(join(at, "results.parquet"));
    expect(await rows(folder)).toBe(await rows(plain));
    const parts = join(folder, "results.run/parts");
    const reports = readdirSync(parts).filter((name) => name.endsWith(".report.json"));
    for (const name of reports) expect(readFileSync(join(parts, name), "utf8")).not.toContain('"trace"');
  });
});

describe("flightbatch run --profile", () => {
  const command = [
    "run",
    "--model",
    detector("1.0.0"),
    "--data",
    fixture("data/raw"),
    "--quiet",
    "--output",
    "results.parquet",
  ];

  it("writes the file that is named", async () => {
    const folder = scratch();
    expect(await run([...command, "--profile", "p.json"], { cwd: folder })).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(folder).sort()).toEqual(["logs", "p.json", "results.parquet", "results.run"]);
  });

  it("refuses, before any work, a place that cannot be written", async () => {
    const folder = scratch();
    const { code, stderr } = await run([...command, "--profile", "nowhere/p.json"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere\/p\.json: .*expected a place where the profile can be written/);
    expect(existsSync(join(folder, "results.run"))).toBe(false);
  });

  it("refuses the name of the results, and a folder", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "there"));
    const same = await run([...command, "--profile", "./results.parquet"], { cwd: folder });
    expect([same.code, same.stderr]).toEqual([2, expect.stringContaining("a file of its own for the profile")]);
    const there = await run([...command, "--profile", "there"], { cwd: folder });
    expect([there.code, there.stderr]).toEqual([2, expect.stringContaining("there: a folder")]);
  });

  it("leaves nothing of a run that cannot be begun", async () => {
    const folder = scratch();
    const args = ["run", "--model", "nowhere", "--data", "x", "--output", "results.parquet", "--profile", "p.json"];
    expect((await run(args, { cwd: folder })).code).toBe(2);
    expect(readdirSync(folder)).toEqual(["logs"]);
  });
});
