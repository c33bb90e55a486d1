import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aggregateResults } from "../../src/aggregate/aggregate.ts";
import type { AggregateOptions } from "../../src/aggregate/options.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";
import { type ResultRow, writeResults } from "../support/write-results.ts";

async function aggregate(input: string | string[], more: Partial<AggregateOptions> = {}) {
  return aggregateResults({ input: [input].flat(), output: join(scratch(), "summary.json"), ...more });
}

const at = (second: number) => `2025-10-06T10:00:${String(second).padStart(2, "0")}`;
const ROWS: ResultRow[] = [0, 5, 10, 15].map((second) => ({
  at: at(second),
  score: second,
  severity: second > 9 ? 2 : 0,
}));

describe("inputs that overlap", () => {
  it("count a window once that several files hold, and say so", async () => {
    const folder = scratch();
    await writeResults(join(folder, "a.parquet"), ROWS);
    await writeResults(join(folder, "b.csv"), ROWS.slice(2));
    await writeResults(join(folder, "c.jsonl"), [...ROWS.slice(1, 2), { at: at(20), score: 9, severity: 2 }]);
    const { summary, warnings } = await aggregate(folder);
    expect(summary).toMatchObject({ total_windows: 5, anomalies: 3, repeated_windows: 3, scored_hours: 30 / 3600 });
    expect(warnings[0]).toMatch(/^2 windows of .*a\.parquet are in .*b\.csv too, with the same scores: counted once$/);
  });

  it("are refused where a window has another score, by the names of both files", async () => {
    const folder = scratch();
    const files = [
      await writeResults(join(folder, "a.parquet"), ROWS),
      await writeResults(join(folder, "b.parquet"), ROWS.slice(0, 1)),
      await writeResults(join(folder, "c.parquet"), [{ ...ROWS[0]!, score: 7 }]),
    ];
    await expect(aggregate(files)).rejects.toMatchObject({
      detail: { code: "DUPLICATE_KEY", path: `${files[0]}, ${files[2]}`, items: [`${files[0]}: 0`, `${files[2]}: 7`] },
    });
  });

  it("leave alone what one file repeats: the run has reported that", async () => {
    const folder = scratch();
    const twice = [...ROWS, { ...ROWS[0]!, score: 3 }];
    const first = await writeResults(join(folder, "a.parquet"), twice);
    expect((await aggregate(first)).summary).toMatchObject({ total_windows: 5, repeated_windows: 0 });
    copyFileSync(first, join(folder, "b.parquet"));
    expect((await aggregate(folder)).summary).toMatchObject({ total_windows: 5, repeated_windows: 4 });
  });

  it("count a file once that several arguments lead to", async () => {
    const folder = scratch();
    const path = await writeResults(join(folder, "a.parquet"), ROWS);
    const { summary } = await aggregate([path, folder, join(folder, "*.parquet")]);
    expect(summary).toMatchObject({ total_windows: 4, repeated_windows: 0 });
    expect(summary.inputs).toHaveLength(1);
  });
});

describe("results of several models", () => {
  async function two() {
    const folder = scratch();
    await writeResults(join(folder, "a.parquet"), ROWS, "detector/1");
    await writeResults(
      join(folder, "b.parquet"),
      ROWS.map((row) => ({ ...row, score: 50, severity: 3 })),
      "detector/2",
    );
    return folder;
  }

  it("are refused by the names of both", async () => {
    await expect(aggregate(await two())).rejects.toThrow(
      /results of 2 models: detector\/1, detector\/2;.*a\.parquet\n.*b\.parquet/s,
    );
  });

  it("stand apart when grouped by model", async () => {
    const { summary } = await aggregate(await two(), { groupBy: ["model", "severity"], trend: "day" });
    expect(summary).toMatchObject({ total_windows: 8, total_flights: 1, anomalies: 6 });
    expect(summary.by_aircraft).toBeUndefined();
    expect(summary.by_model).toMatchObject({
      "detector/1": {
        total_windows: 4,
        date_range: ["2025-10-06", "2025-10-06"],
        by_aircraft: { AC1: { max_anomaly_score: 15 } },
      },
      "detector/2": {
        total_windows: 4,
        by_severity: { "3": { windows: 4 } },
        trend: { by_aircraft: { AC1: { n: 1 } } },
      },
    });
    expect(summary.groups!.map(({ model, severity, windows }) => [model, severity, windows])).toEqual([
      ["detector/1", 0, 2],
      ["detector/1", 2, 2],
      ["detector/2", 3, 4],
    ]);
  });

  it("are told apart by their bundles where they have one name", async () => {
    const folder = scratch();
    for (const [name, digest] of [
      ["a", "1111"],
      ["b", "2222"],
    ]) {
      const path = await writeResults(join(folder, `${name}.parquet`), ROWS, null);
      const metadata = `KV_METADATA {'flightbatch.model': 'd/1', 'flightbatch.bundle_sha256': '${digest}'}`;
      await query(
        `COPY (SELECT * FROM read_parquet('${path}')) TO '${path}.new.parquet' (FORMAT parquet, ${metadata})`,
      );
      copyFileSync(`${path}.new.parquet`, path);
    }
    await expect(aggregate(["a", "b"].map((name) => join(folder, `${name}.parquet`)))).rejects.toThrow(
      /d\/1 \(bundle 1111\), d\/1 \(bundle 2222\)/,
    );
  });

  it("are taken for one where nothing names the second", async () => {
    const folder = scratch();
    await writeResults(join(folder, "a.parquet"), ROWS);
    await writeResults(join(folder, "b.csv"), [{ at: at(30) }]);
    const { summary, warnings } = await aggregate(folder);
    expect(summary.total_windows).toBe(5);
    expect(warnings).toContainEqual(expect.stringMatching(/nothing says which model made .*b\.csv/));
  });
});

