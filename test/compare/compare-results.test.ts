import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareResults } from "../../src/compare/compare-results.ts";
import { Fault } from "../../src/faults/fault.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";
import { type ResultRow, writeCsv, writeJson } from "./write-results.ts";

function compare(a: ResultRow[], b: ResultRow[], options: { absolute?: number; relative?: number } = {}) {
  const folder = scratch();
  const files = { a: writeCsv(folder, "a.csv", a), b: writeCsv(folder, "b.csv", b) };
  return compareResults({ ...files, tolerance: options });
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

/** No NaN and no infinity anywhere: JSON would make null of them without a word. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const A: ResultRow[] = [
  { window: "w1", second: 0, score: 1, phase: "climb", threshold: 2 },
  { window: "w2", second: 5, score: 3, severity: 1, phase: "climb", threshold: 2 },
  { window: "w3", second: 10, score: 6, severity: 2, phase: "cruise", threshold: 4 },
  { window: "w4", second: 100, score: 9, severity: 3, phase: "cruise", threshold: 4 },
  { window: "gone", second: 200, score: 1, phase: "cruise", threshold: 4 },
];
const B: ResultRow[] = [
  { window: "w1", second: 0, score: 2, severity: 1, phase: "climb", threshold: 2 },
  { window: "w2", second: 5, score: 1, phase: "climb", threshold: 2 },
  { window: "w3", second: 10, score: 6, severity: 2, phase: "cruise", threshold: 4 },
  { window: "w4", second: 100, score: 5, severity: 1, phase: "cruise", threshold: 4 },
  { aircraft: "AC002", flight: "F2", window: "new", second: 0, score: 7, severity: 2, phase: "taxi", threshold: 4 },
];

describe("two results that differ", () => {
  it("counts what differs, by its kind", async () => {
    const found = await compare(A, B);
    expect(found.equal).toBe(false);
    expect(found.differences).toEqual({
      only_in_a: 1,
      only_in_b: 1,
      decisions: 2,
      severities: 3,
      scores: 3,
      start_times: 0,
    });
    expect(found.only_in_a).toEqual({
      windows: 1,
      flights: 1,
      by_aircraft: { AC001: 1 },
      by_flight: [{ aircraft_id: "AC001", flight_id: "F1", windows: 1 }],
    });
    expect(found.only_in_b.by_aircraft).toEqual({ AC002: 1 });
    expect(found.a).toMatchObject({ windows: 5, flights: 1, repeated_windows: 0 });
    expect(found.b).toMatchObject({ windows: 5, flights: 2 });
  });

  it("lays severities against each other, and counts flips both ways", async () => {
    const { overall, by_phase } = await compare(A, B);
    expect(overall.agreement).toEqual([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 1, 0, 0],
    ]);
    expect([overall.normal_to_anomaly, overall.anomaly_to_normal]).toEqual([1, 1]);
    expect(by_phase!.cruise).toMatchObject({ windows: 2, normal_to_anomaly: 0, anomaly_to_normal: 0 });
    expect(Object.keys(by_phase!)).toEqual(["taxi", "climb", "cruise"]);
  });

  it("counts overlapping time once, and anomalous windows that touch as one event", async () => {
    const { overall, by_phase, by_aircraft } = await compare(A, B);
    // A: 0 to 20 s, 100 to 110 s, 200 to 210 s; w2 and w3 are one event, w4 another.
    expect(overall.workload.a).toEqual({
      windows: 5,
      scored_hours: 40 / 3600,
      anomalies: 3,
      events: 2,
      anomalies_per_100_hours: expect.closeTo(27_000, 6),
      events_per_100_hours: expect.closeTo(18_000, 6),
    });
    // B: w1 ends as w3 begins.
    expect(by_aircraft.AC001!.workload.b).toMatchObject({ scored_hours: 30 / 3600, anomalies: 3, events: 2 });
    expect(by_phase!.taxi!.workload.a).toMatchObject({ windows: 0, scored_hours: 0, events_per_100_hours: null });
    expect(by_phase!.climb!.workload.a).toMatchObject({ scored_hours: 15 / 3600, events: 1 });
    expect(by_phase!.cruise!.workload.a).toMatchObject({ scored_hours: 25 / 3600, events: 1 });
  });

  it("names flips first, then what moved most against its threshold", async () => {
    const { top_windows, top_flights } = await compare(A, B);
    expect(top_windows.map(({ window_id, flip, ratio_change }) => [window_id, flip, ratio_change])).toEqual([
      ["w2", "anomaly_to_normal", -1],
      ["w1", "normal_to_anomaly", 0.5],
      ["w4", null, -1],
    ]);
    expect(top_windows[0]).toMatchObject({
      timestamp: "2025-10-06T00:00:05.000000000",
      a: { anomaly_score: 3, is_anomaly: true, anomaly_severity: 1, threshold: 2, score_ratio: 1.5 },
      b: { anomaly_score: 1, is_anomaly: false },
      shares: null,
    });
    expect(top_flights).toEqual([
      {
        aircraft_id: "AC001",
        flight_id: "F1",
        windows: 4,
        normal_to_anomaly: 1,
        anomaly_to_normal: 1,
        largest_ratio_change: 1,
        largest_score_change: 4,
      },
    ]);
  });

  it("sees another start of a window with the same key", async () => {
    const found = await compare([{ window: "w", second: 0, score: 1 }], [{ window: "w", second: 1, score: 1 }]);
    expect(found.equal).toBe(false);
    expect(found.differences).toMatchObject({ start_times: 1, scores: 0 });
  });
});

describe("equality", () => {
  const one = (score: number, anomaly = false): ResultRow[] => [{ window: "w", score, anomaly }];

  it("is exact unless a tolerance is given", async () => {
    expect((await compare(one(1), one(1))).equal).toBe(true);
    expect((await compare(one(1), one(1.0000001))).equal).toBe(false);
    expect((await compare(one(8), one(8.25), { absolute: 0.25 })).equal).toBe(true);
    expect((await compare(one(8), one(8.5), { absolute: 0.25 })).equal).toBe(false);
  });

  it("adds a share of the larger score to the tolerance, whichever it is", async () => {
    expect((await compare(one(6), one(8), { relative: 0.25 })).equal).toBe(true);
    expect((await compare(one(8), one(6), { relative: 0.25 })).equal).toBe(true);
    expect((await compare(one(5.5), one(8), { relative: 0.25 })).equal).toBe(false);
    expect((await compare(one(5.5), one(8), { relative: 0.25, absolute: 0.5 })).equal).toBe(true);
  });

  it("always wants the same decisions", async () => {
    const found = await compare(one(1, false), one(1, true), { absolute: 1 });
    expect(found.equal).toBe(false);
    expect(found.differences).toMatchObject({ decisions: 1, severities: 1, scores: 0 });
  });

  it("does not depend on the order of the rows or the form of the files", async () => {
    const folder = scratch();
    const rows = A.map(({ phase: _phase, threshold: _threshold, ...row }) => row);
    const a = writeCsv(folder, "a.csv", rows);
    const list = writeJson(folder, "b.json", [...rows].reverse());
    const times = `SELECT * REPLACE ("timestamp"::TIMESTAMP_NS AS "timestamp", anomaly_score::FLOAT AS anomaly_score)`;
    await query(`COPY (${times} FROM read_csv('${a}')) TO '${folder}/c.parquet'`);
    await query(`COPY (FROM read_csv('${a}', all_varchar = true)) TO '${folder}/d.jsonl' (FORMAT json)`);
    await query(`COPY (FROM read_csv('${a}', all_varchar = true)) TO '${folder}/e.csv.gz' (HEADER, COMPRESSION gzip)`);
    for (const b of [list, join(folder, "c.parquet"), join(folder, "d.jsonl"), join(folder, "e.csv.gz")])
      expect((await compareResults({ a, b })).differences, b).toEqual({
        only_in_a: 0,
        only_in_b: 0,
        decisions: 0,
        severities: 0,
        scores: 0,
        start_times: 0,
      });
  });

  it("matches rows of one key in the order of their times and scores", async () => {
    const a: ResultRow[] = [1, 2, 2].map((score) => ({ window: "w", score }));
    const found = await compare(a, [...a].reverse());
    expect(found).toMatchObject({ equal: true, a: { repeated_windows: 2 }, overall: { windows: 3 } });
    expect(await compare(a, a.slice(1))).toMatchObject({ equal: false, differences: { only_in_a: 1 } });
  });
});

describe("results with nothing in them", () => {
  it("gives zeros and nulls, and no NaN", async () => {
    const found = await compare([], []);
    expect(found.equal).toBe(true);
    expect(found.overall).toMatchObject({
      windows: 0,
      pearson: null,
      distance: { ks: null, psi: null, wasserstein: null },
      workload: { a: { windows: 0, scored_hours: 0, anomalies_per_100_hours: null } },
    });
    expect(numbersIn(found).every(Number.isFinite)).toBe(true);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it("compares an empty one with another", async () => {
    const found = await compare([], B);
    expect(found).toMatchObject({ equal: false, differences: { only_in_a: 0, only_in_b: 5, decisions: 0 } });
    expect(found.overall.workload.b.windows).toBe(5);
  });
});

describe("what cannot be compared", () => {
  it("names an example of each where no window is in both", async () => {
    const fault = await faultOf(compare([{ window: "w1", score: 1 }], [{ window: "w2", flight: "F9", score: 1 }]));
    expect(fault.code).toBe("USAGE");
    expect(fault.message).toContain("no window that both have");
    expect(fault.detail.items).toEqual([
      expect.stringContaining("a.csv: window w1 of flight F1 of AC001"),
      expect.stringContaining("b.csv: window w2 of flight F9 of AC001"),
    ]);
  });

  it("names missing columns and rows without a value", async () => {
    const folder = scratch();
    const sound = writeCsv(folder, "a.csv", A);
    writeFileSync(join(folder, "b.csv"), "window_id,aircraft_id\nw,AC001\n");
    const missing = await faultOf(compareResults({ a: sound, b: join(folder, "b.csv") }));
    expect(missing.message).toMatch(/b\.csv: no column .*anomaly_score/);
    expect((await faultOf(compareResults({ a: sound, b: join(folder, "b*.csv") }))).code).toBe("USAGE");
    const broken = await faultOf(compare(A, [{ window: "w1", score: Number.NaN }]));
    expect(broken).toMatchObject({ code: "COLUMN_TYPE" });
    expect((await faultOf(compare([{ window: "w1", score: 1, severity: 7 }], A))).code).toBe("COLUMN_TYPE");
  });

  it("wants two files, and a tolerance that is a number", async () => {
    const folder = scratch();
    const a = writeCsv(folder, "a.csv", A);
    mkdirSync(join(folder, "b"));
    expect((await faultOf(compareResults({ a, b: join(folder, "b") }))).message).toContain("one file of results");
    expect((await faultOf(compareResults({ a, b: join(folder, "none.csv") }))).code).toBe("USAGE");
    expect((await faultOf(compareResults({ a, b: a, tolerance: { absolute: -1 } }))).code).toBe("USAGE");
  });
});

it("takes ids as text, whatever they are", async () => {
  const ids = ["__proto__", "constructor", "x'); DROP TABLE joined; --", 'a"b', "ünï", "toString"];
  const rows = ids.map((id, i): ResultRow => ({ aircraft: id, flight: id, window: `${id}${i}`, score: i }));
  const found = await compare(
    rows,
    rows.map((row) => ({ ...row, anomaly: true })),
  );
  expect(Object.keys(found.by_aircraft).sort()).toEqual([...ids].sort());
  expect(Object.getOwnPropertyDescriptor(found.by_aircraft, "__proto__")!.value).toMatchObject({ windows: 1 });
  expect(found.top_windows.map(({ aircraft_id }) => aircraft_id).sort()).toEqual([...ids].sort());
  expect(JSON.stringify(found)).toContain('"__proto__"');
});
