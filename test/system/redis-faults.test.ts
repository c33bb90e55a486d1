import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFleet, partsDone, type RunSpec, rowsOf, runToEnd, seededRandom, startRun } from "../support/fault-run.ts";
import { killWorkers, QUICK, type StartedWorker, startWorker, TestRedis, until } from "../support/redis.ts";
import { scratch } from "../support/run.ts";

/** Files of which each is a task. */
const FILES = 24;
/** How often each fault is tried; by hand more, by `FLIGHTBATCH_TEST_REPEATS`. */
const REPEATS = Number(process.env.FLIGHTBATCH_TEST_REPEATS ?? 1);
const FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

const base = scratch();
const data = join(base, "fleet");
let undisturbed: Awaited<ReturnType<typeof outcomeOf>>;
let n = 0;

async function outcomeOf(output: string) {
  const run = output.replace(".parquet", ".run");
  return {
    rows: await rowsOf(output),
    windows: readFileSync(join(run, "windows.parquet")),
    summary: readFileSync(join(run, "summary.json"), "utf8"),
    coverage: readFileSync(join(run, "coverage.parquet")),
    failures: readFileSync(join(run, "failures.jsonl"), "utf8"),
  };
}

/** A run through the queue that nobody has begun yet. */
function newRun(url: string, more: string[] = []): RunSpec {
  return { data: [data], output: join(base, `out/${n++}.parquet`), more: ["--engine", url, ...more], env: QUICK };
}

async function expectUndisturbed({ output }: RunSpec): Promise<void> {
  expect(await outcomeOf(output)).toEqual(undisturbed);
}

const scoring = ({ output }: RunSpec, parts = 2) => until(() => partsDone(output) >= parts, "the first parts");

beforeAll(async () => {
  makeFleet(data, FILES);
  const local = { data: [data], output: join(base, "local.parquet") };
  expect((await runToEnd(local)).code).toBe(0);
  undisturbed = await outcomeOf(local.output);
});

const random = seededRandom(7);
const repeats = Array.from({ length: REPEATS }, (_, i) => i + 1);

