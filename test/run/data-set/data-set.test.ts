import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { mergeShards, type RunOptions, runBatch, runShard } from "../../../dist/index.js";
import type { Manifest } from "../../../src/dataset/manifest.ts";
import { makeBundle } from "../../model/make-bundle.ts";
import { writeFleet as fleet, writeFlight as fly } from "../../support/feature-flights.ts";
import { query } from "../../support/read-parquet.ts";
import { run, scratch } from "../../support/run.ts";
import { NO_SCALING } from "../../support/scoring.ts";

const HIVE = "hive_partitioning = true, hive_types = {'date': DATE, 'aircraft_id': VARCHAR}";

let model: string;
beforeAll(async () => {
  model = await makeBundle({ scaler: NO_SCALING });
});

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  return { model, data: [join(folder, "flights")], output: `${join(folder, "scored")}/`, workers: 1, ...more };
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "scored/_manifest.json"), "utf8"));
}

/** Files of rows below the data set, each with what tells whether it was touched. */
function filesIn(folder: string): Record<string, string> {
  const scored = join(folder, "scored");
  const paths = (readdirSync(scored, { recursive: true }) as string[]).filter(
    (path) => path.endsWith(".parquet") && path.startsWith("date="),
  );
  return Object.fromEntries(
    paths.sort().map((path) => {
      const { ino, mtimeNs } = statSync(join(scored, path), { bigint: true });
      return [path, `${ino}:${mtimeNs}`];
    }),
  );
}

const COLUMNS =
  "aircraft_id, flight_id, window_id, epoch_ns(timestamp) AS ns, anomaly_score, is_anomaly, anomaly_severity";

/** All rows as a reader finds them who looks at the files alone. */
function rowsIn(folder: string): Promise<Record<string, unknown>[]> {
  return query(
    `SELECT date::VARCHAR AS date, ${COLUMNS} FROM read_parquet('${folder}/scored/**/*.parquet', ${HIVE}) ORDER BY ALL`,
  );
}

/** The rows that a results file of the same inputs has. */
async function expectedRows(folder: string, more: Partial<RunOptions> = {}): Promise<Record<string, unknown>[]> {
  const { output } = await runBatch(options(folder, { output: join(scratch(), "plain.parquet"), ...more }));
  return query(`SELECT (timestamp::DATE)::VARCHAR AS date, ${COLUMNS} FROM read_parquet('${output}') ORDER BY ALL`);
}

