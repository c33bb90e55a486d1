import { appendFileSync, rmSync, utimesSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { encodeChunks } from "../../src/results/parquet/write-chunks.ts";
import { columnsOfRun } from "../../src/task/part-files.ts";
import { secondsAfter, steps } from "../support/record.ts";
import { TestScorer } from "../support/scoring.ts";
import { dates, doubles, longs, type TestTable, texts, times } from "../support/write-table.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const DETECTOR = `${FIXTURES}models/engine_vibration_detector/1.0.0`;

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make();
});
afterAll(() => scorer.close());

const features = (count: number, more: TestTable = {}): TestTable => ({
  timestamp: times(secondsAfter(steps(count, 5))),
  a: doubles(steps(count)),
  b: doubles(steps(count)),
  ...more,
});

describe("whose windows they are", () => {
  it.each<[string, string, string | null, TestTable, [string, string][]]>([
    ["nobody says", "x.parquet", null, {}, [["unknown", "x"]]],
    ["the file's name", "AC 1_x_20251011_060000.parquet", null, {}, [["AC 1_x", "AC 1_x_20251011_060000"]]],
    [
      "a folder before the name",
      "aircraft_id=AC%2F2/AC1_20251011_060000.parquet",
      null,
      {},
      [["AC/2", "AC1_20251011_060000"]],
    ],
    [
      "a sidecar before folder and name",
      "flight_id=F9/aircraft_id=AC2/AC1_20251011_060000.parquet",
      '{"aircraft_id": "AC3"}',
      {},
      [["AC3", "F9"]],
    ],
    [
      "a sidecar that says null",
      "aircraft_id=AC2/y.parquet",
      '{"aircraft_id": null, "flight_id": 7}',
      {},
      [["AC2", "7"]],
    ],
    ["a sidecar that cannot be read", "aircraft_id=AC2/z.parquet", "{", {}, [["AC2", "z"]]],
    [
      "the rows before all",
      "aircraft_id=AC4/AC5_20251011_060000.parquet",
      '{"aircraft_id": "AC3", "flight_id": "F3"}',
      { aircraft_id: texts(["R", null]) },
      [
        ["AC3", "F3"],
        ["R", "F3"],
      ],
    ],
    [
      "numbers in the rows",
      "w.parquet",
      null,
      { aircraft_id: longs([12n, 12n]), flight_id: longs([2n, 10n]) },
      [
        ["12", "10"],
        ["12", "2"],
      ],
    ],
  ])("%s", async (_, name, sidecar, ids, expected) => {
    if (sidecar !== null) await scorer.write(`${name}.meta.json`, sidecar).catch(() => null);
    const { report } = await scorer.scoreTable(features(2, ids), { name });
    expect(report.flights.map(({ aircraftId, flightId }) => [aircraftId, flightId])).toEqual(expected);
    expect(report.warnings.length).toBe(sidecar === "{" ? 1 : 0);
  });
});

describe("a window's id", () => {
  const idsOf = async (more: TestTable) => {
    const { chunks, report } = await scorer.scoreTable(features(3, more), { name: "AC1_20251011_060000.parquet" });
    return { ids: chunks[0]!.windowIds, repeats: report.flights[0]!.repeatsIds };
  };
  const made = ["AC1_1760162400", "AC1_1760162405", "AC1_1760162410"];

  it.each<[string, TestTable, string[], boolean]>([
    ["is made where the input has none", {}, made, false],
    ["is the input's own, else made", { window_id: texts(["w7", null, ""]) }, ["w7", made[1]!, made[2]!], false],
    ["is a number as text", { window_id: longs([7n, null, 9n]) }, ["7", made[1]!, "9"], false],
    ["repeats if the input's own do", { window_id: texts(["w", "x", "w"]) }, ["w", "x", "w"], true],
    [
      "repeats if two rows begin at one time",
      { timestamp: times(secondsAfter([0, 5, 5])) },
      [made[0]!, made[1]!, made[1]!],
      true,
    ],
  ])("%s", async (_, more, ids, repeats) => {
    expect(await idsOf(more)).toEqual({ ids, repeats });
  });
});

