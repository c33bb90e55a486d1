import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mergeShards, runBatch, runShard } from "../../dist/index.js";
import type { Manifest } from "../../src/dataset/manifest.ts";
import { findDataSetFile } from "../../src/dataset/settle.ts";
import { makeBundle } from "../model/make-bundle.ts";
import { seededRandom, startRun } from "../support/fault-run.ts";
import { writeFleet, writeFlight } from "../support/feature-flights.ts";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { NO_SCALING } from "../support/scoring.ts";
import { python } from "./python.ts";

const HIVE = "hive_partitioning = true, hive_types = {'date': DATE, 'aircraft_id': VARCHAR}";
const COLUMNS = "aircraft_id, flight_id, window_id, epoch_ns(timestamp) AS ns, anomaly_score, anomaly_severity";

function rowsIn(files: string): Promise<Record<string, unknown>[]> {
  return query(`SELECT ${COLUMNS} FROM read_parquet(${files}, ${HIVE}) ORDER BY ALL`);
}

describe("pyarrow, pandas and DuckDB read a data set with its types, and find the rows of a results file", () => {
  it("of real flights", async () => {
    const folder = scratch();
    const how = { model: detector("1.0.0"), data: [fixture("data/raw")] };
    const { output } = await runBatch({ ...how, output: join(folder, "results.parquet") });
    const { summary } = await runBatch({ ...how, output: join(folder, "scored/") });
    const read = python("test/system/read_data_set.py", [join(folder, "scored"), output]);
    expect(Number(read)).toBe(summary.total_windows);
  });

  it("of aircraft with odd names", async () => {
    const folder = scratch();
    const how = { model: await makeBundle({ scaler: NO_SCALING }), data: [writeFleet(folder)] };
    const { output } = await runBatch({ ...how, output: join(folder, "results.parquet") });
    await runBatch({ ...how, output: join(folder, "scored/") });
    expect(Number(python("test/system/read_data_set.py", [join(folder, "scored"), output]))).toBe(16);
  });
});

describe("a data set whose run is killed at any moment", () => {
  it("is by its manifest the old one or the new one, never has a row twice for who looks at the files, and is whole after the same command", async () => {
    const folder = scratch();
    const model = await makeBundle({ scaler: NO_SCALING });
    const data = join(folder, "flights");
    const flights = 40;
    const write = (score: number) => {
      for (let i = 0; i < flights; i++)
        writeFlight(data, {
          aircraft: `A${i % 20}`,
          flight: `f${i}`,
          start: `2025-10-${11 + (i % 4)}T08:00:00Z`,
          score,
        });
    };
    const output = join(folder, "scored/");
    const manifest = (): Manifest => JSON.parse(readFileSync(join(output, "_manifest.json"), "utf8"));
    write(1);
    const begun = performance.now();
    expect((await startRun({ data: [data], output, model }).done).code).toBe(0);
    const durationMs = performance.now() - begun;
    const random = seededRandom(11);
    let [kills, changes] = [0, 0];
    for (let score = 2; score < 7; score++) {
      write(score);
      const generation = manifest().generation;
      for (let done = false; !done; ) {
        const child = startRun({ data: [data], output, model, more: ["--incremental"] });
        const timer = setTimeout(
          () => child.process.kill("SIGKILL"),
          changes > 4 ? 60_000 : (0.3 + 0.5 * random()) * durationMs,
        );
        const { code, signal, stderr } = await child.done;
        clearTimeout(timer);
        done = signal === null;
        if (done) expect(code, stderr).toBe(0);
        else kills++;
        if (manifest().generation > generation) changes++;
        const paths = await Promise.all(manifest().files.map(({ path }) => findDataSetFile(output, path)));
        expect(paths).not.toContain(null);
        const named = await rowsIn(`[${paths.map((path) => `'${path}'`).join(", ")}]`);
        expect(named).toHaveLength(4 * flights);
        const scores = new Set(named.map(({ anomaly_score }) => anomaly_score));
        expect(scores).toEqual(new Set([manifest().generation > generation ? score : score - 1]));
        const seen = await rowsIn(`'${output}**/*.parquet'`);
        expect(new Set(seen.map(({ window_id, flight_id }) => `${flight_id} ${window_id}`)).size).toBe(seen.length);
        if (kills > 12) changes = 5;
      }
      expect(await rowsIn(`'${output}**/*.parquet'`)).toHaveLength(4 * flights);
      expect(readdirSync(output).filter((name) => name.startsWith("_"))).toHaveLength(2);
    }
    expect(kills).toBeGreaterThan(3);
  });
});

describe("a data set in a store", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
    Object.assign(process.env, server.env);
  });
  afterAll(() => server?.stop());

  it("has the rows of one on a disk, is changed night by night, and comes of shards", async () => {
    const folder = scratch();
    const model = await makeBundle({ scaler: NO_SCALING });
    const data = writeFleet(folder);
    await runBatch({ model, data: [data], output: join(folder, "scored/") });
    const local = await rowsIn(`'${folder}/scored/**/*.parquet'`);
    await putFolder(data, objectAt("flights"));
    const there = { model, data: [objectAt("flights")], workers: 1 };
    const output = `${objectAt("scored")}/`;
    for (const shard of ["2/2", "1/2"]) await runShard({ ...there, output, shard });
    expect(await mergeShards(output)).toHaveProperty("merged");
    const files = () => readdirSync(join(server.folder, "scored"), { recursive: true }) as string[];
    expect(await rowsIn(`'${server.folder}/scored/**/*.parquet'`)).toEqual(local);
    expect(files().filter((path) => path.endsWith(".staged"))).toEqual([]);

    const first = Object.fromEntries(
      files().map((path) => [path, statSync(join(server.folder, "scored", path)).mtimeMs]),
    );
    mkdirSync(join(folder, "next"));
    writeFlight(join(folder, "next"), { aircraft: "A", flight: "f9", start: "2025-10-11T12:00:00Z" });
    await putFolder(join(folder, "next"), objectAt("flights"));
    const { dataSet } = await runBatch({ ...there, output, incremental: true });
    expect(dataSet).toMatchObject({ unchanged: 5, written: 1, removed: 1, untouched: 4 });
    expect(await rowsIn(`'${server.folder}/scored/**/*.parquet'`)).toHaveLength(local.length + 4);
    const same = files().filter((path) => path.endsWith(".parquet") && path in first);
    expect(same).toHaveLength(4);
    for (const path of same) expect(statSync(join(server.folder, "scored", path)).mtimeMs).toBe(first[path]);
    expect((await runBatch({ ...there, output, incremental: true })).dataSet).toMatchObject({
      written: 0,
      unchanged: 6,
    });
    const summary = join(folder, "summary.json");
    const aggregated = await run(["aggregate", "--input", output, "--output", summary, "--filter", "aircraft_id == A"]);
    expect(aggregated.code, aggregated.stderr).toBe(0);
    expect(JSON.parse(readFileSync(summary, "utf8")).total_windows).toBe(12);
  });
});