describe("a data set", () => {
  it("has the rows of a results file by day and aircraft, and a manifest that is true", async () => {
    const folder = scratch();
    fleet(folder);
    const { dataSet, failures, summary } = await runBatch(options(folder));
    expect(failures).toHaveLength(1);
    expect(Object.keys(filesIn(folder)).map((path) => path.replace(/\/part-.*/, ""))).toEqual([
      "date=2025-10-11/aircraft_id=007",
      "date=2025-10-11/aircraft_id=A",
      "date=2025-10-12/aircraft_id=A",
      "date=2025-10-12/aircraft_id=b%2Fc%20é",
      "date=2025-10-13/aircraft_id=A",
    ]);
    expect(await rowsIn(folder)).toEqual(await expectedRows(folder));
    expect(dataSet).toMatchObject({ files: 5, written: 5, removed: 0, rows: 16, inputs: 5 });
    const manifest = manifestIn(folder);
    expect(manifest.files.map(({ path }) => path).sort()).toEqual(Object.keys(filesIn(folder)));
    for (const { path, sha256, bytes, rows, anomalies, groups } of manifest.files) {
      const content = readFileSync(join(folder, "scored", path));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
      expect(path).toContain(`part-${sha256.slice(0, 32)}.parquet`);
      expect(content.length).toBe(bytes);
      const [counted] = await query(
        `SELECT count(*)::INT AS rows, (count(*) FILTER (is_anomaly))::INT AS anomalies FROM '${folder}/scored/${path}'`,
      );
      expect(counted).toEqual({ rows, anomalies });
      expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(rows);
    }
    expect(manifest.rows).toBe(summary.total_windows);
    expect(
      manifest.inputs.map(({ path, rows, failure }) => [path.split("/").pop(), rows, failure?.code ?? null]),
    ).toEqual([
      ["broken.parquet", 0, "FILE_EMPTY"],
      ["f1.parquet", 4, null],
      ["f2.parquet", 4, null],
      ["f3.parquet", 4, null],
      ["f4.parquet", 4, null],
    ]);
    expect(readdirSync(join(folder, "scored")).filter((name) => name.startsWith("_staging"))).toEqual([]);
  });

  it("holds the inputs of the last run and no others, and leaves files that stay the same untouched", async () => {
    const folder = scratch();
    const data = fleet(folder);
    await runBatch(options(folder));
    const before = filesIn(folder);
    rmSync(join(data, "f3.parquet"));
    await runBatch(options(folder));
    const after = filesIn(folder);
    expect(await rowsIn(folder)).toEqual(await expectedRows(folder));
    expect(Object.keys(before).filter((path) => !(path in after))).toEqual([
      expect.stringContaining("aircraft_id=007"),
    ]);
    expect(existsSync(join(folder, "scored/date=2025-10-11/aircraft_id=007"))).toBe(false);
    for (const path of Object.keys(after)) expect(after[path]).toBe(before[path]);
  });

  it("is refused a folder with other files, and what only it can be asked", async () => {
    const folder = scratch();
    fleet(folder);
    mkdirSync(join(folder, "scored"));
    writeFileSync(join(folder, "scored/other.parquet"), "");
    await expect(runBatch(options(folder))).rejects.toThrow(
      /a folder with other files in it, such as .*other\.parquet/,
    );
    await expect(runBatch(options(folder, { output: join(folder, "r.parquet"), incremental: true }))).rejects.toThrow(
      /End its name with a slash/,
    );
    await expect(runBatch(options(folder, { removeVanished: true }))).rejects.toThrow(/without --incremental/);
  });

  it("comes of shards as of one run, and of a merge that is repeated", async () => {
    const folder = scratch();
    fleet(folder);
    for (const shard of ["2/2", "1/2"]) await runShard({ ...options(folder), shard });
    expect(existsSync(join(folder, "scored/_manifest.json"))).toBe(false);
    for (let i = 0; i < 2; i++) expect(await mergeShards(`${join(folder, "scored")}/`)).toHaveProperty("merged");
    expect(await rowsIn(folder)).toEqual(await expectedRows(folder));
    expect(manifestIn(folder).generation).toBe(1);
  });

  it("reports flights of one key in two files, whatever its folder is called", async () => {
    const folder = join(scratch(), "it's [1]*");
    const data = fleet(folder);
    await runBatch(options(folder));
    fly(join(data, "again"), { aircraft: "A", flight: "f1", start: "2025-10-11T08:00:00Z", score: 2 });
    const { failures } = await runBatch(options(folder, { incremental: true }));
    expect(failures).toEqual([
      expect.objectContaining({
        code: "DUPLICATE_KEY",
        path: expect.stringMatching(/flights\/again\/f1.*, .*flights\/f1|flights\/f1.*, .*again\/f1/),
      }),
    ]);
  });
});

