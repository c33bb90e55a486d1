import { createHash } from "node:crypto";
import { copyFileSync, cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Verification, type VerifyOptions, verifyResults } from "../../dist/verify/verify-results.js";
import type { RunReport } from "../../src/run/run-report.ts";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";

const FLIGHT = "engine_vibration/2025-10/AC001_20251012_060000.parquet";

/** A folder with flights and their results. */
interface Scored {
  folder: string;
  results: string;
}

/** Scores flights of the fixtures, given as folders of it. */
async function score(format: string, ...flags: string[]): Promise<Scored> {
  const folder = scratch();
  cpSync(fixture("data/raw"), join(folder, "raw"), { recursive: true });
  copyFileSync(
    join(fixture("data/faulty/unreadable"), "AC091_20251012_000004.parquet"),
    join(folder, "raw/broken.parquet"),
  );
  cpSync(detector("1.0.0"), join(folder, "detector/1.0.0"), { recursive: true });
  const results = join(folder, `results.${format}`);
  const args = ["run", "--model", "detector/1.0.0", "--data", "raw", "--output", results, "--workers", "2", ...flags];
  expect(await run(args, { cwd: folder })).toMatchObject({ code: 1 });
  return { folder, results };
}

/** The same once more, as it was before anyone touched it. */
function again({ folder, results }: Scored): Scored {
  const copy = scratch();
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  const record = join(copy, "results.run/run.json");
  writeFileSync(record, readFileSync(record, "utf8").replaceAll(folder, copy));
  return { folder: copy, results: results.replace(folder, copy) };
}

/** Verifies all of it, in this process. */
function verify({ results }: Scored, more: Partial<VerifyOptions> = {}): Promise<Verification> {
  return verifyResults(results, { sample: null, seed: 1, workers: 2, model: null, data: null, ...more });
}

/** Changes the record of the run. */
function edit({ results }: Scored, change: (record: RunReport) => void): void {
  const path = results.replace(/\.[a-z.]+$/, ".run/run.json");
  const record = JSON.parse(readFileSync(path, "utf8")) as RunReport;
  change(record);
  writeFileSync(path, JSON.stringify(record));
}

let parquet: Scored;
let csv: Scored;
beforeAll(async () => {
  parquet = await score("parquet");
  csv = await score("csv", "--explain");
}, 60_000);

