import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeCoverage } from "../../src/cli/coverage-text.ts";
import { encodeCoverage } from "../../src/results/coverage.ts";
import { encodeCoverageDetail } from "../../src/results/coverage-detail.ts";
import { summariseCoverage } from "../../src/results/coverage-summary.ts";
import type { FileReport, FlightReport, FlightTime } from "../../src/results/reports.ts";
import { query } from "../support/read-parquet.ts";
import { fileReport, flightReport, HOUR, hoursOf } from "../support/reports.ts";
import { scratch } from "../support/run.ts";

function flight(aircraftId: string, time: FlightTime[], anomalies = 0): FlightReport {
  return flightReport(aircraftId, { time, anomalies });
}

function failed(path: string, time: Partial<FileReport["time"]>): FileReport {
  const failure = { code: "FILE_CORRUPT", found: "", expected: "", hint: "", stage: "read" } as const;
  return { ...fileReport(path, [], time), failure };
}

const FILES = [
  fileReport(
    "a.parquet",
    [
      flight("AC1", [hoursOf("scored", 2), hoursOf("low_coverage:vib", 0.5), hoursOf("scored", 1, "climb")], 3),
      flight("AC2", [hoursOf("tail", 0.25), hoursOf("low_coverage:n1", 0.25)]),
    ],
    { absentNs: 1.5 * HOUR, absentRows: 540, verified: "size" },
  ),
  failed("b.parquet", { aircraftId: "AC3", lengthNs: 4 * HOUR }),
  failed("c.parquet", { aircraftId: "AC3", lengthNs: null }),
  { ...fileReport("results.parquet", [], { aircraftId: "unknown", lengthNs: null }), passedOver: true },
];

describe("the summary of coverage", () => {
  const summary = summariseCoverage(FILES);

  it("adds up all recorded time by reason, failed files by their length, what is absent apart", () => {
    expect(summary).toMatchObject({
      recorded_seconds: 8 * 3600,
      scored_seconds: 3 * 3600,
      not_scored_seconds: { file_failed: 14_400, "low_coverage:vib": 1800, "low_coverage:n1": 900, tail: 900 },
      absent_seconds: 5400,
      absent_rows: 540,
      files_of_unknown_length: 1,
      verified_files: { by_checksum: 0, by_size: 1, not_verified: 2 },
    });
  });

  it("rates by scored time, and has no rate where nothing was scored", () => {
    expect(summary.anomalies_per_100_scored_hours).toBe(100);
    const { AC1, AC2, AC3, ...others } = summary.by_aircraft;
    expect(others).toEqual({});
    expect([AC1, AC2, AC3].map((aircraft) => aircraft!.anomalies_per_100_scored_hours)).toEqual([100, null, null]);
    expect(AC1).toMatchObject({ recorded_seconds: 12_600, scored_seconds: 10_800, absent_seconds: 5400 });
    expect(AC3).toMatchObject({ recorded_seconds: 14_400, scored_seconds: 0, files_of_unknown_length: 1 });
  });

  it("tells the phases apart, in their order", () => {
    expect(Object.entries(summary.by_phase).map(([name, { recorded_seconds }]) => [name, recorded_seconds])).toEqual([
      ["climb", 3600],
      ["cruise", 10_800],
      ["unknown", 14_400],
    ]);
  });

  it("is exact beyond what nanoseconds in doubles hold", () => {
    const long = Array.from({ length: 1000 }, (_, i) =>
      fileReport(`${i}`, [flight("AC1", [hoursOf("scored", 300.000000001)])]),
    );
    expect(summariseCoverage(long).recorded_seconds).toBe(1_080_000_000.0036);
  });

  it("counts what absent files promise, also of an aircraft of which there is nothing else", () => {
    const absent = { path: "d.parquet", aircraftId: "AC9", flightId: "F9", promisedNs: HOUR, promisedRows: 60 };
    const { absent_files, absent_seconds, absent_rows, by_aircraft } = summariseCoverage(FILES, [
      absent,
      { ...absent, promisedNs: null, promisedRows: null },
    ]);
    expect([absent_files, absent_seconds, absent_rows]).toEqual([2, 9000, 600]);
    expect(by_aircraft.AC9).toMatchObject({ recorded_seconds: 0, absent_seconds: 3600 });
  });

  it("has nulls and zeros of no files", () => {
    expect(summariseCoverage([])).toMatchObject({
      ...{ recorded_seconds: 0, scored_seconds: 0, not_scored_seconds: {}, anomalies_per_100_scored_hours: null },
      ...{ by_phase: {}, by_aircraft: {} },
    });
  });
});

