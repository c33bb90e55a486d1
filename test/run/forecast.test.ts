import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { type Forecast, forecastRun } from "../../src/run/forecast/forecast.ts";
import { settleOptions } from "../../src/run/run-options.ts";
import { detector, fixture, scratch } from "../support/run.ts";
import { doubles, type TestTable, tableBytes, texts, times } from "../support/write-table.ts";

interface Both {
  forecast: Forecast;
  real: Awaited<ReturnType<typeof runBatch>>;
}

/** What is foreseen of a run, and what comes of it. */
async function both(data: string[], more: Record<string, unknown> = {}): Promise<Both> {
  const options = { model: detector("1.0.0"), data, output: join(scratch(), "results.parquet"), workers: 2, ...more };
  const forecast = await forecastRun(await loadBundle(options.model), settleOptions(options), options.output);
  return { forecast, real: await runBatch(options) };
}

/** Failures by file; a sample of a text column's values is only known once it is read. */
function failuresOf(files: { path: string; failure: { code: string; found: string } | null }[]): string[] {
  return files.flatMap(({ path, failure }) =>
    failure === null ? [] : `${basename(path)} ${failure.code} ${failure.found.replace(/ \(such as .*\)$/, "")}`,
  );
}

function windowsOf({ real }: Both): number[] {
  return real.files.map(({ flights }) => flights.reduce((sum, { windows }) => sum + windows, 0));
}

const FORMS = ["raw", "interim", "processed", "features", "jittered"];

