import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeFleet, type RunSpec, rowsOf, runToEnd, startRun } from "../support/fault-run.ts";
import { freePort, killWorkers, QUICK, type StartedWorker, startWorker, TestRedis, until } from "../support/redis.ts";
import { detector, run, scratch } from "../support/run.ts";

const PYTHON = new URL("../../.venv/bin/python", import.meta.url).pathname;
const base = scratch();
const data = join(base, "fleet");
let wanted = "";
let n = 0;

function spec(engine: string): RunSpec {
  return {
    data: [data],
    output: join(base, `out/${n++}.parquet`),
    more: ["--engine", engine],
    env: QUICK,
  };
}

beforeAll(async () => {
  makeFleet(data, 6);
  const local = { data: [data], output: join(base, "local.parquet") };
  expect((await runToEnd(local)).code).toBe(0);
  wanted = await rowsOf(local.output);
});

describe("with a plain Redis", () => {
  let redis: Awaited<ReturnType<typeof TestRedis.start>>;
  let workers: StartedWorker[] = [];
  beforeAll(async () => {
    redis = await TestRedis.start(["--maxmemory-policy", "allkeys-lru", "--appendonly", "no"]);
  });
  afterAll(async () => {
    await killWorkers(workers);
    await redis.kill();
  });
  const start = (more: Parameters<typeof startWorker>[1] = {}) => {
    const worker = startWorker(redis.url, more);
    workers.push(worker);
    return worker;
  };
  // A worker that is gone is noticed after a while: until then it is shown, and counts.
  beforeEach(async () => {
    await killWorkers(workers);
    workers = [];
    await redis.cli("flushall");
  });

  it("what is wrong with it is said before any work", async () => {
    start();
    // Nearly full, and yet with room for a run: nothing is thrown away.
    await redis.cli("config", "set", "maxmemory", "100mb");
    await redis.cli("setrange", "filler", String(88 * 2 ** 20), "x");
    const { code, stderr } = await runToEnd(spec(redis.url));
    expect(code, stderr).toBe(0);
    for (const word of ["no append-only file", "maxmemory-policy allkeys-lru", "nearly full"])
      expect(stderr).toContain(word);
    await redis.cli("config", "set", "maxmemory", "1mb");
    await redis.cli("config", "set", "maxmemory-policy", "noeviction");
    const full = await runToEnd(spec(redis.url));
    expect(full.code).toBe(2);
    expect(full.stderr).toContain("a Redis that is full");
    await redis.cli("config", "set", "maxmemory", "0");
  });

  it("a worker with another bundle refuses, both sides say so, and the same command carries on once that is put right", async () => {
    const model = join(base, "models/engine_vibration_detector/1.0.0");
    cpSync(detector("1.0.0"), model, { recursive: true });
    const own = { ...spec(redis.url), model };
    const started = startRun(own);
    await until(async () => (await redis.cli("scard", "flt:runs")).trim() === "1", "the run");
    const thresholds = readFileSync(join(model, "thresholds.yaml"), "utf8");
    writeFileSync(join(model, "thresholds.yaml"), `${thresholds}\n# changed\n`);
    const worker = start();
    const { code, stderr } = await started.done;
    expect(code, stderr).toBe(2);
    expect(stderr).toContain("refuses this run");
    expect(stderr).toContain("has other files here than in the plan");
    expect(worker.said()).toContain("refused");
    writeFileSync(join(model, "thresholds.yaml"), thresholds);
    await killWorkers(workers);
    start();
    expect((await runToEnd(own)).code).toBe(0);
    expect(await rowsOf(own.output)).toBe(wanted);
  });

  it("tasks of which whole workers die lose the file at fault, and nothing else", async () => {
    const own = spec(redis.url);
    const started = startRun(own);
    await until(async () => Number((await redis.cli("keys", "flt:score-*:wait")).trim() !== "") === 1, "a queue");
    // As if two workers had died while they had the first task's only file.
    const id = (await redis.cli("smembers", "flt:runs")).trim();
    const queue = new Queue(`score-${id}`, { connection: { port: redis.port }, prefix: "flt" });
    const [job] = await queue.getWaiting(-1, -1);
    await redis.cli(
      "hset",
      `flt:score-${id}:${job!.id}`,
      "stc",
      "2",
      "progress",
      JSON.stringify({ filesDone: 0, deaths: [0] }),
    );
    await queue.close();
    start();
    const { code, stderr } = await started.done;
    expect(code, stderr).toBe(1);
    const failures = readFileSync(own.output.replace(".parquet", ".run/failures.jsonl"), "utf8").trim().split("\n");
    expect(failures).toHaveLength(1);
    expect(JSON.parse(failures[0]!)).toMatchObject({ code: "WORKER_CRASHED", path: job!.data.files[0].path });
  });

  it("a task that cannot be done at all is given up with its reason, and the rest is finished", async () => {
    const own = spec(redis.url);
    const started = startRun(own);
    await until(async () => (await redis.cli("keys", "flt:score-*:wait")).trim() !== "", "a queue");
    const id = (await redis.cli("smembers", "flt:runs")).trim();
    const queue = new Queue(`score-${id}`, { connection: { port: redis.port }, prefix: "flt" });
    const [first, second] = await queue.getWaiting(0, 1);
    // A task that somebody has written over, and one that has killed too many workers.
    await first!.updateData({ files: "/etc/passwd" });
    await redis.cli("hset", `flt:score-${id}:${second!.id}`, "defa", "job stalled more than allowable limit");
    await queue.close();
    start();
    const { code, stderr } = await started.done;
    expect(code, stderr).toBe(1);
    // The first is put right by the coordinator, which knows the task.
    expect(stderr).toContain("job stalled more than allowable limit");
    const failures = readFileSync(own.output.replace(".parquet", ".run/failures.jsonl"), "utf8").trim().split("\n");
    expect(failures.map((line) => JSON.parse(line).code)).toEqual(["WORKER_CRASHED"]);
    // The same command does them again.
    const again = await runToEnd(own);
    expect(again.code, again.stderr).toBe(0);
    expect(await rowsOf(own.output)).toBe(wanted);
  });

  it("status shows runs and workers, cancel ends a run, and the same command carries on", async () => {
    const own = spec(redis.url);
    const started = startRun(own);
    await until(async () => (await redis.cli("scard", "flt:runs")).trim() === "1", "the run");
    const id = (await redis.cli("smembers", "flt:runs")).trim();
    const before = JSON.parse((await run(["status", id, "--engine", redis.url, "--json"])).stdout);
    expect(before).toMatchObject({
      runs: [{ run: id, state: "running", totals: { tasks: 6, files: 6 } }],
      workers: [],
    });
    const cancelled = await run(["cancel", id, "--engine", redis.url]);
    expect(cancelled.stdout).toContain(`Run ${id} is cancelled`);
    expect((await started.done).code).toBe(130);
    expect((await run(["cancel", id, "--engine", redis.url])).code).toBe(2);
    expect((await run(["retry", id, "--engine", redis.url])).stdout).toContain("0 failed tasks");
    start();
    expect((await runToEnd(own)).code).toBe(0);
    const after = JSON.parse((await run(["status", id, "--engine", redis.url, "--json"])).stdout);
    expect(after.runs[0]).toMatchObject({
      state: "done",
      done: { tasks: 6, files: 6, failedFiles: 0, windows: 6 * 47 },
    });
    expect(after.workers).toMatchObject([{ lanes: 1, done: { files: 6 } }]);
    expect((await run(["status", "0123456789ab", "--engine", redis.url])).code).toBe(2);
  });

  it("another plan for the same output is refused while its coordinator lives, and a run of this machine too", async () => {
    const own = spec(redis.url);
    const started = startRun(own);
    await until(async () => (await redis.cli("scard", "flt:runs")).trim() === "1", "the run");
    const other = await runToEnd({ ...own, more: [...own.more!, "--explain"] });
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("one run at a time for each output");
    const local = await runToEnd({ ...own, more: [] });
    expect(local.code).toBe(2);
    expect(local.stderr).toContain("a run that is under way");
    started.process.kill("SIGKILL");
    await started.done;
    // One that was killed counts until its last sign of life has gone.
    await until(async () => (await redis.cli("keys", "flt:coordinators:*:*")).trim() === "", "the end of its presence");
    start();
    const explained = await runToEnd({ ...own, more: [...own.more!, "--explain"] });
    expect(explained.code, explained.stderr).toBe(0);
    expect((await redis.cli("smembers", "flt:runs")).trim()).toBe("");
  });

  it("metrics are in the text format of Prometheus, by its own parser", async () => {
    const port = await freePort();
    const worker = start({ more: ["--metrics-port", String(port)] });
    await runToEnd(spec(redis.url));
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    const script = [
      "import json, sys",
      "from prometheus_client.parser import text_string_to_metric_families as parse",
      "print(json.dumps({f.name: [f.type, f.documentation, f.samples[0].value] for f in parse(sys.stdin.read())}))",
    ];
    const families = JSON.parse(execFileSync(PYTHON, ["-c", script.join("\n")], { input: text, encoding: "utf8" }));
    expect(families.flightbatch_files_done).toEqual(["counter", "Files in these tasks.", 6]);
    expect(families.flightbatch_windows_scored[2]).toBe(6 * 47);
    expect(families.flightbatch_memory_bytes[2]).toBeGreaterThan(50e6);
    for (const [type, help] of Object.values(families) as [string, string][]) {
      expect(["counter", "gauge"]).toContain(type);
      expect(help).not.toBe("");
    }
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
    expect(worker.process.exitCode).toBeNull();
  });
});
