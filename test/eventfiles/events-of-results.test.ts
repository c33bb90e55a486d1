import { appendFileSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { findEvents, writeEvents } from "../../src/eventfiles/events-of-results.ts";
import type { FlightEvent } from "../../src/events/event.ts";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, scratch } from "../support/run.ts";
import { type ResultRow, writeResults } from "../support/write-results.ts";

let folder = "";
const at = (name: string) => join(folder, name);
const found = async (name: string) => (await findEvents({ results: [at(name)] })).events;

beforeAll(async () => {
  folder = scratch();
  const options = { model: detector("1.0.0"), data: [fixture("data/raw")], events: true };
  await runBatch({ ...options, output: at("one.parquet"), workers: 1 });
  await runBatch({ ...options, output: at("two.csv"), workers: 2 });
  await runBatch({ ...options, output: at("three.json"), explain: true });
}, 60_000);

/** What can be said of candidates in SQL alone: islands of anomalous windows, over the rows of the results and of windows.parquet. */
function islandsSql(results: string, windows: string): string {
  return `WITH w AS (SELECT r.*, epoch_ns(r.timestamp) AS ns, x.score_ratio, x.squared_error_egt, x.squared_error_vib_fan_rms FROM '${results}' r JOIN '${windows}' x
        USING (aircraft_id, flight_id, window_id)),
      numbered AS (SELECT *, row_number() OVER (PARTITION BY aircraft_id, flight_id ORDER BY ns) AS place FROM w),
      bad AS (SELECT *, coalesce(ns - lag(ns) OVER (PARTITION BY aircraft_id, flight_id ORDER BY ns) > 10000000000, true) AS parts FROM numbered WHERE is_anomaly),
      islands AS (SELECT *, count_if(parts) OVER (PARTITION BY aircraft_id, flight_id ORDER BY ns) AS island FROM bad)
    SELECT aircraft_id, flight_id, min(ns) AS start, max(ns) + 10000000000 AS "end", max(anomaly_score)::DOUBLE AS peak,
      arg_max(score_ratio, anomaly_score) AS ratio, max(anomaly_severity)::INTEGER AS severity, count(*)::INTEGER AS anomalies,
      (max(place) - min(place) + 1)::INTEGER AS windows, sum(squared_error_egt::DOUBLE) AS egt, sum(squared_error_vib_fan_rms::DOUBLE) AS fan
    FROM islands GROUP BY aircraft_id, flight_id, island ORDER BY ALL`;
}