describe("the forecast", () => {
  it.each(FORMS)("of %s data has the windows and the kinds that the run has", async (form) => {
    const outcome = await both([fixture(`data/${form}`)]);
    expect(outcome.forecast.files.map(({ windows }) => windows)).toEqual(windowsOf(outcome));
    expect(outcome.forecast.files.map(({ kind }) => kind)).toEqual(outcome.real.files.map(({ kind }) => kind));
    expect(outcome.forecast.windows).toEqual({ expected: windowsOf(outcome).reduce((a, b) => a + b), unknownFiles: 0 });
    expect(failuresOf(outcome.forecast.files)).toEqual([]);
  });

  it("fails no sound file however odd, and has its windows or says why not", async () => {
    const outcome = await both([fixture("data/faulty/odd_but_valid")]);
    const real = windowsOf(outcome);
    expect(failuresOf(outcome.forecast.files)).toEqual([]);
    const foreseen = outcome.forecast.files.map(({ windows, windowsUnknown }, i) =>
      windows === null ? [windowsUnknown !== null, real[i]] : [windows, real[i]],
    );
    expect(foreseen.filter(([windows, own]) => windows !== true && windows !== own)).toEqual([]);
    expect(outcome.forecast.windows.unknownFiles).toBe(3);
  });

  it("has every failure that does not hide in the data, in the run's own words", async () => {
    const { forecast, real } = await both([fixture("data/faulty/unreadable")]);
    const hidden = "AC091_20251012_000004.parquet";
    const expected = failuresOf(real.files).filter((line) => !line.startsWith(hidden));
    expect(failuresOf(forecast.files)).toEqual(expected);
    expect(expected).toHaveLength(8);
    const likely = forecast.files.filter(({ failure }) => failure?.certain === false);
    expect(likely.map(({ path }) => basename(path))).toEqual(["AC091_20251012_000009.parquet"]);
  });

  it("judges CSV by its header", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "a_no_header.csv"), "2025-10-11T06:00:00Z,1,2\n2025-10-11T06:00:01Z,1,2\n");
    writeFileSync(join(folder, "b_no_time.csv"), "n1,n2\n1,2\n");
    writeFileSync(join(folder, "c_no_signal.csv"), "timestamp,n1\n2025-10-11T06:00:00Z,1\n");
    writeFileSync(join(folder, "d_empty.csv"), "");
    writeFileSync(join(folder, "e_damaged.csv.gz"), gzipSync("timestamp,n1\n".repeat(9)).subarray(0, 12));
    writeFileSync(join(folder, "f_twice.csv"), "timestamp,n1,n1\n");
    const { forecast, real } = await both([folder, fixture("data/csv")]);
    expect(failuresOf(forecast.files)).toEqual(failuresOf(real.files));
    expect(failuresOf(forecast.files)).toHaveLength(6);
    expect(forecast.files.map(({ kind }) => kind)).toEqual(real.files.map(({ kind }) => kind));
  });

  it("sees a feature that a table lacks, and a number where lists are asked for", async () => {
    const folder = scratch();
    copyFileSync(join(fixture("data/features"), "AC001_20251011_060000.parquet"), join(folder, "features.parquet"));
    copyFileSync(
      join(fixture("data/raw/engine_vibration/2025-10"), "AC001_20251011_060000.parquet"),
      join(folder, "raw.parquet"),
    );
    for (const inputKind of ["features", "processed"] as const) {
      const { forecast, real } = await both([folder], { inputKind });
      expect(failuresOf(forecast.files)).toEqual(failuresOf(real.files));
      expect(failuresOf(forecast.files).length).toBeGreaterThan(0);
    }
  });

  it("sees that a file needs more than the memory limit leaves", async () => {
    const folder = scratch();
    const text = randomBytes(9e6).toString("base64").replace(/.{76}/g, "$&\n");
    writeFileSync(join(folder, "large.csv.gz"), gzipSync(`timestamp,n1\n${text}`, { level: 1 }));
    const { forecast, real } = await both([folder], { memoryLimit: "400MiB", workers: 1 });
    expect(failuresOf(forecast.files)).toEqual([
      expect.stringMatching(/^large.csv.gz OUT_OF_MEMORY a file that needs/),
    ]);
    expect(failuresOf(forecast.files)).toEqual(failuresOf(real.files));
    expect(forecast.estimate.memoryBytes.high).toBeLessThanOrEqual(400 * 2 ** 20);
  });

  it("does not count the windows of what may be several flights, or of times without statistics", async () => {
    const folder = scratch();
    const step = 100_000_000n;
    const rows = 400;
    const signals = Object.fromEntries(
      ["vib_fan", "vib_compressor", "vib_turbine", "n1", "n2", "egt"].map((name) => [
        name,
        doubles(Array(rows).fill(1)),
      ]),
    );
    const write = (name: string, more: TestTable) =>
      writeFileSync(
        join(folder, name),
        tableBytes({ timestamp: times(Array.from({ length: rows }, (_, i) => BigInt(i) * step)), ...signals, ...more }),
      );
    write("a_two.parquet", { flight_id: texts(Array.from({ length: rows }, (_, i) => (i < 200 ? "A" : "B"))) });
    write("b_one.parquet", { flight_id: texts(Array(rows).fill("A")) });
    write("c_some.parquet", { flight_id: texts(Array.from({ length: rows }, (_, i) => (i < 200 ? "A" : null))) });
    const { forecast, real } = await both([folder]);
    expect(failuresOf(real.files)).toEqual([]);
    expect(forecast.files.map(({ windows }) => windows)).toEqual([null, windowsOf({ forecast, real })[1], null]);
    expect(forecast.files[0]!.windowsUnknown).toMatch(/perhaps several flights/);
  });

  it("knows what stands from an earlier run, and what is done again and why", async () => {
    const folder = scratch();
    const data = join(folder, "fleet");
    mkdirSync(data);
    const source = fixture("data/raw/engine_vibration/2025-10");
    for (const name of readdirSync(source)) copyFileSync(join(source, name), join(data, name));
    copyFileSync(join(fixture("data/faulty/unreadable"), "AC091_20251012_000004.parquet"), join(data, "ZZ.parquet"));
    const output = join(folder, "results.parquet");
    const first = await both([data], { output });
    const again = await both([data], { output });
    expect(first.forecast.tasks).toMatchObject({ total: 7, standing: 0 });
    expect(again.forecast.tasks).toMatchObject({ total: 7, standing: 7, bytes: null });
    // What hides in the data is known once it was read.
    expect(failuresOf(again.forecast.files)).toEqual(failuresOf(again.real.files));
    writeFileSync(join(data, "AC001_20251011_060000.parquet"), "PAR1");
    const changed = await both([data], { output });
    expect(changed.forecast.tasks).toMatchObject({ total: 7, standing: 6 });
    expect(changed.forecast.redone).toEqual([expect.stringMatching(/AC001_20251011_060000.parquet has changed/)]);
    expect(changed.real.report.tasks).toMatchObject({ total: 7, reused: 6 });
  });

  it("estimates by what the run before took, where there was one", async () => {
    const output = join(scratch(), "results.parquet");
    const data = [fixture("data/raw")];
    const { forecast } = await both(data, { output });
    const next = await both(data, { output, filter: "date >= 2000-01-01" });
    expect([forecast.estimate.basis, next.forecast.estimate.basis]).toEqual(["constants", "earlier run"]);
    for (const { seconds, memoryBytes } of [forecast.estimate, next.forecast.estimate]) {
      expect(seconds.high).toBeGreaterThan(2 * seconds.low);
      expect(memoryBytes.low).toBeGreaterThan(100e6);
    }
    expect(next.real.report.elapsedMs / 1000).toBeGreaterThan(next.forecast.estimate.seconds.low / 4);
  });
});
