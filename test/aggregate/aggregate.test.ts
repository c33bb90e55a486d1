import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aggregateResults } from "../../src/aggregate/aggregate.ts";
import type { AggregateOptions } from "../../src/aggregate/options.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";
import { type ResultRow, writeResults } from "../support/write-results.ts";

/** `count` windows of one flight, 5 s apart; the first `anomalous` of them are of severity 1. */
function flight(aircraft: string, id: string, start: string, count: number, anomalous = 0): ResultRow[] {
  return Array.from({ length: count }, (_, k) => ({
    aircraft,
    flight: id,
    at: new Date(Date.parse(`${start}Z`) + 5000 * k).toISOString().slice(0, 19),
    score: k < anomalous ? 4 + k : 1,
    severity: k < anomalous ? 1 : 0,
  }));
}

async function aggregate(input: string | string[], more: Partial<AggregateOptions> = {}) {
  const output = join(scratch(), "summary.json");
  return aggregateResults({ input: [input].flat(), output, ...more });
}

const FLEET = [
  ...flight("AC1", "F1", "2025-10-05T23:59:50", 4, 2),
  ...flight("AC1", "F2", "2025-10-06T10:00:00", 3, 0),
  ...flight("AC2", "F1", "2025-10-06T11:00:00", 5, 1),
];

