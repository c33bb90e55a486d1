import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { AggregateSummary } from "../../src/aggregate/aggregate.ts";
import type { Summary } from "../../src/results/summary.ts";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";
import { writeResults } from "../support/write-results.ts";

let folder = "";

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}

/** Every key of `part` is in `whole` with the same value, below it too. */
function expectContained(whole: AggregateSummary, part: Partial<Summary>): void {
  expect(whole).toMatchObject(part);
}

beforeAll(async () => {
  folder = scratch();
  const score = (version: string, data: string, output: string) =>
    run(["run", "--model", detector(version), "--data", fixture(data), "--output", output, "--quiet"], { cwd: folder });
  await score("1.0.0", "data/raw", "results_2025-10.parquet");
  await score("1.0.0", "data/interim", "results_2025-11.csv");
  await score("1.1.0", "data/raw", "other.parquet");
}, 60_000);

describe("flightbatch aggregate", () => {
  it.each(["results_aggregator", "results-aggregator"])("is %s as its users write it", async (launcher) => {
    const args = "--input results_2025-10.parquet --output summary_2025-10.json --group-by aircraft_id".split(" ");
    const { code, stdout, stderr } = await run(args, { launcher, cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Total windows: 282 in 6 flights\nAnomalies: 82 \(29\.1%, 95% interval [\d.]+% to [\d.]+%\)\nDays: 2025-10-11 to 2025-10-12\nWorst aircraft\n {2}aircraft .*\n {2}AC002 .*\n {2}AC001 .*\n {2}AC003 .*\nSummary: summary_2025-10\.json\n$/,
    );
  });

  it("comes to the same as the summary of the run, key for key", async () => {
    await run("--input results_2025-10.parquet --output s.json --group_by aircraft_id flight_id".split(" "), {
      launcher: "results_aggregator",
      cwd: folder,
    });
    const { total_windows, total_flights, date_range, anomaly_rate, anomalies, by_aircraft, by_date } =
      readJson<Summary>("results_2025-10.run/summary.json");
    const summary = readJson<AggregateSummary>("s.json");
    expectContained(summary, {
      total_windows,
      total_flights,
      date_range,
      anomaly_rate,
      anomalies,
      by_aircraft,
      by_date,
    });
    expect(Object.keys(summary.by_aircraft!)).toEqual(Object.keys(by_aircraft));
    expect(summary.groups).toHaveLength(total_flights);
  });

  it("has the scored time of the run's coverage", async () => {
    await run(["aggregate", "--input", "results_2025-10.parquet", "--output", "s.json"], { cwd: folder });
    const [row] = await query(
      `SELECT sum(scored_seconds) AS s FROM read_parquet('${folder}/results_2025-10.run/coverage.parquet')`,
    );
    expect(readJson<AggregateSummary>("s.json").scored_hours).toBeCloseTo(Number(row!.s) / 3600, 9);
  });

  it("finds the phases in the run's windows.parquet, and sees when that is not of these results", async () => {
    const args = [
      "aggregate",
      "--input",
      "results_2025-10.parquet",
      "--output",
      "p.json",
      "--group-by",
      "flight_phase severity",
    ];
    expect(await run(args, { cwd: folder })).toMatchObject({ code: 0 });
    const expected = await query(
      `SELECT flight_phase, count(*)::INT AS windows FROM read_parquet('${folder}/results_2025-10.run/windows.parquet') GROUP BY ALL ORDER BY ALL`,
    );
    const found = Object.entries(readJson<AggregateSummary>("p.json").by_flight_phase!);
    expect(found.map(([flight_phase, { windows }]) => ({ flight_phase, windows }))).toEqual(expected);
    const windows = join(folder, "results_2025-10.run/windows.parquet");
    copyFileSync(windows, join(folder, "kept"));
    copyFileSync(join(folder, "other.run/windows.parquet"), windows);
    const { code, stderr } = await run(args, { cwd: folder });
    copyFileSync(join(folder, "kept"), windows);
    expect(code).toBe(2);
    expect(stderr).toMatch(/results_2025-10\.parquet: other windows in .*windows\.parquet/);
  });

  it("says what the run recorded, by aircraft and by reason", async () => {
    await run(["aggregate", "--input", "results_2025-10.parquet", "results_2025-11.csv", "--output", "s.json"], {
      cwd: folder,
    });
    const { coverage } = readJson<AggregateSummary>("s.json");
    const runs = ["results_2025-10", "results_2025-11"].map(
      (name) => readJson<Summary>(`${name}.run/summary.json`).coverage,
    );
    const sum = (of: (one: Summary["coverage"]) => number) => runs.reduce((all, one) => all + of(one), 0);
    expect(coverage!.recorded_seconds).toBeCloseTo(
      sum((one) => one.recorded_seconds),
      6,
    );
    expect(coverage!.scored_seconds).toBeCloseTo(
      sum((one) => one.scored_seconds),
      6,
    );
    const aircraft = coverage!.by_aircraft.AC001!;
    expect(aircraft.scored_seconds).toBeCloseTo(
      sum((one) => one.by_aircraft.AC001?.scored_seconds ?? 0),
      6,
    );
    expect(coverage).toMatchObject({ inputs_without: 0, failed_files: 0 });
  });

  it("counts a recording once that two runs scored", async () => {
    const once = ["aggregate", "--input", "results_2025-10.parquet", "--output", "s.json"];
    await run(once, { cwd: folder });
    const { coverage } = readJson<AggregateSummary>("s.json");
    await run([...once, "--input", "results_2025-10.parquet", "other.parquet", "--group-by", "model"], { cwd: folder });
    expect(readJson<AggregateSummary>("s.json").coverage).toEqual(coverage);
  });

  it("takes a pattern of files of several forms", async () => {
    const { code, stdout } = await run(
      ["aggregate", "--input", "results_2025-*.{parquet,csv}", "--output", "t.csv", "--trend", "month"],
      {
        cwd: folder,
      },
    );
    expect(code).toBe(0);
    expect(stdout).toContain("Not known whether the anomaly rate rises: fewer than five months with a scored window\n");
    expect(readFileSync(join(folder, "t.csv"), "utf8")).toMatch(
      /^aircraft_id,flights,windows,anomalies,anomaly_rate,.*,trend_rises\nAC001,/,
    );
  });

  it("counts flights without a scored window, as the run does", async () => {
    const args = [
      "run",
      "--model",
      detector("1.0.0"),
      "--data",
      fixture("data/raw"),
      "--output",
      "none.parquet",
      "--quiet",
    ];
    await run([...args, "--filter", "window_id == AC001_1760162400"], {
      cwd: folder,
    });
    await run(["aggregate", "--input", "none.parquet", "--output", "none.json"], { cwd: folder });
    const { total_windows, total_flights, by_aircraft, date_range } = readJson<Summary>("none.run/summary.json");
    expect({ total_windows, total_flights }).toEqual({ total_windows: 1, total_flights: 6 });
    expectContained(readJson<AggregateSummary>("none.json"), { total_windows, total_flights, by_aircraft, date_range });
  });

  const refused: [string, string[], RegExp][] = [
    [
      "results of two models",
      ["--input", "results_2025-10.parquet", "other.parquet"],
      /2 models: engine_vibration_detector\/1\.0\.0, .*1\.1\.0/,
    ],
    [
      "windows of a run instead of its results",
      ["--input", "other.run/windows.parquet"],
      /no column is_anomaly, anomaly_severity.*Give the results themselves/s,
    ],
    [
      "an unknown dimension",
      ["--input", "other.parquet", "--group-by", "engine"],
      /engine; expected any of aircraft_id/,
    ],
    ["an unknown period", ["--input", "other.parquet", "--trend", "year"], /'year' is invalid.*day, week, month/],
    ["no input", [], /--input/],
  ];
  it.each(refused)("ends with 2 and writes nothing for %s", async (_, args, message) => {
    const { code, stdout, stderr } = await run(["aggregate", "--output", "never.json", ...args], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(existsSync(join(folder, "never.json"))).toBe(false);
  });

  it("prints no escape of a name", async () => {
    const rows = Array.from({ length: 6 }, (_, day) =>
      Array.from({ length: 6 }, (_, k) => ({
        aircraft: "\u001b[31mRED",
        flight: `F${day}`,
        at: `2025-10-0${day + 1}T10:00:0${k}`,
        severity: k < day ? 1 : 0,
      })),
    ).flat();
    await writeResults(join(folder, "odd.parquet"), rows);
    const { stdout } = await run(["aggregate", "--input", "odd.parquet", "--output", "odd.json", "--trend", "day"], {
      cwd: folder,
    });
    expect(stdout).toMatch(
      /\nAnomaly rate by day: _:-\+\*# \(2025-10-01 to 2025-10-06, highest 83\.3%\)\nWorst aircraft\n.*\n {2}\?\[31mRED +6 /,
    );
    const plain = await run("aggregate --input odd.parquet --output odd.json --group-by aircraft_id".split(" "), {
      cwd: folder,
    });
    expect(plain.stdout).toMatch(
      /\nWorst aircraft\n {2}aircraft +flights +scored hours +anomalies\/100 h +worst\n {2}\?\[31mRED +6 .* minor\nSummary: /,
    );
    expect(stdout).toMatch(/rises on 1 of 1 aircraft\n {2}\?\[31mRED: \+16\.67 percentage points \(/);
  });
});