describe("the events of a run", () => {
  it("are the islands of its anomalous windows, as SQL finds them", async () => {
    const islands = await query(islandsSql(at("one.parquet"), at("one.run/windows.parquet")));
    const events = await found("one.parquet");
    expect(islands.length).toBeGreaterThan(5);
    expect(
      events.map((event) => ({
        aircraft_id: event.aircraftId,
        flight_id: event.flightId,
        start: event.startTimeNs,
        end: event.endTimeNs,
        peak: event.peakScore,
        ratio: event.peakRatio,
        severity: event.severity,
        anomalies: event.anomalousWindowCount,
        windows: event.windowCount,
      })),
    ).toEqual(islands.map(({ egt: _egt, fan: _fan, ...island }) => island));
    for (const [i, { topFeatures }] of events.entries()) {
      const share = new Map(topFeatures.map((feature) => [feature.name, feature.share]));
      const [egt, fan] = [share.get("egt"), share.get("vib_fan_rms")];
      if (egt !== undefined && fan !== undefined)
        expect(egt / fan).toBeCloseTo(Number(islands[i]!.egt) / Number(islands[i]!.fan), 9);
    }
    expect(events.some(({ topFeatures }) => topFeatures[0]?.level === "high")).toBe(true);
  });

  it("are the same whatever the workers and the form of the results, written by the run or found later", async () => {
    const read = (name: string) => query(`SELECT * FROM '${at(name)}'`);
    const written = await read("one.run/events.parquet");
    expect(written.length).toBe((await found("one.parquet")).length);
    expect(await read("two.run/events.parquet")).toEqual(written);
    expect(await read("three.run/events.parquet")).toEqual(written);
    await writeEvents({ results: [at("two.csv")], output: at("later.parquet") });
    expect(await read("later.parquet")).toEqual(written);
  });

  it("are the same after a rerun, and go with a rerun that does not ask for them", async () => {
    const own = scratch();
    const output = join(own, "r.parquet");
    const options = { model: detector("1.0.0"), data: [fixture("data/raw")], output };
    const first = await runBatch({ ...options, events: true });
    const before = readFileSync(join(own, "r.run/events.parquet"));
    const again = await runBatch({ ...options, events: true });
    expect(readFileSync(join(own, "r.run/events.parquet"))).toEqual(before);
    expect(again.events).toEqual(first.events);
    const without = await runBatch(options);
    expect([without.events, existsSync(join(own, "r.run/events.parquet"))]).toEqual([null, false]);
  });

  it("are the same after a run that was stopped and carried on", async () => {
    const own = scratch();
    const options = { model: detector("1.0.0"), data: [fixture("data/raw")], events: true, workers: 1 };
    const stop = new AbortController();
    const control = { stop: stop.signal, observer: { fileDone: () => stop.abort() } };
    const first = await runBatch({ ...options, output: join(own, "r.parquet") }, control);
    expect([first.end, first.events, existsSync(join(own, "r.run/events.parquet"))]).toEqual(["stopped", null, false]);
    const carried = await runBatch({ ...options, output: join(own, "r.parquet") });
    expect(carried.report.tasks.reused).toBeGreaterThan(0);
    expect(await query(`SELECT * FROM '${join(own, "r.run/events.parquet")}'`)).toEqual(
      await query(`SELECT * FROM '${at("one.run/events.parquet")}'`),
    );
  });

  it("have times, lists and structs in Parquet, and the kind of the file in its footer", async () => {
    const types = await query(`DESCRIBE FROM '${at("one.run/events.parquet")}'`);
    expect(types.map((row) => `${row.column_name} ${row.column_type}`)).toEqual([
      "event_id VARCHAR",
      "aircraft_id VARCHAR",
      "flight_id VARCHAR",
      "model VARCHAR",
      "status VARCHAR",
      "rule VARCHAR",
      "start_time TIMESTAMP_NS",
      "end_time TIMESTAMP_NS",
      "duration_seconds DOUBLE",
      "severity UTINYINT",
      "confidence VARCHAR",
      "peak_score FLOAT",
      "peak_ratio DOUBLE",
      "peak_time TIMESTAMP_NS",
      "window_count BIGINT",
      "anomalous_window_count BIGINT",
      "flight_phases VARCHAR[]",
      'top_features STRUCT("name" VARCHAR, "share" DOUBLE, "level" VARCHAR, interpretation VARCHAR)[]',
      "first_window_id VARCHAR",
      "last_window_id VARCHAR",
    ]);
    const [kind] = await query(
      `SELECT decode(value) AS kind FROM parquet_kv_metadata('${at("one.run/events.parquet")}')`,
    );
    expect(kind!.kind).toBe("events");
  });

  it("say the same in JSON as in Parquet, and leave no other file behind", async () => {
    const own = scratch();
    const totals = await writeEvents({ results: [at("one.parquet")], output: join(own, "e.json") });
    const events = JSON.parse(readFileSync(join(own, "e.json"), "utf8")) as Record<string, unknown>[];
    expect(events.length).toBe(totals.raised + totals.suppressed);
    const first = (await found("one.parquet"))[0]!;
    expect(events[0]).toMatchObject({
      event_id: first.eventId,
      start_time: "2025-10-11T06:00:20.000000000",
      flight_phases: first.flightPhases,
      top_features: first.topFeatures,
    });
    expect(readdirSync(own)).toEqual(["e.json"]);
  });

  it("can be had without those that were suppressed, and by other rules", async () => {
    const results = [at("one.parquet")];
    const all = await found("one.parquet");
    const raised = await findEvents({ results, raisedOnly: true });
    expect(raised.events).toEqual(all.filter(({ status }) => status === "raised"));
    expect(raised.events.length).toBeLessThan(all.length);
    const free = await findEvents({ results, persistence: null, cooldownSeconds: 0 });
    expect(free.events.every(({ status }) => status === "raised")).toBe(true);
    expect(free.events.map(({ eventId }) => eventId)).toEqual(all.map(({ eventId }) => eventId));
  });
});

/** Windows of a flight by their starts in seconds; 4 is anomalous. */
function rowsOf(flight: string, scores: Record<number, number>, more: Partial<ResultRow> = {}): ResultRow[] {
  return Object.entries(scores).map(([start, score]) => ({
    flight,
    at: new Date(Date.UTC(2025, 9, 1) + 1000 * Number(start)).toISOString().slice(0, 23),
    score,
    severity: score >= 4 ? 1 : 0,
    ...more,
  }));
}

const spans = (events: FlightEvent[]) =>
  events.map(({ aircraftId, flightId, durationSeconds, windowCount, anomalousWindowCount }) =>
    [aircraftId, flightId, durationSeconds, windowCount, anomalousWindowCount].join(" "),
  );