describe("the summary", () => {
  it("has the users' keys first, by aircraft and by day", async () => {
    const { summary, output } = await aggregate(await writeResults(join(scratch(), "r.parquet"), FLEET));
    expect(JSON.parse(readFileSync(output, "utf8"))).toEqual(summary);
    expect(Object.keys(summary).slice(0, 5)).toEqual([
      "total_windows",
      "total_flights",
      "date_range",
      "anomaly_rate",
      "anomalies",
    ]);
    expect(summary).toMatchObject({
      total_windows: 12,
      total_flights: 3,
      date_range: ["2025-10-05", "2025-10-06"],
      anomaly_rate: 3 / 12,
      by_aircraft: {
        AC1: {
          flights: 2,
          windows: 7,
          anomalies: 2,
          anomaly_rate: 2 / 7,
          max_anomaly_score: 5,
          first_anomaly: "2025-10-05",
        },
        AC2: {
          flights: 1,
          windows: 5,
          anomalies: 1,
          anomaly_rate: 1 / 5,
          max_anomaly_score: 4,
          first_anomaly: "2025-10-06",
        },
      },
      by_date: {
        "2025-10-05": { windows: 2, anomaly_rate: 1 },
        "2025-10-06": { windows: 10, anomaly_rate: 0.1 },
      },
    });
  });

  it("tells flights of one name on two aircraft apart, and lists combinations", async () => {
    const path = await writeResults(join(scratch(), "r.parquet"), FLEET);
    const { summary } = await aggregate(path, { groupBy: ["flight_id, date"] });
    expect(summary.group_by).toEqual(["aircraft_id", "flight_id", "date"]);
    expect(summary.by_flight).toMatchObject({
      AC1: { F1: { windows: 4 }, F2: { windows: 3 } },
      AC2: { F1: { windows: 5 } },
    });
    expect(summary.groups!.map((row) => [row.aircraft_id, row.flight_id, row.date, row.windows])).toEqual([
      ["AC1", "F1", "2025-10-05", 2],
      ["AC1", "F1", "2025-10-06", 2],
      ["AC1", "F2", "2025-10-06", 3],
      ["AC2", "F1", "2025-10-06", 5],
    ]);
  });

  it("counts weeks as ISO 8601 does, months, and days before 1970", async () => {
    const days = ["1969-12-31T23:59:59.5", "2024-12-30T00:00:00", "2026-01-01T00:00:00", "2027-01-03T23:59:59"];
    const rows = days.map((at, i) => ({ at, flight: `F${i}` }));
    const { summary } = await aggregate(await writeResults(join(scratch(), "r.parquet"), rows), {
      groupBy: ["week", "month"],
    });
    expect(Object.keys(summary.by_week!)).toEqual(["1970-W01", "2025-W01", "2026-W01", "2026-W53"]);
    expect(Object.keys(summary.by_month!)).toEqual(["1969-12", "2024-12", "2026-01", "2027-01"]);
    expect(summary.date_range).toEqual(["1969-12-31", "2027-01-03"]);
  });

  it("takes phases from the results, and severities over the windows of all", async () => {
    const rows = FLEET.map((row, i) => ({ ...row, phase: i % 2 === 0 ? "cruise" : "climb" }));
    const { summary } = await aggregate(await writeResults(join(scratch(), "r.parquet"), rows), {
      groupBy: ["flight_phase", "severity"],
    });
    expect(summary.by_flight_phase).toMatchObject({
      climb: { windows: 6, anomalies: 2 },
      cruise: { windows: 6, anomalies: 1 },
    });
    expect(summary.by_severity).toMatchObject({
      "0": { windows: 9, anomalies: 0, anomaly_rate: 0, flights: 3 },
      "1": { windows: 3, anomalies: 3, anomaly_rate: 3 / 12, flights: 2, scored_flights: 3, anomalies_per_flight: 1 },
    });
    expect(summary.groups).toHaveLength(4);
  });

  it("says where nothing says the phases", async () => {
    const path = await writeResults(join(scratch(), "r.parquet"), FLEET);
    await expect(aggregate(path, { groupBy: ["flight_phase"] })).rejects.toThrow(
      /1 file that nothing says the flight phases of.*--explain.*r\.parquet/s,
    );
  });

  it("is the same of every form, and of many files as of one", async () => {
    const folder = scratch();
    const whole = await aggregate(await writeResults(join(folder, "whole.parquet"), FLEET), { groupBy: ["severity"] });
    for (const ending of ["csv", "csv.gz", "jsonl", "json"]) {
      const { summary } = await aggregate(await writeResults(join(folder, `r.${ending}`), FLEET), {
        groupBy: ["severity"],
      });
      expect({ ...summary, inputs: [] }, ending).toEqual({ ...whole.summary, inputs: [] });
    }
    const pieces = ["a.parquet", "b.csv", "c.jsonl"].map((name, i) =>
      writeResults(
        join(folder, name),
        FLEET.filter((_, k) => k % 3 === i),
      ),
    );
    const { summary } = await aggregate(await Promise.all(pieces), { groupBy: ["severity"] });
    expect({ ...summary, inputs: [] }).toEqual({ ...whole.summary, inputs: [] });
  });

  it("keeps strange ids as they are", async () => {
    const ids = ["__proto__", "constructor", "=1+1", 'it\'s "so", <b>', "\u001b[31m", "toString"];
    const rows = ids.flatMap((id) => flight(id, id, "2025-10-06T10:00:00", 2));
    const folder = scratch();
    const path = await writeResults(join(folder, "r's [1]*.parquet"), rows);
    const { output, summary } = await aggregate(path, { groupBy: ["flight_id"], trend: "day" });
    const written = JSON.parse(readFileSync(output, "utf8")) as { by_aircraft: object; by_flight: object };
    expect(Object.keys(written.by_aircraft).sort()).toEqual([...ids].sort());
    expect(Object.keys(written.by_flight).sort()).toEqual([...ids].sort());
    expect(Object.keys(summary.trend!.by_aircraft)).toHaveLength(6);
    const csv = join(folder, "s.csv");
    await aggregate(path, { output: csv });
    expect(readFileSync(csv, "utf8")).toMatch(/^'=1\+1,/m);
    expect(readFileSync(csv, "utf8")).toMatch(/^"it's ""so"", <b>",/m);
  });
});

describe("ids of foreign origin in a table", () => {
  const ids = [`it's "so", <script>`, "two\nlines\r\n", "\u001b[31mred", "x".repeat(3000), "plain", "a=1", "__proto__"];
  const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"];
  const rows = [...ids, ...formulas].flatMap((id) => flight(id, id, "2025-10-06T10:00:00", 2, 1));

  it("are themselves in Parquet, and in CSV but for a mark before what a spreadsheet would compute", async () => {
    const folder = scratch();
    const path = await writeResults(join(folder, "r.parquet"), rows);
    const options = { groupBy: ["flight_id"], trend: "day" } as const;
    await aggregate(path, { ...options, output: join(folder, "s.parquet") });
    await aggregate(path, { ...options, output: join(folder, "s.csv") });
    const found = async (from: string) =>
      (await query(`SELECT aircraft_id, flight_id FROM ${from}`)).map(({ aircraft_id, flight_id }) => {
        expect(flight_id).toBe(aircraft_id);
        return String(aircraft_id);
      });
    expect((await found(`read_parquet('${folder}/s.parquet')`)).sort()).toEqual([...ids, ...formulas].sort());
    const csv = `read_csv('${folder}/s.csv', header = true, all_varchar = true, quote = '"', escape = '"', delim = ',', new_line = '\\n', strict_mode = false)`;
    expect((await found(csv)).sort()).toEqual([...ids, ...formulas.map((id) => `'${id}`)].sort());
  });
});

describe("scored time", () => {
  it("is the union of the windows, whatever the order of the rows", async () => {
    // 0-10, 5-15, 20-30 and 100-110 s: 35 s. The second of two windows of one start adds nothing.
    const rows = [0, 5, 20, 100, 100].map((second, i) => ({
      at: new Date(second * 1000).toISOString().slice(0, 19),
      id: `w${i}`,
    }));
    for (const order of [rows, [...rows].reverse()]) {
      const { summary } = await aggregate(await writeResults(join(scratch(), "r.parquet"), order));
      expect(summary.scored_hours).toBeCloseTo(35 / 3600, 12);
    }
  });

  it("takes the length of a window from the run", async () => {
    const folder = scratch();
    const path = await writeResults(join(folder, "r.parquet"), [{ at: "2025-10-06T10:00:00" }]);
    mkdirSync(join(folder, "r.run"));
    writeFileSync(
      join(folder, "r.run/run.json"),
      JSON.stringify({ options: { output: "elsewhere/r.parquet" }, window: { lengthSeconds: 36 } }),
    );
    const { summary, warnings } = await aggregate(path);
    expect(summary.scored_hours).toBe(0.01);
    expect(summary.inputs).toMatchObject([{ model: "detector/1", window_seconds: 36, window_seconds_assumed: false }]);
    expect(warnings).toEqual([]);
    writeFileSync(join(folder, "r.run/run.json"), "{");
    expect((await aggregate(path)).warnings).toEqual([expect.stringMatching(/10 s assumed/)]);
  });
});

describe("rates and trends", () => {
  it("has intervals by flight, none of a single flight", async () => {
    const { summary } = await aggregate(await writeResults(join(scratch(), "r.parquet"), FLEET));
    const [low, high] = summary.anomaly_rate_interval!;
    expect(low).toBeLessThan(0.25);
    expect(high).toBeGreaterThan(0.25);
    expect(summary.by_aircraft!.AC2).toMatchObject({ anomaly_rate_interval: null, anomalies_per_flight: 1 });
    // 2 anomalies in (15 + 10) + 20 s.
    expect(summary.by_aircraft!.AC1!.anomalies_per_100_hours).toBeCloseTo((100 * 2) / (45 / 3600), 6);
  });

  it("flags the aircraft whose rate rises for sure", async () => {
    const day = (k: number) => `2025-10-${String(k + 1).padStart(2, "0")}T10:00:00`;
    const rows = Array.from({ length: 8 }, (_, k) => [
      ...flight("RISING", `F${k}`, day(k), 10, k),
      ...flight("STEADY", `F${k}`, day(k), 10, [3, 1, 4, 1, 5, 2, 3, 2][k]),
      ...(k < 4 ? flight("YOUNG", `F${k}`, day(k), 10, k) : []),
    ]).flat();
    const path = await writeResults(join(scratch(), "r.parquet"), rows);
    const { summary } = await aggregate(path, { trend: "day" });
    const { RISING, STEADY, YOUNG } = summary.trend!.by_aircraft;
    expect(RISING).toMatchObject({ n: 8, rises: true });
    expect(RISING!.slope).toBeCloseTo(0.1, 12);
    expect(STEADY).toMatchObject({ n: 8, rises: false });
    expect(YOUNG).toMatchObject({ n: 4, slope_interval: null, rises: null });
    expect((await aggregate(path, { trend: "week" })).summary.trend!.by_aircraft.RISING).toMatchObject({
      n: 2,
      rises: null,
    });
    expect((await aggregate(path, { trend: "month" })).summary.trend!.by_aircraft.RISING).toMatchObject({
      n: 1,
      slope: null,
    });
  });
});

describe("tables", () => {
  it("has a row per group in CSV and Parquet, with bounds and trend", async () => {
    const folder = scratch();
    const path = await writeResults(join(folder, "r.parquet"), FLEET);
    const options = { groupBy: ["aircraft_id", "severity"], trend: "day" } as const;
    await aggregate(path, { ...options, output: join(folder, "s.parquet") });
    await aggregate(path, { ...options, output: join(folder, "s.csv") });
    const columns =
      "aircraft_id, severity::INT AS severity, flights::INT AS flights, windows::INT AS windows, anomaly_rate, trend_n::INT AS n";
    const rows = await query(`SELECT ${columns} FROM read_parquet('${folder}/s.parquet')`);
    expect(rows).toEqual(await query(`SELECT ${columns} FROM read_csv('${folder}/s.csv')`));
    expect(rows).toEqual([
      { aircraft_id: "AC1", severity: 0, flights: 2, windows: 5, anomaly_rate: 0, n: 2 },
      { aircraft_id: "AC1", severity: 1, flights: 1, windows: 2, anomaly_rate: 2 / 7, n: 2 },
      { aircraft_id: "AC2", severity: 0, flights: 1, windows: 4, anomaly_rate: 0, n: 1 },
      { aircraft_id: "AC2", severity: 1, flights: 1, windows: 1, anomaly_rate: 1 / 5, n: 1 },
    ]);
  });

  it("is a valid table of no rows for results of none", async () => {
    const folder = scratch();
    const path = await writeResults(join(folder, "r.parquet"), []);
    await aggregate(path, { output: join(folder, "s.parquet") });
    expect(await query(`SELECT count(*)::INT AS n FROM read_parquet('${folder}/s.parquet')`)).toEqual([{ n: 0 }]);
    expect(existsSync(join(folder, "s.parquet"))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["r.parquet", "s.parquet"]);
  });
});