describe("with a Redis that stays", () => {
  let redis: Awaited<ReturnType<typeof TestRedis.start>>;
  let workers: StartedWorker[] = [];
  beforeAll(async () => {
    redis = await TestRedis.start();
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
  const clear = async () => {
    await killWorkers(workers);
    workers = [];
  };

  it.each(repeats)("workers killed in the midst of tasks cost nothing but time (%i)", async () => {
    await clear();
    for (let i = 0; i < 2; i++) start();
    const spec = newRun(redis.url);
    const run = startRun(spec);
    await scoring(spec, 1 + Math.floor(random() * 10));
    await sleep(random() * 100);
    await killWorkers(workers.splice(0, 2));
    start();
    const { code, stderr } = await run.done;
    expect(code, stderr).toBe(0);
    await expectUndisturbed(spec);
  });

  it.each(repeats)(
    "a coordinator that was killed is followed by the same command, while workers go on (%i)",
    async () => {
      if (workers.length === 0) start();
      const spec = newRun(redis.url);
      const first = startRun(spec);
      await scoring(spec, 1 + Math.floor(random() * 10));
      first.process.kill("SIGKILL");
      await first.done;
      const { code, stderr } = await runToEnd(spec);
      expect(code, stderr).toBe(0);
      await expectUndisturbed(spec);
    },
  );

  it.each(repeats)("two coordinators at once come to the same results, each with 0 (%i)", async () => {
    if (workers.length === 0) start();
    const spec = newRun(redis.url);
    const first = startRun(spec);
    if (random() < 0.5) await scoring(spec, 1 + Math.floor(random() * 5));
    const ends = await Promise.all([first.done, runToEnd(spec)]);
    for (const { code, stderr } of ends) expect(code, stderr).toBe(0);
    await expectUndisturbed(spec);
  });

  it.each(repeats)(
    "a worker that is paused past its lock loses its task and does no harm afterwards (%i)",
    async () => {
      await clear();
      const paused = start();
      const spec = newRun(redis.url);
      const run = startRun(spec);
      await scoring(spec, 1 + Math.floor(random() * 5));
      paused.process.kill("SIGSTOP");
      start();
      await sleep(500 + random() * 3000);
      paused.process.kill("SIGCONT");
      const { code, stderr } = await run.done;
      expect(code, stderr).toBe(0);
      await expectUndisturbed(spec);
    },
  );

  it.each(repeats)("a worker whose clock is a day ahead, and one whose is a day behind, do as any (%i)", async () => {
    await clear();
    for (const offset of ["+1d", "-1d"])
      start({ env: { LD_PRELOAD: FAKETIME, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" } });
    const spec = newRun(redis.url);
    const { code, stderr } = await runToEnd(spec);
    expect(code, stderr).toBe(0);
    await expectUndisturbed(spec);
  });

  it("a worker that is told to stop finishes what it has and ends with 0", async () => {
    await clear();
    const [stopped] = [start(), start()];
    const spec = newRun(redis.url);
    const run = startRun(spec);
    await scoring(spec);
    stopped!.process.kill("SIGTERM");
    expect(await stopped!.ended).toBe(0);
    expect(stopped!.said()).toContain("drained");
    expect((await run.done).code).toBe(0);
    await expectUndisturbed(spec);
  });

  it("Ctrl-C at the coordinator takes back what waits, and the same command carries on", async () => {
    if (workers.length === 0) start();
    const spec = newRun(redis.url);
    const first = startRun(spec);
    await scoring(spec);
    first.process.kill("SIGINT");
    expect((await first.done).code).toBe(130);
    const parts = partsDone(spec.output);
    await sleep(500);
    expect(partsDone(spec.output)).toBe(parts);
    const { code, stderr } = await runToEnd(spec);
    expect(stderr).toContain("Resumed:");
    expect(code).toBe(0);
    await expectUndisturbed(spec);
  });

  it("without a worker it says so, and goes on once there is one", async () => {
    await clear();
    const spec = newRun(redis.url);
    const run = startRun(spec);
    let said = "";
    run.process.stderr!.on("data", (chunk) => {
      said += chunk;
    });
    await until(() => said.includes("no worker is there yet"), "a word about it");
    start();
    expect((await run.done).code).toBe(0);
    await expectUndisturbed(spec);
  });
});

describe("with a Redis that does not", () => {
  async function withRedis(args: string[], use: (redis: TestRedis & { url: string }) => Promise<void>): Promise<void> {
    const redis = await TestRedis.start(args);
    const workers = [startWorker(redis.url), startWorker(redis.url)];
    try {
      await use(redis);
    } finally {
      await killWorkers(workers);
      await redis.kill();
    }
  }

  it.each(
    repeats.flatMap((i): ["yes" | "no", number][] => [
      ["yes", i],
      ["no", i],
    ]),
  )("one that is killed and comes back, with appendonly %s, loses nothing (%i)", (appendOnly) =>
    withRedis(["--appendonly", appendOnly], async (redis) => {
      const spec = newRun(redis.url);
      const run = startRun(spec);
      await scoring(spec, 1 + Math.floor(random() * 8));
      await redis.kill();
      await sleep(random() * 2000);
      await redis.begin();
      const { code, stderr } = await run.done;
      expect(code, stderr).toBe(0);
      expect(stderr.includes("append-only")).toBe(appendOnly === "no");
      await expectUndisturbed(spec);
    }),
  );

  it("one that is away for longer is waited for, with a word", () =>
    withRedis([], async (redis) => {
      const spec = newRun(redis.url);
      const run = startRun(spec);
      await scoring(spec);
      await redis.kill();
      await sleep(8000);
      await redis.begin();
      const { code, stderr } = await run.done;
      expect(code, stderr).toBe(0);
      expect(stderr).toContain("Redis does not work");
      expect(stderr).toContain("Redis works again");
      await expectUndisturbed(spec);
    }));

  it("one that stays away ends the run with 2, and the same command carries on", () =>
    withRedis([], async (redis) => {
      const spec = newRun(redis.url);
      const run = startRun({ ...spec, env: { ...QUICK, FLIGHTBATCH_QUEUE_PATIENCE_SECONDS: "2" } });
      await scoring(spec);
      await redis.kill();
      const { code, stderr } = await run.done;
      expect(code, stderr).toBe(2);
      expect(stderr).toContain("no Redis that answers");
      await redis.begin();
      expect((await runToEnd(spec)).code).toBe(0);
      await expectUndisturbed(spec);
    }));

  it("one that is full stops the work, says so, and goes on when it has room", () =>
    withRedis([], async (redis) => {
      const spec = newRun(redis.url);
      const run = startRun(spec);
      await scoring(spec);
      await redis.cli("config", "set", "maxmemory", "1");
      let said = "";
      run.process.stderr!.on("data", (chunk) => {
        said += chunk;
      });
      await until(() => said.includes("Redis is full"), "a word about it");
      await redis.cli("config", "set", "maxmemory", "0");
      const { code, stderr } = await run.done;
      expect(code, stderr).toBe(0);
      await expectUndisturbed(spec);
    }));
});
