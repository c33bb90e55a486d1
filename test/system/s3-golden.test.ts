import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// The built library: workers are processes of their own.
import { runBatch } from "../../dist/index.js";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { rowsOf } from "../support/fault-run.ts";
import { expectGolden, GOLDEN_CASES } from "../support/golden.ts";
import { digestOfRows, fixture, run, scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.env);
  await putFolder(fixture("data"), objectAt("data"));
  await putFolder(fixture("models"), objectAt("models"));
});
afterAll(() => server?.stop());

/** The address of a fixture in the bucket. */
function there(path: string): string {
  return objectAt(relative(fixture(""), path));
}

describe("with data, model and output in a store a run gives what it gives on a disk, bit for bit", () => {
  it.each(GOLDEN_CASES)("$name", async (golden) => {
    const local = join(scratch(), "results.parquet");
    const common = { workers: 2, verify: "full" as const };
    const here = await runBatch({ ...common, model: golden.model, data: [golden.data], output: local });
    const output = objectAt("out", golden.name, "results.parquet");
    const away = await runBatch({ ...common, model: there(golden.model), data: [there(golden.data)], output });
    const file = join(server.folder, "out", golden.name, "results.parquet");
    await expectGolden(golden, file, await loadBundle(golden.model));
    expect(await digestOfRows(file)).toBe(await digestOfRows(local));
    expect(away.report.certificate?.rows).toBe(here.report.certificate?.rows);
    expect(away.report.bundle.digests).toEqual(here.report.bundle.digests);
    expect(away.report.inputs.map(({ contentHash, rows, name }) => [name, contentHash, rows])).toEqual(
      here.report.inputs.map(({ contentHash, rows, name }) => [name, contentHash, rows]),
    );
    expect(readdirSync(join(server.folder, "out", golden.name, "results.run")).sort()).toEqual(
      readdirSync(local.replace(/parquet$/, "run")).sort(),
    );
  });
});

describe("a run in a store", () => {
  const raw = there(fixture("data/raw"));
  const model = there(fixture("models/engine_vibration_detector/1.0.0"));
  const command = (name: string, ...more: string[]) =>
    run(["run", "--model", model, "--data", raw, "--output", objectAt(name), "--workers", "2", ...more], {
      cwd: scratch(),
    });

  it("carries on from its parts, does all again with --fresh, and takes features from a cache there", async () => {
    expect((await command("again/r.parquet", "--cache-features")).code).toBe(0);
    const record = () => JSON.parse(readFileSync(join(server.folder, "again/r.run/run.json"), "utf8"));
    const first = record();
    expect(first.inputs.map(({ fromCache }: { fromCache: boolean }) => fromCache)).not.toContain(true);
    await command("again/r.parquet", "--cache-features");
    expect(record().tasks.reused).toBe(first.tasks.total);
    await command("again/r.parquet", "--cache-features", "--fresh");
    expect(record().tasks.reused).toBe(0);
    expect(record().inputs.map(({ fromCache }: { fromCache: boolean }) => fromCache)).not.toContain(false);
    expect(record().certificate.rows).toBe(first.certificate.rows);
    expect(readdirSync(join(server.folder, "again/r.run/parts"))).toHaveLength(3 * first.tasks.total);
    expect(existsSync(join(server.folder, "again/r.run/lock.1"))).toBe(false);
  });

  it("writes other forms of results, and events, and takes away those of a run before", async () => {
    expect((await command("forms/r.csv.gz", "--events")).code).toBe(0);
    expect(existsSync(join(server.folder, "forms/r.run/events.parquet"))).toBe(true);
    const [folder, local] = [scratch(), join(scratch(), "r.csv.gz")];
    const here = ["--model", fixture("models/engine_vibration_detector/1.0.0"), "--data", fixture("data/raw")];
    await run(["run", ...here, "--output", local], { cwd: folder });
    expect(await rowsOf(join(server.folder, "forms/r.csv.gz"))).toBe(await rowsOf(local));
    expect((await command("forms/r.csv.gz")).code).toBe(0);
    expect(existsSync(join(server.folder, "forms/r.run/events.parquet"))).toBe(false);
  });

  it("picks objects by patterns and filters as files are picked", async () => {
    const pattern = ["--data", objectAt("data/raw/**/AC00[12]_*.parquet"), "--filter", "aircraft_id==AC001"];
    const { code, stdout } = await run(["plan", "--model", model, ...pattern, "--json"], { cwd: scratch() });
    expect(code).toBe(0);
    const { files, pruned } = JSON.parse(stdout);
    expect(files.map(({ path }: { path: string }) => path.split("/").pop())).toEqual([
      "AC001_20251011_060000.parquet",
      "AC001_20251012_060000.parquet",
    ]);
    expect(pruned.files).toHaveLength(2);
    expect(files.every(({ windows }: { windows: number }) => windows === 47)).toBe(true);
  });

  it("is verified against what lies there: data and model", async () => {
    const output = join(scratch(), "r.parquet");
    await run(["run", "--model", model, "--data", raw, "--output", output], { cwd: scratch() });
    const { code, stdout } = await run(["verify", output], { cwd: scratch() });
    expect(stdout).toMatch(/reproduced/i);
    expect(code).toBe(0);
  });
});

