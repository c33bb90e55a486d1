import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../dist/index.js";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";

const FLIGHTS = fixture("data/raw/engine_vibration/2025-10");
const NAME = "AC001_20251011_060000.parquet";

/** A run over two flights with their sidecars, that of the first changed. */
function prepare(
  change: (sidecar: Record<string, unknown>) => Record<string, unknown>,
): RunOptions & { model: string } {
  const folder = scratch();
  const data = join(folder, "data");
  mkdirSync(data);
  for (const name of [NAME, "AC002_20251011_073000.parquet"])
    for (const own of [name, `${name}.meta.json`]) copyFileSync(join(FLIGHTS, own), join(data, own));
  const sidecar = join(data, `${NAME}.meta.json`);
  writeFileSync(sidecar, JSON.stringify(change(JSON.parse(readFileSync(sidecar, "utf8")))));
  return { model: detector("1.0.0"), data: [data], output: join(folder, "results.parquet") };
}

describe("a run's ledger", () => {
  it("is the same in the summary, by flight and by part", async () => {
    const output = join(scratch(), "results.parquet");
    const data = [fixture("data/faulty"), FLIGHTS, fixture("data/processed"), fixture("data/features")];
    const { summary, runDirectory } = await runBatch({ model: detector("1.0.0"), data, output });
    const [flights] = await query(
      `SELECT sum(recorded_seconds) AS recorded, sum(scored_seconds) AS scored FROM '${runDirectory}/coverage.parquet'`,
    );
    const parts = await query(
      `SELECT reason, sum(seconds) AS s FROM '${runDirectory}/coverage_detail.parquet' GROUP BY 1`,
    );
    const seconds = Object.fromEntries(parts.map(({ reason, s }) => [reason, s]));
    const { coverage } = summary;
    expect(coverage.scored_seconds).toBeGreaterThan(0);
    expect([flights!.recorded, flights!.scored]).toEqual([
      expect.closeTo(coverage.recorded_seconds, 6),
      expect.closeTo(coverage.scored_seconds, 6),
    ]);
    expect(seconds.scored).toBeCloseTo(coverage.scored_seconds, 6);
    const lost = Object.values(coverage.not_scored_seconds).reduce((a, b) => a + b, 0);
    expect(lost + coverage.scored_seconds).toBeCloseTo(coverage.recorded_seconds, 6);
    expect(coverage.verified_files).toEqual({ by_checksum: 0, by_size: 6, not_verified: expect.any(Number) });
  });
});

describe("--verify", () => {
  it("names what is promised and absent at the end of the run, which is no failure", async () => {
    const { model, data, output } = prepare((sidecar) => ({ ...sidecar, duration_seconds: 300, record_count: 30_000 }));
    const log = join(scratch(), "run.log");
    const given = ["run", "--model", model, "--data", data[0]!, "--output", output, "--log-file", log];
    const { code, stdout } = await run(given);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nAbsent: 1m 0s, 6,000 rows that sidecars promise, in 1 file\n {2}\S+AC001_20251011_060000\.parquet\n/,
    );
    expect(readFileSync(log, "utf8")).toContain("24000 rows, but its sidecar says 30000");
  });

  it("fails a file by its checksum with `full`, and no other; another level does all parts again", async () => {
    const options = prepare((sidecar) => ({ ...sidecar, checksums: { sha256: "0".repeat(64) } }));
    const bySize = await runBatch(options);
    expect(bySize.failures).toEqual([]);
    const full = await runBatch({ ...options, verify: "full" });
    expect(full.failures.map(({ code, path }) => [code, path])).toEqual([
      ["CHECKSUM_MISMATCH", join(options.data[0]!, NAME)],
    ]);
    expect(full.report.tasks.reused).toBe(0);
    expect(full.summary.coverage.verified_files).toEqual({ by_checksum: 1, by_size: 0, not_verified: 1 });
    expect(full.summary.coverage.not_scored_seconds).toEqual({ file_failed: 239.99 });
    expect((await runBatch({ ...options, verify: "full" })).report.tasks.reused).toBe(full.report.tasks.total);
  });

  it("counts a file of which only the sidecar is there, unless the filter leaves it out", async () => {
    const options = prepare((sidecar) => ({ ...sidecar, duration_seconds: 240 }));
    rmSync(join(options.data[0]!, NAME));
    const warnings: string[] = [];
    const observer = { warning: (message: string) => warnings.push(message) };
    const { summary, failures } = await runBatch(options, { observer });
    expect(failures).toEqual([]);
    expect(warnings).toContainEqual(`${join(options.data[0]!, NAME)}: not there, though its sidecar is`);
    expect(summary.coverage).toMatchObject({ absent_files: 1, absent_seconds: 240, absent_rows: 24_000 });
    expect(summary.coverage.by_aircraft.AC001).toMatchObject({ recorded_seconds: 0, absent_seconds: 240 });
    const others = await runBatch({ ...options, filter: "aircraft_id==AC002" });
    expect(others.summary.coverage.absent_files).toBe(0);
    const off = await runBatch({ ...options, verify: "off" });
    expect(off.summary.coverage.absent_files).toBe(0);
  });

  it("refuses a level that there is not", async () => {
    const options = { ...prepare((sidecar) => sidecar), verify: "some" as "off" };
    await expect(runBatch(options)).rejects.toMatchObject({ detail: { code: "USAGE", path: "--verify" } });
  });
});