describe("the end of a run", () => {
  it("says in words how much was examined, and what is absent", () => {
    expect(describeCoverage(summariseCoverage(FILES), FILES)).toEqual([
      "Examined: 37.5% of 8h 00m recorded was scored; not scored: file_failed 4h 00m, low_coverage:vib 30m 0s, low_coverage:n1 15m 0s, tail 15m 0s; and 1 file of unknown length",
      "Absent: 1h 30m, 540 rows that sidecars promise, in 1 file",
      "  a.parquet",
    ]);
  });

  it("names files of which only the sidecar is there", () => {
    const absent = { path: "d.parquet", aircraftId: "AC9", flightId: "F9", promisedNs: null, promisedRows: null };
    const lines = describeCoverage(summariseCoverage([], [absent]), []);
    expect(lines).toEqual(["Absent: 1 file of which only the sidecar is there"]);
  });

  it("never rounds up to all", () => {
    const files = [fileReport("a", [flight("AC1", [hoursOf("scored", 10_000), hoursOf("tail", 0.001)])])];
    expect(describeCoverage(summariseCoverage(files), files)[0]).toMatch(/^Examined: over 99\.9% of /);
  });

  it("says nothing of nothing", () => {
    expect(describeCoverage(summariseCoverage([]), [])).toEqual([]);
  });
});

describe("the tables of coverage", () => {
  it("have the same time, by flight and by part", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "coverage.parquet"), encodeCoverage(FILES));
    writeFileSync(join(folder, "detail.parquet"), encodeCoverageDetail(FILES));
    const flights = await query(
      `SELECT path, aircraft_id, recorded_seconds AS recorded, scored_seconds AS scored, not_scored_seconds AS lost,
        low_coverage_seconds + tail_seconds + file_failed_seconds AS sum, absent_seconds AS absent, absent_rows::INT AS rows, verified
       FROM '${folder}/coverage.parquet'`,
    );
    expect(flights.map((row) => Object.values(row))).toEqual([
      ["a.parquet", "AC1", 12_600, 10_800, 1800, 1800, 5400, 540, "size"],
      ["a.parquet", "AC2", 1800, 0, 1800, 1800, null, null, "size"],
      ["b.parquet", "AC3", 14_400, 0, 14_400, 14_400, 0, 0, null],
      ["c.parquet", "AC3", null, null, null, null, 0, 0, null],
    ]);
    const parts = await query(
      `SELECT aircraft_id, flight_id, flight_phase, reason, signal, seconds FROM '${folder}/detail.parquet'`,
    );
    expect(parts.map((row) => Object.values(row))).toEqual([
      ["AC1", "F-AC1", "cruise", "scored", null, 7200],
      ["AC1", "F-AC1", "cruise", "low_coverage", "vib", 1800],
      ["AC1", "F-AC1", "climb", "scored", null, 3600],
      ["AC2", "F-AC2", "cruise", "tail", null, 900],
      ["AC2", "F-AC2", "cruise", "low_coverage", "n1", 900],
      ["AC3", "F1", "unknown", "file_failed", null, 14_400],
    ]);
  });

  it("are valid where there is nothing", async () => {
    const path = join(scratch(), "empty.parquet");
    for (const bytes of [encodeCoverage([]), encodeCoverageDetail([])]) {
      writeFileSync(path, bytes);
      expect(await query(`SELECT * FROM '${path}'`)).toEqual([]);
    }
  });
});
