import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../dist/index.js";
import { GOLDEN_CASES } from "../support/golden.ts";
import { killWorkers, type StartedWorker, startWorker, TestRedis, until } from "../support/redis.ts";
import { digestOfRows, fixture, scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { startS3Server } from "../support/s3-server.ts";

const base = scratch();
let redis: Awaited<ReturnType<typeof TestRedis.start>>;
const local: Record<string, Awaited<ReturnType<typeof outcome>>> = {};

/** All that a run leaves, but for times. */
async function outcome(options: RunOptions) {
  const { runDirectory, report } = await runBatch(options);
  const bytes = (name: string) => readFileSync(join(runDirectory, name));
  return {
    rows: await digestOfRows(options.output),
    certified: report.certificate?.rows,
    windows: bytes("windows.parquet"),
    coverage: bytes("coverage.parquet"),
    quality: bytes("quality.parquet"),
    summary: bytes("summary.json").toString(),
    failures: bytes("failures.jsonl").toString(),
  };
}

beforeAll(async () => {
  redis = await TestRedis.start();
  for (const { name, data, model } of GOLDEN_CASES)
    local[name] = await outcome({ model, data: [data], output: join(base, `local/${name}.parquet`), workers: 2 });
});
afterAll(() => redis.kill());

it("with flights, bundle and results in an object store", async () => {
  const server = await startS3Server();
  Object.assign(process.env, server.env);
  const workers = [startWorker(redis.url), startWorker(redis.url)];
  try {
    const { name, data, model } = GOLDEN_CASES[0]!;
    const there = (path: string) => objectAt(relative(fixture(""), path));
    await Promise.all([data, model].map((path) => putFolder(path, there(path))));
    const output = objectAt("out/results.parquet");
    const { report } = await runBatch({ model: there(model), data: [there(data)], output, engine: redis.url });
    expect(await digestOfRows(join(server.folder, "out/results.parquet"))).toBe(local[name]!.rows);
    expect(report.certificate?.rows).toBe(local[name]!.certified);
  } finally {
    await killWorkers(workers);
    await server.stop();
  }
});

describe.each([1, 3, 8])("with %i workers every golden case comes out as on one machine, bit for bit", (count) => {
  let workers: StartedWorker[];
  beforeAll(() => {
    workers = Array.from({ length: count }, () => startWorker(redis.url));
  });
  afterAll(() => killWorkers(workers));

  it("with several runs at once", async () => {
    const outcomes = await Promise.all(
      GOLDEN_CASES.map(async ({ name, data, model }) => [
        name,
        await outcome({ model, data: [data], output: join(base, `${count}/${name}.parquet`), engine: redis.url }),
      ]),
    );
    expect(Object.fromEntries(outcomes)).toEqual(local);
  });

  it("and no task of the runs stays in the queue", async () => {
    const left = async () =>
      (await redis.cli("keys", "flt:score-*")).split("\n").filter((key) => !/:(meta|id|)$|^$/.test(key));
    await until(async () => (await left()).length === 0, "a queue without tasks", 20_000);
  });
});
