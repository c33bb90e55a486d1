import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { aggregateResults } from "../../src/aggregate/aggregate.ts";
import { conditionSql } from "../../src/aggregate/filter-sql.ts";
import type { AggregateOptions } from "../../src/aggregate/options.ts";
import { compareResults } from "../../src/compare/compare-results.ts";
import { readManifest } from "../../src/dataset/manifest.ts";
import { stagedPath } from "../../src/dataset/settle.ts";
import { findEvents } from "../../src/eventfiles/events-of-results.ts";
import { filterWindow } from "../../src/filter/compile-filter.ts";
import { parseFilter } from "../../src/filter/parse-filter.ts";
import { makeBundle } from "../model/make-bundle.ts";
import { writeFleet } from "../support/feature-flights.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";
import { NO_SCALING } from "../support/scoring.ts";

let model: string;
/** Looked at, not changed. */
let whole: Awaited<ReturnType<typeof scored>>;
beforeAll(async () => {
  model = await makeBundle({ scaler: NO_SCALING });
  whole = await scored();
});

/** A fleet scored into a data set and into a file, both without the other's name in what is told of them. */
async function scored(): Promise<{ folder: string; set: string; file: string }> {
  const folder = scratch();
  const data = [writeFleet(folder)];
  const [set, file] = [join(folder, "scored"), join(folder, "results.parquet")];
  await runBatch({ model, data, output: `${set}/`, workers: 1 });
  await runBatch({ model, data, output: file, workers: 1 });
  return { folder, set, file };
}

async function summaryOf(input: string, more: Partial<AggregateOptions> = {}) {
  const { summary } = await aggregateResults({ input: [input], output: join(scratch(), "summary.json"), ...more });
  return { ...summary, inputs: summary.inputs.map((one) => ({ ...one, path: "" })) };
}

/** Takes away what a filter must not need. */
async function removeFiles(set: string, which: (path: string) => boolean): Promise<number> {
  const paths = (await readManifest(set))!.files.map(({ path }) => path).filter(which);
  for (const path of paths) rmSync(join(set, path));
  return paths.length;
}

const FILTERS = [
  "aircraft_id == 007",
  "aircraft_id != A",
  "date == 2025-10-12",
  "date > 2025-10-11 and aircraft_id in (A, 007)",
  "timestamp >= 2025-10-12T23:59:55 and timestamp < 2025-10-13T00:00:05",
  "flight_id < f3 or window_id > B",
  "not (aircraft_id == A or date <= 2025-10-11)",
];

describe("aggregate over a data set", () => {
  it("comes to what it does over a results file, recordings and all", async () => {
    const { set, file } = whole;
    const options: Partial<AggregateOptions> = { groupBy: ["aircraft_id", "date"], trend: "day" };
    expect(await summaryOf(set, options)).toEqual(await summaryOf(file, options));
    expect((await summaryOf(set)).coverage).not.toBeNull();
  });

  it.each(FILTERS)("with --filter %s comes to what it does over a results file", async (filter) => {
    const { set, file } = whole;
    const summary = await summaryOf(set, { filter });
    expect(summary).toEqual(await summaryOf(file, { filter }));
    expect(summary.total_windows).toBeGreaterThan(0);
    expect(summary.total_windows).toBeLessThan(16);
  });

  it("opens only the files of days and aircraft that can match", async () => {
    const { set } = await scored();
    const removed = await removeFiles(set, (path) => !path.startsWith("date=2025-10-12/aircraft_id=A/"));
    expect(removed).toBe(4);
    const filter = "date == 2025-10-12 and aircraft_id == A";
    expect((await summaryOf(set, { filter })).total_windows).toBe(2);
    await expect(summaryOf(set)).rejects.toThrow(/No files found|Cannot open file/);
  });

  it("finds nothing where nothing matches, and refuses the phase, which rows do not say", async () => {
    const { set } = whole;
    expect((await summaryOf(set, { filter: "aircraft_id == Z" })).total_windows).toBe(0);
    await expect(summaryOf(set, { filter: "flight_phase == cruise" })).rejects.toThrow(
      /flight_phase; expected aircraft_id, flight_id/,
    );
  });

  it("takes one without rows, one among other results, and a part of one", async () => {
    const { folder, set, file } = await scored();
    await runBatch({
      model,
      data: [join(folder, "flights/broken.parquet")],
      output: `${join(folder, "none")}/`,
      workers: 1,
    });
    expect((await summaryOf(join(folder, "none"))).total_windows).toBe(0);
    const both = await aggregateResults({ input: [set, file], output: join(folder, "summary.json") });
    expect(both.summary).toMatchObject({ total_windows: 16, repeated_windows: 16 });
    expect((await summaryOf(`${set}/date=2025-10-11/**`)).total_windows).toBe(8);
    expect((await summaryOf(file)).total_windows).toBe(16);
  });

  it("finds files that a run has not put in place yet", async () => {
    const { set, file } = await scored();
    for (const { path } of (await readManifest(set))!.files.slice(0, 2)) {
      mkdirSync(dirname(join(set, stagedPath(path))), { recursive: true });
      renameSync(join(set, path), join(set, stagedPath(path)));
      expect(existsSync(join(set, path))).toBe(false);
    }
    expect((await summaryOf(set)).total_windows).toBe((await summaryOf(file)).total_windows);
  });
});