describe("what no rule needs does no harm", () => {
  it.each<[string, TestTable]>([
    ["columns of odd types and the wrong order", { zzz: dates([1, 2, 3]), ...features(3), "": texts(["", "x", null]) }],
    ["a signal that is text", { ...features(3), vib: texts(["a", "b", "c"]) }],
    ["times of windows beside those of rows", { ...features(3), timestamp_start: texts(["a", "b", "c"]) }],
  ])("%s", async (_, table) => {
    expect((await scorer.scoreTable(table)).report.flights[0]!.scored).toBe(3);
  });

  it.each([
    ["exotic", { code: "SIGNAL_MISSING", stage: "compute" }],
    ["same-names", { code: "TIME_MISSING", stage: "compute" }],
    ["no-rows", null],
    ["no-row-groups", null],
  ])("%s.parquet fails at most for what it lacks", async (name, failure) => {
    const { files } = await listInputs([`${FIXTURES}parquet/${name}.parquet`]);
    const { report } = await scorer.score(files[0]!);
    if (failure === null) expect(report.failure).toBeNull();
    else expect(report.failure).toMatchObject(failure);
  });

  it("a file without rows is a flight without windows, and fails for nothing", async () => {
    const { report, chunks } = await scorer.scoreTable(features(0));
    expect(report.failure).toBeNull();
    expect(report.flights).toMatchObject([{ aircraftId: "unknown", flightId: "file", windows: 0, scored: 0 }]);
    expect(chunks.map(({ windowIds }) => windowIds)).toEqual([[]]);
  });

  it.each<[string, TestTable, number]>([
    ["no row has a time", { timestamp: times([null, null]), vib: doubles([1, 2]), n1: doubles([1, 2]) }, 0],
    [
      "all that is needed is null",
      {
        timestamp: times(secondsAfter(steps(20))),
        vib: doubles(steps(20).map(() => null)),
        n1: doubles(steps(20).map(() => null)),
      },
      3,
    ],
  ])("%s: no score, no failure", async (_, table, windows) => {
    const { report } = await scorer.scoreTable(table);
    expect(report.failure).toBeNull();
    expect(report.flights.reduce((sum, flight) => sum + flight.windows, 0)).toBe(windows);
    expect(report.flights.reduce((sum, flight) => sum + flight.scored, 0)).toBe(0);
    expect(report.counts!.noTime).toBe(windows === 0 ? 2 : 0);
  });

  it("CSV and its gzip are scored as Parquet is", async () => {
    const csv =
      "a,timestamp,b\n1,2025-10-11T06:00:00Z,2\n,2025-10-11 08:00:05.5+02:00,3\nNaN,,4\n5,2025-10-11T06:00:10,6\n";
    for (const file of [
      await scorer.write("AC1_20251011_060000.CSV", csv),
      await scorer.write("AC1_20251011_060000.csv.GZ", gzipSync(csv)),
    ]) {
      const { report, chunks } = await scorer.score(file);
      expect(report.counts!.noTime).toBe(1);
      expect(report.flights[0]!.skipped).toEqual({ "not_computable:a": 1 });
      expect(chunks[0]!.windowIds).toEqual(["AC1_1760162400", "AC1_1760162410"]);
      expect(chunks[0]!.scores.at(-1)).toBe(11);
    }
  });
});

describe("a file fails alone, with its own reason", () => {
  it.each([
    [1, "FILE_CORRUPT", "decode"],
    [2, "FILE_EMPTY", "decode"],
    [3, "FILE_NOT_PARQUET", "decode"],
    [4, "FILE_CORRUPT", "decode"],
    [5, "SIGNAL_MISSING", "compute"],
    [6, "COLUMN_TYPE", "compute"],
    [7, "TIME_MISSING", "compute"],
    [8, "FILE_CORRUPT", "decode"],
    [9, "ROWS_TOO_FAR_APART", "compute"],
  ])("unreadable file %d: %s", async (number, code, stage) => {
    const engine = await TestScorer.open(DETECTOR);
    const { files } = await listInputs([`${FIXTURES}data/faulty/unreadable`, `${FIXTURES}data/features`]);
    const bad = await engine.score(files[number - 1]!);
    expect(bad.report.path).toMatch(new RegExp(`00000${number}.parquet$`));
    expect(bad.report.failure).toMatchObject({ code, stage });
    expect([bad.chunks, bad.report.flights]).toEqual([[], []]);
    const good = await engine.score(files.at(-1)!);
    expect(good.report.failure).toBeNull();
    expect(good.chunks[0]!.scores.length).toBeGreaterThan(0);
    await engine.close();
  });

  it.each<[string, (path: string) => void, string]>([
    ["grew", (path) => appendFileSync(path, "x"), "FILE_CHANGED"],
    ["was touched", (path) => utimesSync(path, 1, 1), "FILE_CHANGED"],
    ["was removed", (path) => rmSync(path), "FILE_MISSING"],
  ])("a file that %s since it was listed", async (_, change, code) => {
    const file = await scorer.write("changing.parquet", features(3));
    change(file.path);
    expect((await scorer.score(file)).report.failure).toMatchObject({ code, stage: "read" });
  });
});

it("results of our own among the inputs are passed over", async () => {
  const { chunks } = await scorer.scoreTable(features(3));
  const columns = columnsOfRun({ bundle: scorer.bundle, explain: true });
  const file = await scorer.write("old-results.parquet", encodeChunks(columns.results, chunks, []));
  const { report, chunks: none } = await scorer.score(file);
  expect(report).toMatchObject({ passedOver: true, failure: null, flights: [] });
  expect(none).toEqual([]);
});
