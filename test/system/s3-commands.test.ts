import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killWorkers, startWorker, TestRedis } from "../support/redis.ts";
import { detector, digestOfRows, fixture, run, scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";

const RAW = fixture("data/raw");
const AT = { data: objectAt("data/raw"), models: objectAt("models/engine_vibration_detector"), out: objectAt("out") };

let server: S3Server;
let here: string;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.env);
  await putFolder(RAW, AT.data);
  await putFolder(fixture("models/engine_vibration_detector"), AT.models);
  here = scratch();
  for (const version of ["1.0.0", "1.1.0"]) {
    const from = ["run", "--workers", "2", "--quiet"];
    await call(
      ...from,
      "--model",
      `${AT.models}/${version}`,
      "--data",
      AT.data,
      "--output",
      `${AT.out}/${version}.parquet`,
    );
    await call(...from, "--model", detector(version), "--data", RAW, "--output", join(here, `${version}.parquet`));
  }
});
afterAll(() => server?.stop());

function call(...args: string[]) {
  return run(args, { cwd: here });
}

describe("results in a store are read as those on a disk", () => {
  it("by aggregate, of a folder and of a pattern", async () => {
    const sum = async (input: string, output: string) => {
      expect(
        await call("aggregate", "--input", input, "--group-by", "model", "aircraft_id", "--output", output),
      ).toMatchObject({ code: 0 });
      return JSON.parse(readFileSync(join(here, output), "utf8"));
    };
    const there = await sum(`${AT.out}/`, "there.json");
    const local = await sum("1.*.parquet", "here.json");
    expect(there.total_windows).toBe(local.total_windows);
    expect(there.groups).toEqual(local.groups);
    expect(JSON.stringify(there)).not.toContain("flightbatch-results-");
    expect((await sum(`${AT.out}/1.[01].0.parquet`, "pattern.json")).groups).toEqual(local.groups);
  });

  it("by compare, with the bundles that the runs name", async () => {
    const { code, stdout } = await call("compare", `${AT.out}/1.0.0.parquet`, `${AT.out}/1.1.0.parquet`, "--json");
    const local = await call("compare", "1.0.0.parquet", "1.1.0.parquet", "--json");
    expect(code).toBe(local.code);
    const [a, b] = [JSON.parse(stdout), JSON.parse(local.stdout)];
    expect(a.flips).toEqual(b.flips);
    expect(a.attribution.totals).toEqual(b.attribution.totals);
    expect(stdout).toContain(`${AT.out}/1.0.0.parquet`);
    expect(stdout).not.toContain("flightbatch-results-");
  });

  it("by verify", async () => {
    const { code, stdout } = await call("verify", `${AT.out}/1.0.0.parquet`, "--all");
    expect(code).toBe(0);
    expect(stdout).toContain(`${AT.out}/1.0.0.parquet: reproduced`);
  });

  it("by events and retune, with thresholds there", async () => {
    expect((await call("events", `${AT.out}/1.0.0.parquet`, "--output", "there.csv", "--quiet")).stderr).toBe("");
    await call("events", "1.0.0.parquet", "--output", "here.csv", "--quiet");
    const ids = (name: string) => readFileSync(join(here, name), "utf8").match(/^[^,\n]+/gm);
    expect(ids("there.csv")!.length).toBeGreaterThan(6);
    expect(ids("there.csv")).toEqual(ids("here.csv"));
    const retuned = await call("retune", `${AT.models}/1.0.0`, `${AT.out}/1.1.0.parquet`, "--json");
    expect(retuned.code).toBe(0);
    expect(JSON.parse(retuned.stdout).thresholds.path).toBe(`${AT.models}/1.0.0/thresholds.yaml`);
  });

  it("by report, whose page goes beside them", async () => {
    const { code, stdout } = await call("report", `${AT.out}/1.0.0.parquet`);
    expect(code).toBe(0);
    expect(stdout).toContain(`${AT.out}/1.0.0.run/report.html`);
    const page = readFileSync(join(server.folder, "out/1.0.0.run/report.html"), "utf8");
    expect(page).toContain(`${AT.out}/1.0.0.parquet`);
    expect(page).not.toContain("flightbatch-results-");
  });

  it("and named where there are none", async () => {
    const { code, stderr } = await call("aggregate", "--input", objectAt("nowhere"), "--output", "x.json");
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere: no results there/);
  });
});