describe("phases of a data set", () => {
  it("are in its rows only with --explain, and it is said what to do, not that windows.parquet is gone", async () => {
    const { folder, set, file } = whole;
    const byPhase = { groupBy: ["flight_phase"] } as Partial<AggregateOptions>;
    expect(existsSync(`${set}.run/windows.parquet`)).toBe(true);
    const said = /run over all data once more with --explain and without --incremental/;
    const fault = await summaryOf(set, byPhase).catch(String);
    expect(fault).toMatch(said);
    expect(fault).toMatch(/1 data set that nothing says the flight phases of/);
    expect(fault).not.toContain("windows.parquet");
    const { warnings } = await findEvents({ results: [set] });
    expect(warnings).toEqual([expect.stringMatching(said)]);
    expect(warnings[0]).not.toContain("windows.parquet");
    const explained = join(scratch(), "explained");
    await runBatch({ model, data: [join(folder, "flights")], output: `${explained}/`, workers: 1, explain: true });
    expect((await summaryOf(explained, byPhase)).groups).toEqual((await summaryOf(file, byPhase)).groups);
    expect((await findEvents({ results: [explained] })).warnings.join()).not.toContain("--explain");
  });
});

describe("compare over data sets", () => {
  it("finds a data set and a results file of the same run equal, whole and in part", async () => {
    const { set, file } = await scored();
    const whole = await compareResults({ a: set, b: file, attribution: false });
    expect(whole).toMatchObject({ equal: true, a: { windows: 16, flights: 4 } });
    await removeFiles(set, (path) => !path.includes("aircraft_id=A/"));
    const part = await compareResults({ a: `${set}/`, b: file, filter: "aircraft_id == A", attribution: false });
    expect(part).toMatchObject({ equal: true, a: { windows: 8 }, b: { windows: 8 } });
  });
});

describe("conditionSql", () => {
  it.each([...FILTERS, "aircraft_id in ('it''s', A)", "window_id >= é", "date != 2025-10-12"])(
    "says of rows what the filter %s says",
    async (text) => {
      const ids = ["A", "007", "b/c é", "it's", "é", "zz"];
      const starts = ["2025-10-11T08:00:00", "2025-10-12T00:00:00", "2025-10-12T23:59:59", "2025-10-13T00:00:00"];
      const rows = ids.flatMap((id, i) =>
        starts.map((start) => ({
          aircraftId: id,
          flightId: `f${i}`,
          windowId: id,
          startNs: BigInt(Date.parse(`${start}Z`)) * 1_000_000n,
          phase: null,
        })),
      );
      const quote = (value: string) => `'${value.replaceAll("'", "''")}'`;
      const values = rows.map(
        ({ aircraftId, flightId, windowId, startNs }, i) =>
          `(${i}, ${quote(aircraftId)}, ${quote(flightId)}, ${quote(windowId)}, ${startNs})`,
      );
      const filter = parseFilter(text);
      const found = await query(
        `SELECT i FROM (VALUES ${values.join(", ")}) t(i, aircraft_id, flight_id, window_id, ns) WHERE ${conditionSql(filter)} ORDER BY i`,
      );
      const matches = rows.flatMap((row, i) => (filterWindow(filter, row) ? [i] : []));
      expect(found.map(({ i }) => Number(i))).toEqual(matches);
    },
  );
});
