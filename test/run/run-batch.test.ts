import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../dist/index.js";
import { query } from "../support/read-parquet.ts";
import { detector, digestOfRows, fixture, scratch } from "../support/run.ts";

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  return {
    model: detector("1.0.0"),
    data: [fixture("data/raw")],
    output: join(folder, "results.parquet"),
    workers: 2,
    ...more,
  };
}

describe("runBatch", () => {
  it("leaves the results and, beside them, all about the run", async () => {
    const folder = scratch();
    const result = await runBatch(options(folder));
    expect(readdirSync(folder).sort()).toEqual(["results.parquet", "results.run"]);
    expect(readdirSync(join(folder, "results.run")).sort()).toEqual([
      "coverage.parquet",
      "coverage_detail.parquet",
      "failures.jsonl",
      "parts",
      "plan.json",
      "quality.parquet",
      "run.json",
      "summary.json",
      "windows.parquet",
    ]);
    const summary = JSON.parse(readFileSync(join(folder, "results.run/summary.json"), "utf8"));
    expect(summary).toEqual(JSON.parse(JSON.stringify(result.summary)));
    expect(summary).toMatchObject({
      total_windows: 282,
      total_flights: 6,
      date_range: ["2025-10-11", "2025-10-12"],
      windows_skipped: 0,
      files: { total: 6, scored: 6, failed: 0 },
    });
    const [own] = await query(
      `SELECT count(*) AS windows, sum(is_anomaly::INT) AS anomalies, max(anomaly_score)::DOUBLE AS highest FROM read_parquet('${result.output}') WHERE aircraft_id = 'AC002'`,
    );
    expect(summary.by_aircraft.AC002).toMatchObject({
      windows: Number(own!.windows),
      anomalies: Number(own!.anomalies),
      max_anomaly_score: own!.highest,
      flights: 2,
    });
  });

  it("accounts for every window of the grid", async () => {
    const folder = scratch();
    const { summary } = await runBatch(options(folder, { data: [fixture("data/faulty/odd_but_valid")] }));
    const skipped = Object.values(summary.skipped_by_reason).reduce((a, b) => a + b, 0);
    expect([summary.total_windows, summary.windows_skipped, skipped]).toEqual([848, 43, 43]);
    const [covered] = await query(
      `SELECT sum(windows)::INT AS grid, sum(scored)::INT AS scored, sum(skipped_low_coverage)::INT AS low FROM '${folder}/results.run/coverage.parquet'`,
    );
    expect(covered).toEqual({ grid: 891, scored: 848, low: 43 });
  });

  it("scores the rest where files fail, and gives each its reason", async () => {
    const folder = scratch();
    const { failures, summary } = await runBatch(
      options(folder, { data: [fixture("data/faulty/unreadable"), fixture("data/raw")] }),
    );
    expect(summary).toMatchObject({ total_windows: 282, files: { total: 15, scored: 6, failed: 9 } });
    expect(failures.map(({ path, code }) => [path!.slice(-9, -8), code])).toEqual([
      ["1", "FILE_CORRUPT"],
      ["2", "FILE_EMPTY"],
      ["3", "FILE_NOT_PARQUET"],
      ["4", "FILE_CORRUPT"],
      ["5", "SIGNAL_MISSING"],
      ["6", "COLUMN_TYPE"],
      ["7", "TIME_MISSING"],
      ["8", "FILE_CORRUPT"],
      ["9", "ROWS_TOO_FAR_APART"],
    ]);
    const lines = readFileSync(join(folder, "results.run/failures.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(JSON.parse(JSON.stringify(failures)));
    for (const line of lines)
      for (const key of ["code", "stage", "found", "expected", "hint"]) expect(line[key]).toMatch(/./);
  });

  it("gives a valid, empty result for a folder without flights, and for a filter that leaves none", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "nothing"));
    for (const more of [
      { data: [join(folder, "nothing")] },
      { filter: "aircraft_id == AC999" },
      { filter: "flight_phase == unknown" },
    ]) {
      const { summary, failures, output } = await runBatch(options(folder, more));
      expect(failures).toEqual([]);
      expect(summary).toMatchObject({ total_windows: 0, date_range: null, anomaly_rate: null });
      expect(await digestOfRows(output)).toBe("0:");
    }
  });

  it("filters windows without changing a bit of those that stay", async () => {
    const folder = scratch();
    await runBatch(options(folder));
    const filter = "aircraft_id in [AC001, 'AC003'] and flight_phase == cruise and timestamp >= 2025-10-11T06:01:00";
    const { output, report, summary } = await runBatch(
      options(folder, { filter, output: join(folder, "some.parquet") }),
    );
    expect(report.pruned.pruned.length).toBe(2);
    expect(summary.skipped_by_reason.filtered).toBeGreaterThan(0);
    const [left] = await query(
      `SELECT (SELECT count(*) FROM '${output}')::INT AS kept, count(*)::INT AS expected, count(*) FILTER (a.anomaly_score = b.anomaly_score)::INT AS same
       FROM '${folder}/results.parquet' a JOIN '${folder}/results.run/windows.parquet' w USING (aircraft_id, flight_id, window_id)
       LEFT JOIN '${output}' b USING (aircraft_id, flight_id, window_id)
       WHERE a.aircraft_id <> 'AC002' AND w.flight_phase = 'cruise' AND a."timestamp" >= TIMESTAMP '2025-10-11 06:01:00'`,
    );
    expect(left!.expected).toBeGreaterThan(0);
    expect(left).toMatchObject({ kept: left!.expected, same: left!.expected });
  });

  it.each(["csv", "csv.gz", "jsonl", "json"])("writes the same rows as %s", async (format) => {
    const folder = scratch();
    const { output } = await runBatch(options(folder, { explain: true }));
    const other = await runBatch(options(folder, { explain: true, output: join(folder, `other.${format}`) }));
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const read = format.startsWith("csv") ? `read_csv('${other.output}')` : `read_json('${other.output}')`;
    const columns = `window_id, epoch_ns("timestamp"::TIMESTAMP_NS) AS ns, anomaly_score::FLOAT AS score, is_anomaly, anomaly_severity::INT AS severity, flight_phase, threshold`;
    const rows = await query(`SELECT ${columns} FROM ${read}`);
    expect(rows).toEqual(await query(`SELECT ${columns} FROM '${output}'`));
  });

  it("passes its own results over when they lie among the flights", async () => {
    const folder = scratch();
    copyFileSync(fixture("data/jittered/AC001_20251011_060000.parquet"), join(folder, "AC001_20251011_060000.parquet"));
    await runBatch(options(folder, { data: [folder] }));
    const { summary, failures } = await runBatch(
      options(folder, { data: [folder], output: join(folder, "again.parquet") }),
    );
    expect(failures).toEqual([]);
    expect(summary.files).toMatchObject({ total: 2, scored: 1, passed_over: 1 });
  });
});