describe("flightbatch verify", () => {
  it("says that a result is reproduced, its failures too", async () => {
    const finished = await run(["verify", parquet.results, "--all"]);
    expect(finished).toMatchObject({ code: 0, stderr: "" });
    expect(finished.stdout).toBe(
      [
        `Certificate: rows ${JSON.parse(readFileSync(join(parquet.folder, "results.run/run.json"), "utf8")).certificate.rows}`,
        "Files of the run: as they were written",
        "Inputs: 7 of 7 scored again",
        "Rows: 282 the same bit for bit, 0 different",
        "All rows together have the digest of the certificate",
        `${parquet.results}: reproduced\n`,
      ].join("\n"),
    );
  });

  it.each(["csv.gz", "jsonl", "json"])("reads results in %s, explaining columns and all", async (format) => {
    const scored = await score(format, "--explain", "--filter", "aircraft_id != AC002");
    expect(await verify(scored)).toMatchObject({
      reproduced: true,
      rows: { equal: 188, different: 0 },
      inputs: { total: 5 },
    });
  });

  it("gives runs of other formats, workers, batch sizes and tasks the same certificate of rows", async () => {
    const other = await score("json", "--batch-size", "16", "--workers", "1");
    const rows = [parquet, csv, other].map(
      ({ folder }) => JSON.parse(readFileSync(join(folder, "results.run/run.json"), "utf8")).certificate.rows,
    );
    expect(new Set(rows).size).toBe(1);
    expect(rows[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("scores a sample, the same one for a seed", async () => {
    const flags = ["--sample", "2", "--seed", "7", "--json"];
    const { code, stdout } = await run(["verify", parquet.results, ...flags]);
    const first = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(first).toMatchObject({
      reproduced: true,
      seed: 7,
      inputs: { total: 7, chosen: 2 },
      files: { same: 2 },
    });
    expect(first.certificate.found).toBeNull();
    expect(await verify(parquet, { sample: 2, seed: 7 })).toEqual(first);
  });

  it("names the row of which one bit of the score was flipped, with both values", async () => {
    const tampered = again(parquet);
    const [row] = await query(
      `SELECT window_id, anomaly_score FROM read_parquet('${tampered.results}', file_row_number = true) WHERE file_row_number = 150`,
    );
    const wanted = Buffer.from(new Float32Array([Number(row!.anomaly_score)]).buffer);
    const bytes = readFileSync(tampered.results);
    const at = bytes.indexOf(wanted);
    expect(bytes.indexOf(wanted, at + 1)).toBe(-1);
    bytes[at]! ^= 1;
    writeFileSync(tampered.results, bytes);
    const json = await verify(tampered);
    expect(json.reproduced).toBe(false);
    expect(json.damaged).toEqual([{ path: tampered.results, found: expect.stringMatching(/^SHA-256 /) }]);
    expect(json.rows).toMatchObject({ equal: 281, different: 1 });
    expect(json.files.different).toHaveLength(1);
    expect(json.examples).toEqual([
      expect.objectContaining({
        windowId: row!.window_id,
        values: { anomaly_score: { was: expect.any(String), now: expect.any(String) } },
      }),
    ]);
    const { was, now } = json.examples[0]!.values.anomaly_score!;
    expect([Number(was) === Number(now), Math.fround(Number(now))]).toEqual([false, Number(row!.anomaly_score)]);
  });

  it("finds rows that were taken out of the results, and put into them", async () => {
    const cut = again(csv);
    const lines = readFileSync(cut.results, "utf8").split("\n");
    writeFileSync(cut.results, lines.filter((_, i) => i !== 20).join("\n"));
    const json = await verify(cut);
    expect(json.reproduced).toBe(false);
    expect(json.rows).toMatchObject({ equal: 281, onlyNow: 1, different: 0 });
    expect(json.damaged.map(({ found }) => found)).toContain("281 rows where the run wrote 282");
    lines[20] = lines[20]!.replace(/^[^,]+/, "made_up");
    writeFileSync(cut.results, lines.join("\n"));
    expect((await verify(cut)).rows).toMatchObject({ equal: 281, onlyNow: 1, onlyInResults: 1 });
  });

  it("says of damaged results that cannot be read whether their rows could be made again", async () => {
    const damaged = again(parquet);
    truncateSync(damaged.results, 2000);
    truncateSync(join(damaged.folder, "results.run/windows.parquet"), 100);
    rmSync(join(damaged.folder, "results.run/coverage.parquet"));
    const json = await verify(damaged);
    expect(json.reproduced).toBe(false);
    expect(json.damaged.map(({ found }) => found)).toEqual([
      expect.stringMatching(/^SHA-256/),
      expect.stringMatching(/^SHA-256/),
      "nothing there",
      expect.stringMatching(/^cannot be read: /),
    ]);
    expect(json.files).toEqual({ same: 7, different: [] });
    expect(json.certificate.found).toBe(json.certificate.rows);
  });

  it("tells inputs that are missing or changed from rows that differ", async () => {
    const moved = again(parquet);
    const flight = join(moved.folder, "raw", FLIGHT);
    rmSync(join(moved.folder, "raw", FLIGHT.replace("AC001", "AC003").replace("06", "09")));
    truncateSync(flight, 9000);
    const json = await verify(moved);
    expect([json.reproduced, json.files.same]).toEqual([false, 5]);
    expect(json.inputs.missing).toEqual([expect.stringContaining("AC003_20251012_090000.parquet")]);
    expect(json.inputs.changed).toEqual([expect.stringContaining("AC001_20251012_060000.parquet: 9000 bytes, then ")]);
    expect(json.rows).toMatchObject({ equal: 188, different: 0 });
  });

  it("sees by the rows that values of an input have changed behind the same footer", async () => {
    const changed = again(parquet);
    const flight = join(changed.folder, "raw", FLIGHT);
    const other = join(changed.folder, "raw", FLIGHT.replace("20251012", "20251011"));
    copyFileSync(other, flight);
    edit(changed, ({ inputs }) => {
      const [own, its] = ["20251012", "20251011"].map(
        (day) => inputs.find(({ path }) => path.includes(`AC001_${day}`))!,
      );
      Object.assign(own!, { contentHash: its!.contentHash, sizeBytes: its!.sizeBytes });
    });
    const json = await verify(changed);
    expect([json.reproduced, json.files.different.length]).toEqual([false, 1]);
    expect(json.inputs.notes).toContainEqual(
      expect.stringMatching(/AC001_20251012_060000.parquet: its time of change/),
    );
  });

  it("finds moved inputs and a moved bundle by --data and --model", async () => {
    const moved = again(parquet);
    renameSync(join(moved.folder, "raw"), join(moved.folder, "archive"));
    renameSync(join(moved.folder, "detector"), join(moved.folder, "models"));
    await expect(verify(moved)).rejects.toThrow(/detector/);
    const model = join(moved.folder, "models/1.0.0");
    expect((await verify(moved, { model })).inputs.missing).toHaveLength(7);
    const found = await verify(moved, { model, data: [join(moved.folder, "archive")] });
    expect(found).toMatchObject({ reproduced: true, rows: { equal: 282 } });
  });

  it("does not begin with a bundle that is another, and names the files that differ", async () => {
    const changed = again(parquet);
    const thresholds = join(changed.folder, "detector/1.0.0/thresholds.yaml");
    writeFileSync(thresholds, `${readFileSync(thresholds, "utf8")}\n# changed\n`);
    const { code, stderr } = await run(["verify", changed.results]);
    expect(code).toBe(2);
    expect(stderr).toContain("thresholds.yaml differs");
  });

  it("holds scores to the tolerance where the processor is another, and says so", async () => {
    const other = again(csv);
    const lines = readFileSync(other.results, "utf8").split("\n");
    const cells = lines[40]!.split(",");
    cells[4] = String(Math.fround(Number(cells[4]) * 1.00002));
    lines[40] = cells.join(",");
    const text = lines.join("\n");
    writeFileSync(other.results, text);
    edit(other, (record) => {
      record.certificate!.files.results = createHash("sha256").update(text).digest("hex");
    });
    expect(await verify(other)).toMatchObject({
      reproduced: false,
      rows: { equal: 281, different: 1 },
    });
    edit(other, (record) => {
      record.versions.cpu = "another";
    });
    const { code, stdout } = await run(["verify", other.results, "--all"]);
    expect(stdout).toMatch(/^Differs: cpu .*, then another$/m);
    expect(stdout).toContain("Rows: 281 the same bit for bit, 1 within the tolerance, 0 different\n");
    expect(code).toBe(0);
  });

  it.each<[string, (record: RunReport) => void]>([
    ["rows that are no number", ({ inputs }) => Object.assign(inputs[0]!, { rows: "0, 0), (COPY" })],
    ["no certificate", (record) => Object.assign(record, { certificate: null })],
    ["a batch size that is none", ({ options }) => Object.assign(options, { batchSize: "many" })],
    ["results of another form", ({ options }) => Object.assign(options, { format: "json" })],
  ])("takes no record with %s", async (_, change) => {
    const odd = again(parquet);
    edit(odd, change);
    await expect(verify(odd)).rejects.toMatchObject({ detail: { code: "USAGE" } });
  });

  it("cannot begin without results, or without the record of the run", async () => {
    const folder = scratch();
    expect(await run(["verify", join(folder, "none.parquet")])).toMatchObject({ code: 2 });
    copyFileSync(parquet.results, join(folder, "alone.parquet"));
    const alone = await run(["verify", join(folder, "alone.parquet")]);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("with its .run folder beside it")]);
    expect(await run(["verify", parquet.results, "--sample", "0"])).toMatchObject({ code: 2 });
  });
});