describe("an incremental run", () => {
  it("scores what is new or changed, rewrites only their files, and comes to what one run over all would", async () => {
    const folder = scratch();
    const data = fleet(folder);
    await runBatch(options(folder));
    const before = filesIn(folder);
    fly(data, { aircraft: "A", flight: "f1", start: "2025-10-11T08:00:00Z", score: 5 });
    fly(data, { aircraft: "A", flight: "f0", start: "2025-10-11T06:00:00Z" });
    fly(data, { aircraft: "D", flight: "f6", start: "2025-10-14T06:00:00Z" });
    const { dataSet, files } = await runBatch(options(folder, { incremental: true }));
    expect(files.map(({ path }) => path.split("/").pop()).sort()).toEqual(["f0.parquet", "f1.parquet", "f6.parquet"]);
    expect(dataSet).toMatchObject({ unchanged: 4, written: 2, removed: 1, untouched: 4, inputs: 7 });
    expect(await rowsIn(folder)).toEqual(await expectedRows(folder));
    const after = filesIn(folder);
    for (const path of Object.keys(before)) if (path in after) expect(after[path]).toBe(before[path]);
    expect(Object.keys(before).filter((path) => path in after)).toHaveLength(4);
    // Night by night or at once: the rows of a file stand in the same order.
    const order = (at: string) =>
      query(`SELECT flight_id, window_id FROM '${at}/scored/date=2025-10-11/aircraft_id=A/*.parquet'`);
    const anew = scratch();
    await runBatch(options(folder, { output: `${join(anew, "scored")}/` }));
    expect(await order(folder)).toEqual(await order(anew));
  });

  it("with nothing to do touches nothing and says so", async () => {
    const folder = scratch();
    fleet(folder);
    const flags = [
      "run",
      "--model",
      model,
      "--data",
      "flights",
      "--output",
      "scored/",
      "--workers",
      "1",
      "--incremental",
    ];
    expect((await run(flags, { cwd: folder })).code).toBe(1);
    const [before, manifest] = [filesIn(folder), statSync(join(folder, "scored/_manifest.json")).mtimeMs];
    const again = await run(flags, { cwd: folder });
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toMatch(
      /Inputs as they were, not scored again: 5\nNothing to do: the data set is as it was, 5 files with 16 rows of 5 inputs/,
    );
    expect(again.stdout).not.toMatch(/Total windows|Anomalies|Windows skipped/);
    expect(again.stdout).toContain("\nResults: scored/\nAbout the last run that had something to do: scored.run/ (");
    expect(filesIn(folder)).toEqual(before);
    expect(statSync(join(folder, "scored/_manifest.json")).mtimeMs).toBe(manifest);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const none = await run(
      flags.map((word) => (word === "flights" ? "empty" : word)),
      { cwd: folder },
    );
    expect(none.stdout).toMatch(/^No flights: the data holds no input files\.\nNothing to do/);
  });

  it("keeps rows of inputs that were not given or are gone, and removes those that are gone if asked", async () => {
    const folder = scratch();
    const data = fleet(folder);
    await runBatch(options(folder));
    const all = await rowsIn(folder);
    const next = join(folder, "next");
    fly(next, { aircraft: "A", flight: "f9", start: "2025-10-15T08:00:00Z" });
    await runBatch(options(folder, { incremental: true, data: [next] }));
    expect(await rowsIn(folder)).toHaveLength(all.length + 4);
    rmSync(join(data, "f3.parquet"));
    const { dataSet } = await runBatch(options(folder, { incremental: true }));
    expect(dataSet?.vanished).toBe(1);
    expect(await rowsIn(folder)).toHaveLength(all.length + 4);
    await runBatch(options(folder, { incremental: true, removeVanished: true }));
    expect((await rowsIn(folder)).map(({ flight_id }) => flight_id)).not.toContain("f3");
    expect(await rowsIn(folder)).toHaveLength(all.length);
  });

  it("refuses a model or options that are not those of the data set and names them, and tells of another processor", async () => {
    const folder = scratch();
    fleet(folder);
    await runBatch(options(folder));
    const other = await makeBundle();
    await expect(runBatch(options(folder, { incremental: true, model: other }))).rejects.toThrow(
      /made otherwise.*the model bundle: [0-9a-f]{64} in the data set, [0-9a-f]{64} now/s,
    );
    await expect(runBatch(options(folder, { incremental: true, explain: true }))).rejects.toThrow(
      /--explain: false in the data set, true now/,
    );
    const manifest = manifestIn(folder);
    manifest.ingredients["the processor"] = "another";
    writeFileSync(join(folder, "scored/_manifest.json"), JSON.stringify(manifest));
    fly(join(folder, "flights"), { aircraft: "E", flight: "f8", start: "2025-10-11T08:00:00Z" });
    const warnings: string[] = [];
    const observer = { warning: (message: string) => warnings.push(message) };
    await runBatch(options(folder, { incremental: true }), { observer });
    expect(warnings).toEqual([expect.stringMatching(/^another processor here/)]);
    const { dataSet } = await runBatch(options(folder, { explain: true }));
    expect(dataSet).toMatchObject({ written: 6, removed: 6 });
    expect(manifestIn(folder).columns).toContain("flight_phase");
  });

  it("tries inputs again that failed for a reason that may pass, and no others", async () => {
    const folder = scratch();
    const data = fleet(folder);
    await runBatch(options(folder));
    const path = join(folder, "scored/_manifest.json");
    const manifest = manifestIn(folder);
    manifest.inputs.find((input) => input.path.endsWith("f4.parquet"))!.failure = {
      code: "FILE_UNREADABLE",
      mayPass: true,
    };
    writeFileSync(path, JSON.stringify(manifest));
    const { files } = await runBatch(options(folder, { incremental: true }));
    expect(files.map(({ path: file }) => file)).toEqual([join(data, "f4.parquet")]);
    utimesSync(join(data, "f4.parquet"), 1, 1);
    expect((await runBatch(options(folder, { incremental: true }))).files).toHaveLength(1);
  });
});