describe("what is no result", () => {
  it("is passed over in folders and patterns, *.run folders among it", async () => {
    const folder = scratch();
    await writeResults(join(folder, "a.parquet"), ROWS);
    mkdirSync(join(folder, "a.run/parts"), { recursive: true });
    copyFileSync(join(folder, "a.parquet"), join(folder, "a.run/parts/p.parquet"));
    writeFileSync(join(folder, "summary.json"), '{"total_windows": 3}');
    writeFileSync(join(folder, "list.json"), "[]");
    writeFileSync(join(folder, "notes.csv"), "a,b\n1,2\n");
    writeFileSync(join(folder, "empty.csv"), "");
    writeFileSync(join(folder, "broken.json"), '[{"window_id": ');
    const { summary, warnings } = await aggregate([folder, join(folder, "*.json")]);
    expect(summary.total_windows).toBe(4);
    expect(warnings).toContain("5 other files passed over: no results");
  });

  const refused: [string, (folder: string) => Promise<string> | string, RegExp][] = [
    ["nothing", (folder) => join(folder, "none.parquet"), /none\.parquet: nothing there/],
    ["a pattern without a match", (folder) => join(folder, "*.parquet"), /no file of results/],
    ["a folder without results", (folder) => folder, /no file of results/],
    [
      "a table with other columns",
      (folder) => {
        writeFileSync(join(folder, "t.csv"), "window_id,aircraft_id,anomaly_score\n");
        return join(folder, "t.csv");
      },
      /no column flight_id, timestamp, is_anomaly, anomaly_severity/,
    ],
    [
      "a value that is none",
      (folder) => writeResults(join(folder, "r.parquet"), [...ROWS, { at: at(40), score: null }]),
      /r\.parquet: 1 row whose timestamp, anomaly_score, is_anomaly or anomaly_severity is missing/,
    ],
    [
      "text where a number should be",
      async (folder) => {
        const header = "window_id,aircraft_id,flight_id,timestamp,anomaly_score,is_anomaly,anomaly_severity\n";
        writeFileSync(join(folder, "r.csv"), `${header}w,A,F,2025-10-06T10:00:00,high,true,1\nw,A,F,soon,1,true,1\n`);
        return join(folder, "r.csv");
      },
      /r\.csv: 2 rows whose/,
    ],
    [
      "times that are numbers",
      async (folder) => {
        const path = await writeResults(join(folder, "r.parquet"), ROWS);
        const copy = join(folder, "n.parquet");
        await query(
          `COPY (SELECT * REPLACE (epoch_ns(timestamp) AS timestamp) FROM read_parquet('${path}')) TO '${copy}'`,
        );
        return copy;
      },
      /n\.parquet: 4 rows whose/,
    ],
    [
      "the folder of a run",
      (folder) => {
        mkdirSync(join(folder, "r.run"));
        return join(folder, "r.run/");
      },
      /r\.run\/: the folder of a run; expected the results beside it/,
    ],
    [
      "a damaged file",
      (folder) => {
        writeFileSync(join(folder, "r.parquet"), "PAR1 and no more of it");
        return folder;
      },
      /r\.parquet/,
    ],
    [
      "a row too short",
      (folder) => {
        const header = "window_id,aircraft_id,flight_id,timestamp,anomaly_score,is_anomaly,anomaly_severity\n";
        writeFileSync(join(folder, "r.csv"), `${header}w,A,F\n`);
        return join(folder, "r.csv");
      },
      /r\.csv/,
    ],
  ];
  it.each(refused)("is refused with a word: %s", async (_, make, message) => {
    const folder = scratch();
    const path = await make(folder);
    await expect(aggregate(path)).rejects.toThrow(message);
    await expect(aggregate(path)).rejects.toMatchObject({
      name: "Fault",
      detail: { code: expect.not.stringMatching("INTERNAL") },
    });
  });

  it.each(["parquet", "csv", "csv.gz", "jsonl", "json"])("is not the same as empty results: .%s", async (ending) => {
    const { summary } = await aggregate(await writeResults(join(scratch(), `r.${ending}`), []), {
      groupBy: ["severity", "flight_id"],
      trend: "day",
    });
    expect(summary).toMatchObject({
      ...{ total_windows: 0, total_flights: 0, date_range: null, anomaly_rate: null, anomalies: 0, scored_hours: 0 },
      ...{
        anomalies_per_flight: null,
        anomalies_per_100_hours: null,
        by_aircraft: {},
        by_date: {},
        by_severity: {},
        groups: [],
      },
    });
  });

  it("is never written over", async () => {
    const path = await writeResults(join(scratch(), "r.parquet"), ROWS);
    await expect(aggregate(path, { output: path })).rejects.toThrow(/one of the results that are read/);
  });

  it.each([
    ["an unknown dimension", { groupBy: ["aircraft_id,pilot"] }, /pilot; expected any of aircraft_id, flight_id/],
    ["another ending", { output: "summary.xlsx" }, /\.json, \.csv, \.parquet or \.html/],
    [
      "a trend of no aircraft in a table",
      { output: "s.csv", groupBy: ["date"], trend: "day" as const },
      /aircraft_id among --group-by/,
    ],
  ])("is said of %s", async (_, more, message) => {
    await expect(aggregate("x.parquet", more)).rejects.toThrow(message);
  });
});