describe("results of other shapes", () => {
  it("are put in order where they are not, and a flight goes on in another file", async () => {
    const own = scratch();
    const rows = [...rowsOf("F1", { 10: 4, 0: 4, 5: 1, 100: 4 }), ...rowsOf("F2", { 0: 4 })];
    await writeResults(join(own, "a.parquet"), rows);
    await writeResults(join(own, "b.csv"), rowsOf("F2", { 5: 4, 10: 4, 60: 1 }));
    const { events } = await findEvents({ results: [own] });
    expect(spans(events)).toEqual(["AC1 F1 20 3 2", "AC1 F1 10 1 1", "AC1 F2 20 3 3"]);
  });

  it("count a window that two files hold once, and say so", async () => {
    const own = scratch();
    const rows = rowsOf("F1", { 0: 4, 5: 4, 10: 1 });
    await writeResults(join(own, "a.parquet"), rows);
    await writeResults(join(own, "b.parquet"), rows);
    const { events, warnings } = await findEvents({ results: [own] });
    expect(spans(events)).toEqual(["AC1 F1 15 2 2"]);
    expect(warnings.join()).toContain("3 windows are in several of the files");
  });

  it("with another score in another file are refused, by both names", async () => {
    const own = scratch();
    await writeResults(join(own, "a.parquet"), rowsOf("F1", { 0: 4 }));
    await writeResults(join(own, "b.parquet"), rowsOf("F1", { 0: 5 }));
    await expect(findEvents({ results: [own] })).rejects.toMatchObject({ detail: { code: "DUPLICATE_KEY" } });
  });

  it("keep one flight id of two aircraft, and of two models, apart", async () => {
    const own = scratch();
    await writeResults(join(own, "a.parquet"), [
      ...rowsOf("F1", { 0: 4 }),
      ...rowsOf("F1", { 5: 4 }, { aircraft: "AC2" }),
    ]);
    await writeResults(join(own, "b.parquet"), rowsOf("F1", { 0: 4, 5: 4 }), "detector/2");
    const { events } = await findEvents({ results: [own] });
    expect(events.map(({ aircraftId, model, durationSeconds }) => [aircraftId, model, durationSeconds])).toEqual([
      ["AC1", "detector/1", 10],
      ["AC1", "detector/2", 15],
      ["AC2", "detector/1", 10],
    ]);
  });

  it.each(["parquet", "csv", "json"])("without a row make a file without a row: %s", async (format) => {
    const own = scratch();
    await writeResults(join(own, "none.parquet"), []);
    const output = join(own, `events.${format}`);
    const totals = await writeEvents({ results: [join(own, "none.parquet")], output });
    expect(totals).toMatchObject({ raised: 0, suppressed: 0, windows: 0, scoredHours: 0, worst: [] });
    const read = format === "csv" ? `read_csv('${output}', header = true)` : `'${output}'`;
    expect(format === "json" ? JSON.parse(readFileSync(output, "utf8")) : await query(`FROM ${read}`)).toEqual([]);
  });

  it("without windows.parquet have events without phases and features, and it is said", async () => {
    const own = scratch();
    copyFileSync(at("one.parquet"), join(own, "alone.parquet"));
    const { events, warnings } = await findEvents({ results: [join(own, "alone.parquet")], model: detector("1.0.0") });
    const whole = await found("one.parquet");
    expect(events).toEqual(whole.map((event) => ({ ...event, flightPhases: [], topFeatures: [], peakRatio: null })));
    expect(warnings.join("\n")).toContain("no windows.parquet beside");
  });

  it("of a bundle that is gone or has changed are found, and it is said", async () => {
    const own = scratch();
    const model = join(own, "detector/1.0.0");
    cpSync(detector("1.0.0"), model, { recursive: true });
    const output = join(own, "r.parquet");
    await runBatch({ model, data: [fixture("data/raw")], output });
    appendFileSync(join(model, "thresholds.yaml"), "# looked at\n");
    const changed = await findEvents({ results: [output] });
    expect(changed.warnings.join("\n")).toContain("has changed since");
    const gone = await findEvents({ results: [output], model: at("one.parquet") }).catch((error) => error);
    expect(gone).toMatchObject({ detail: { code: "BUNDLE_INVALID" } });
  });

  it("with another run's windows.parquet beside them are refused", async () => {
    const own = scratch();
    await runBatch({ model: detector("1.0.0"), data: [fixture("data/raw")], output: join(own, "r.parquet") });
    await runBatch({ model: detector("1.0.0"), data: [fixture("data/csv")], output: join(own, "s.parquet") });
    copyFileSync(join(own, "s.run/windows.parquet"), join(own, "r.run/windows.parquet"));
    await expect(findEvents({ results: [join(own, "r.parquet")] })).rejects.toMatchObject({
      detail: { code: "USAGE" },
    });
  });
});

describe("text of others", () => {
  it("stays text: formulas get a ' in CSV, quotes and line breaks come back", async () => {
    const own = scratch();
    const aircraft = `=HYPERLINK("http://x")`;
    await writeResults(join(own, "r.parquet"), rowsOf("a\n'b,<script>", { 0: 4 }, { aircraft }));
    await writeEvents({ results: [join(own, "r.parquet")], output: join(own, "e.csv") });
    const [row] = await query(`FROM read_csv('${join(own, "e.csv")}', header = true, all_varchar = true)`);
    expect(row).toMatchObject({ aircraft_id: `'${aircraft}`, flight_id: "a\n'b,<script>" });
  });
});

describe("what cannot be meant", () => {
  it.each([
    [{ output: "events.html" }],
    [{ output: "e.json", cooldownSeconds: Number.NaN }],
    [{ output: "e.json", persistence: { anomalies: -1, withinSeconds: 3 } }],
  ])("is refused: %j", async (more) => {
    const own = scratch();
    const output = join(own, more.output);
    await expect(writeEvents({ results: [at("one.parquet")], ...more, output })).rejects.toMatchObject({
      detail: { code: "USAGE" },
    });
    expect(readdirSync(own)).toEqual([]);
  });
});