describe("flights in a store", () => {
  it("are looked over by validate as those on a disk", async () => {
    const odd = fixture("data/faulty");
    await putFolder(odd, objectAt("faulty"));
    const there = JSON.parse(
      (await call("validate", "--model", AT.models.concat("/1.0.0"), "--data", objectAt("faulty"), "--json")).stdout,
    );
    const local = JSON.parse((await call("validate", "--model", detector("1.0.0"), "--data", odd, "--json")).stdout);
    expect(there.summary).toEqual(local.summary);
    const codes = (all: { code: string; path: string }[]) => all.map(({ code, path }) => [code, path.split("/").pop()]);
    expect(codes(there.failures)).toEqual(codes(local.failures));
  });

  it("are counted once, whatever names them, and stand beside files", async () => {
    const one = `${AT.data}/engine_vibration/2025-10/AC001_20251011_060000.parquet`;
    const data = [
      one,
      `${AT.data}/`,
      `${AT.data}/**/AC001*`,
      join(RAW, "engine_vibration/2025-10/AC003_20251011_090000.parquet"),
    ];
    const { stdout } = await call("plan", "--model", detector("1.0.0"), "--data", ...data, "--json");
    const paths = JSON.parse(stdout).files.map(({ path }: { path: string }) => path);
    expect(paths).toHaveLength(7);
    expect(paths[0]).toBe(one);
    expect(new Set(paths).size).toBe(7);
  });

  it("are scored by shards, whose parts are merged there", async () => {
    const common = ["--model", `${AT.models}/1.0.0`, "--data", AT.data, "--output", `${AT.out}/sharded/r.parquet`];
    await Promise.all(
      ["1/2", "2/2"].map((shard) => call("run", ...common, "--workers", "1", "--shard", shard, "--quiet")),
    );
    expect((await call("merge", `${AT.out}/sharded/r.parquet`)).code).toBe(0);
    const merged = join(server.folder, "out/sharded/r.parquet");
    expect(await digestOfRows(merged)).toBe(await digestOfRows(join(here, "1.0.0.parquet")));
  });

  it("are scored by workers of a queue, which fetch model and flights themselves", async () => {
    const redis = await TestRedis.start();
    const workers = [startWorker(redis.url), startWorker(redis.url)];
    try {
      const common = ["--model", `${AT.models}/1.0.0`, "--data", AT.data, "--output", `${AT.out}/queued/r.parquet`];
      expect((await call("run", ...common, "--engine", redis.url, "--quiet")).code).toBe(0);
    } finally {
      await killWorkers(workers);
      await redis.kill();
    }
    const queued = join(server.folder, "out/queued/r.parquet");
    expect(await digestOfRows(queued)).toBe(await digestOfRows(join(here, "1.0.0.parquet")));
  });

  it("become a data set there, which grows and is read there", async () => {
    const common = ["run", "--model", `${AT.models}/1.0.0`, "--data", AT.data, "--output", `${AT.out}/set/`, "--quiet"];
    expect((await call(...common)).code).toBe(0);
    expect((await call(...common, "--incremental")).code).toBe(0);
    const sum = ["--group-by", "aircraft_id", "--output"];
    await call("aggregate", "--input", `${AT.out}/set/`, ...sum, "set.json");
    await call("aggregate", "--input", "1.0.0.parquet", ...sum, "file.json");
    const rates = (name: string) => JSON.parse(readFileSync(join(here, name), "utf8")).by_aircraft;
    expect(rates("set.json")).toEqual(rates("file.json"));
    expect(Object.keys(rates("set.json"))).toEqual(["AC001", "AC002", "AC003"]);
  });

  it("that fail are put aside here, and places that must be here are not taken there", async () => {
    const aside = join(here, "aside");
    const common = ["run", "--model", detector("1.0.0"), "--data", objectAt("faulty"), "--output", "q.parquet"];
    expect((await call(...common, "--quarantine", aside)).code).toBe(1);
    const failures = readFileSync(join(here, "q.run/failures.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const { path } of failures) {
      const name = path.slice(objectAt("faulty").length + 1);
      expect(existsSync(join(aside, name)), name).toBe(true);
      expect(existsSync(join(aside, `${name}.reason.json`)), name).toBe(true);
    }
    expect((await call(...common, "--quarantine", objectAt("aside"))).stderr).toMatch(
      /expected a place on this machine/,
    );
    expect((await call(...common.slice(0, -1), `${AT.out}/p.parquet`, "--report")).stderr).toMatch(
      /flightbatch report s3:/,
    );
  });
});