describe("what is not as it should be in a store is said", () => {
  const model = fixture("models/engine_vibration_detector/1.0.0");
  const failing = async (env: Record<string, string>, data = objectAt("data/raw"), ...more: string[]) => {
    Object.assign(process.env, env);
    try {
      const output = join(scratch(), "r.parquet");
      return await run(["run", "--model", model, "--data", data, "--output", output, ...more], { cwd: scratch() });
    } finally {
      Object.assign(process.env, server.env);
      for (const key of Object.keys(env)) if (!(key in server.env)) delete process.env[key];
    }
  };

  it.each<[string, Record<string, string>, string, RegExp]>([
    ["no such bucket", {}, "s3://no-such-bucket/data", /no bucket no-such-bucket/],
    ["nothing there", {}, objectAt("nowhere"), /nothing there/],
    [
      "a wrong secret",
      { AWS_SECRET_ACCESS_KEY: "wrong-secret" },
      objectAt("data"),
      /SignatureDoesNotMatch.*AWS_PROFILE/,
    ],
    [
      "a key that is not known",
      { AWS_ACCESS_KEY_ID: "AKIDUNKNOWN" },
      objectAt("data"),
      /credentials that the store does not know/,
    ],
    [
      "no credentials",
      { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", HOME: "/nonexistent" },
      objectAt("data"),
      /no credentials.*AWS_PROFILE/,
    ],
    [
      "a store that is not there",
      { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9", AWS_MAX_ATTEMPTS: "2" },
      objectAt("data"),
      /ECONNREFUSED.*AWS_ENDPOINT_URL_S3/,
    ],
    ["a secret in the address", {}, "s3://AKIDKEY:topsecret@bucket/data", /perhaps a secret/],
  ])("%s", async (_, env, data, expected) => {
    const { code, stderr, stdout } = await failing(env, data);
    expect(code).toBe(2);
    expect(stderr).toMatch(expected);
    expect(stderr + stdout).not.toMatch(/testsecret|wrong-secret|topsecret|AKIDUNKNOWN|\n\s+at /);
  });

  it("and no secret is in anything that a run leaves", async () => {
    const folder = scratch();
    const output = join(folder, "r.parquet");
    await run(["run", "--model", model, "--data", objectAt("data/raw"), "--output", output, "--verbose"], {
      cwd: folder,
    });
    const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
      /\.(json|jsonl|log)$/.test(name),
    );
    expect(names).toContain("r.run/run.json");
    for (const name of names) expect(readFileSync(join(folder, name), "utf8")).not.toContain("testsecret");
  });
});
