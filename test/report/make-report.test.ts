import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { aggregateResults } from "../../src/aggregate/aggregate.ts";
import { findEvents } from "../../src/eventfiles/events-of-results.ts";
import { makeReport } from "../../src/report/make-report.ts";
import type { Report } from "../../src/report/model.ts";
import { reportPage } from "../../src/report/report-page.ts";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, scratch } from "../support/run.ts";
import { writeResults } from "../support/write-results.ts";

const report = (results: string, more: { flight?: string; model?: string } = {}) =>
  makeReport({ results, beside: `${results}.html`, ...more });

describe("a run's report", () => {
  let folder: string;
  let results: string;
  let made: Report;

  beforeAll(async () => {
    folder = scratch();
    results = join(folder, "results.parquet");
    cpSync(fixture("data/raw"), join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "data/AC001_20251007_101010.parquet"), "no Parquet");
    await runBatch({ model: detector("1.2.0"), data: [join(folder, "data")], output: results, workers: 1 });
    made = await report(results);
  });

  it("has the numbers of aggregate", async () => {
    const { summary } = await aggregateResults({ input: [results], output: join(folder, "a.json"), trend: "day" });
    expect(made.fleet.summary.by_aircraft).toEqual(summary.by_aircraft);
    expect(made.fleet.summary.total_flights).toBe(summary.total_flights);
    for (const { id, trend } of made.fleet.aircraft) expect(trend).toEqual(summary.trend!.by_aircraft[id] ?? null);
  });

  it("has the events of events, in all and of each flight", async () => {
    const { events } = await findEvents({ results: [results] });
    const raised = events.filter(({ status }) => status === "raised");
    expect(raised.length).toBeGreaterThan(0);
    expect([made.events.raised, made.events.suppressed]).toEqual([raised.length, events.length - raised.length]);
    for (const { aircraftId, flightId, events: own, eventCount } of made.flights) {
      const expected = raised.filter((event) => event.aircraftId === aircraftId && event.flightId === flightId);
      expect(eventCount).toBe(expected.length);
      expect(own.map((event) => event.eventId).sort()).toEqual(expected.map((event) => event.eventId).sort());
      for (const event of own) expect(event).toEqual(expected.find(({ eventId }) => eventId === event.eventId));
    }
  });

  it("shares the squared error of an event out among the features", async () => {
    const flight = made.flights.find(({ contributions }) => contributions.length > 0)!;
    const [event] = flight.events;
    const [sums] = await query(`SELECT sum(squared_error_egt)::DOUBLE AS egt, sum(${flight.contributions
      .map(({ feature }) => `squared_error_${feature}::DOUBLE`)
      .join(" + ")})::DOUBLE AS total FROM '${join(folder, "results.run/windows.parquet")}'
      WHERE flight_id = '${flight.flightId}' AND anomaly_score >= threshold AND epoch_ns(timestamp) BETWEEN ${event!.startTimeNs} AND ${event!.endTimeNs} - 10000000000`);
    const egt = flight.contributions.find(({ feature }) => feature === "egt")!;
    expect(egt.share).toBeCloseTo(Number(sums!.egt) / Number(sums!.total), 6);
    expect(flight.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it("counts a day of which only a failed file is there as not examined, and never as a rate", () => {
    const row = made.fleet.aircraft.findIndex(({ id }) => id === "AC001");
    const cell = made.fleet.cells[row]![made.fleet.periods.indexOf("2025-10-07")];
    expect(cell).toMatchObject({ windows: 0, unexamined: 1 });
    const chart = reportPage(made).parts[1]!.blocks.find((block) => block.kind === "chart");
    expect(chart?.kind === "chart" && chart.chart.kind === "heat-map" && chart.chart.cells[row]).toContain(
      "unexamined",
    );
  });

  it("reads the signals of a flight again, as they are in the recording", async () => {
    const flight = made.flights[0]!;
    const { signals } = flight;
    expect(signals.map(({ name }) => name)).toContain("egt");
    const file = (
      await query(
        `SELECT path FROM '${join(folder, "results.run/coverage.parquet")}' WHERE flight_id = '${flight.flightId}'`,
      )
    )[0]!;
    const egt = signals.find(({ name }) => name === "egt")!.points.filter(([, value]) => value !== null);
    const [from, to] = [egt[0]![0], egt[egt.length - 1]![0]];
    const [range] =
      await query(`SELECT min(engine_1_egt)::DOUBLE AS low, max(engine_1_egt)::DOUBLE AS high FROM '${file.path}'
      WHERE epoch_ms(timestamp) BETWEEN ${Math.floor(from)} AND ${Math.ceil(to)}`);
    const values = egt.map(([, value]) => value!);
    expect(Math.max(...values)).toBeCloseTo(Number(range!.high), 6);
    expect(Math.min(...values)).toBeCloseTo(Number(range!.low), 6);
  });

  it("says when a recording is gone, and shows the flight all the same", async () => {
    const copy = join(folder, "moved.parquet");
    cpSync(results, copy);
    cpSync(join(folder, "results.run"), join(folder, "moved.run"), { recursive: true });
    await query(`COPY (SELECT * REPLACE (replace(path, 'AC0', 'gone') AS path) FROM '${join(folder, "results.run/coverage.parquet")}')
      TO '${join(folder, "moved.run/coverage.parquet")}' (FORMAT parquet)`);
    const run = join(folder, "moved.run/run.json");
    const { readFileSync } = await import("node:fs");
    writeFileSync(run, readFileSync(run, "utf8").replace("results.parquet", "moved.parquet"));
    const { flights } = await report(copy);
    expect(flights[0]!.signals).toEqual([]);
    expect(flights[0]!.notes.join()).toMatch(/The recording is not shown: .*gone.*not there/);
    expect(flights[0]!.scores.length).toBeGreaterThan(0);
  });

  it("shows the flight asked for first, and knows no other", async () => {
    const last = made.flights[made.flights.length - 1]!;
    expect((await report(results, { flight: last.flightId })).flights[0]!.flightId).toBe(last.flightId);
    await expect(report(results, { flight: "nobody's" })).rejects.toThrow(/no scored window of this flight/);
  });

  it("takes results of other forms, and without anything beside them says what is missing", async () => {
    const bare = join(folder, "bare.csv");
    await query(
      `COPY (SELECT * REPLACE (strftime(timestamp, '%Y-%m-%dT%H:%M:%S.%n') AS timestamp) FROM '${results}') TO '${bare}' (FORMAT csv, HEADER)`,
    );
    const { missing, fleet, flights, coverage } = await report(bare);
    expect(fleet.summary.anomaly_rate).toBe(made.fleet.summary.anomaly_rate);
    const list =
      /^Not known, as the files are not beside .*bare\.csv: .*\(summary\.json\); .*\(run\.json\); .*\(windows\.parquet\); .*\(coverage\.parquet\); files that failed \(failures\.jsonl\); .*\(quality\.parquet\)$/;
    expect(missing.filter((text) => list.test(text))).toHaveLength(1);
    expect(missing.length).toBeLessThanOrEqual(4);
    expect(coverage.summary).toBeNull();
    expect(flights[0]!.thresholds).toEqual([]);
    expect(flights[0]!.notes.join(" ")).toContain("Thresholds, phases");
    rmSync(bare);
  });
});

describe("results of which little can be said", () => {
  it("says that nothing was scored, and calls nothing good", async () => {
    const path = join(scratch(), "empty.parquet");
    await writeResults(path, []);
    const page = reportPage(await report(path));
    expect(page.headline).toMatchObject({
      tone: "missing",
      text: expect.stringContaining("Nothing was scored") as unknown,
    });
    expect(JSON.stringify(page)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("is not good where it is not known how much was examined, though nothing was found", async () => {
    const path = join(scratch(), "calm.parquet");
    await writeResults(path, [{ at: "2025-10-06T10:00:00" }, { at: "2025-10-06T10:00:05" }]);
    expect(reportPage(await report(path)).headline).toMatchObject({ tone: "missing" });
  });

  it("refuses what is no results of one run", async () => {
    await expect(report(fixture("data/raw"))).rejects.toThrow(/the results of one run/);
    await expect(report(join(scratch(), "none.parquet"))).rejects.toThrow(/nothing there/);
  });
});
