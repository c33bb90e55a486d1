import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { isOwnResults } from "../../src/results/own-results.ts";
import { explainingColumns, RESULT_COLUMNS } from "../../src/results/parquet/columns.ts";
import { encodeChunks } from "../../src/results/parquet/write-chunks.ts";
import type { ResultChunk } from "../../src/results/result-chunk.ts";
import { columnsOfRun } from "../../src/task/part-files.ts";
import { COLUMNS_OF, chunk } from "../support/chunks.ts";
import { query, readRows } from "../support/read-parquet.ts";

const folder = mkdtempSync(join(tmpdir(), "flightbatch-results-"));
afterAll(() => rmSync(folder, { recursive: true }));

const columns = columnsOfRun(COLUMNS_OF);

function write(name: string, of: "results" | "windows", chunks: ResultChunk[]): string {
  const path = join(folder, `${name}.parquet`);
  writeFileSync(path, encodeChunks(columns[of], chunks, []));
  return path;
}

const typesOf = async (path: string) =>
  (await query(`DESCRIBE SELECT * FROM read_parquet('${path}')`)).map((row) => `${row.column_name} ${row.column_type}`);

const EIGHT = [
  "window_id VARCHAR",
  "aircraft_id VARCHAR",
  "flight_id VARCHAR",
  "timestamp TIMESTAMP_NS",
  "anomaly_score FLOAT",
  "is_anomaly BOOLEAN",
  "anomaly_severity UTINYINT",
  "inference_latency_ms FLOAT",
];
const EXPLAINING = [
  "flight_phase VARCHAR",
  "threshold DOUBLE",
  "score_ratio DOUBLE",
  "squared_error_a FLOAT",
  "squared_error_b FLOAT",
  "imputed_features VARCHAR",
  "tied_phases VARCHAR",
];

describe("the columns stand in their order and have their types, as another engine sees them", () => {
  it.each([0, 1, 3])("with %d rows", async (count) => {
    const chunks = count === 0 ? [] : [chunk(count)];
    const plain = columnsOfRun({ ...COLUMNS_OF, explain: false });
    const path = join(folder, `eight-${count}.parquet`);
    writeFileSync(path, encodeChunks(plain.results, chunks, []));
    expect(await typesOf(path)).toEqual(EIGHT);
    expect(await typesOf(write(`explained-${count}`, "results", chunks))).toEqual([...EIGHT, ...EXPLAINING]);
    expect(await typesOf(write(`windows-${count}`, "windows", chunks))).toEqual([...EIGHT.slice(0, 5), ...EXPLAINING]);
  });

  it("without errors of features where the model gives none", () => {
    const names = explainingColumns(["a", "b"], false).map(({ element }) => element.name);
    expect(names).toEqual(["flight_phase", "threshold", "score_ratio", "imputed_features", "tied_phases"]);
  });
});

const PHASES = ["ground", "taxi", "takeoff", "climb", "cruise", "descent", "approach", "landing", "unknown"];

it("every value comes back", async () => {
  const { windowIds, timestamps, scores, severities, thresholds, squaredErrors } = chunk(20);
  const rows = await readRows(write("values", "results", [chunk(20)]));
  expect(rows.length).toBe(20);
  rows.forEach((row, i) => {
    expect(row).toEqual({
      window_id: windowIds[i],
      aircraft_id: "AC001",
      flight_id: "F1",
      timestamp: timestamps[i],
      anomaly_score: scores[i],
      is_anomaly: severities[i]! > 0,
      anomaly_severity: severities[i],
      inference_latency_ms: 0.25,
      flight_phase: PHASES[i % 9],
      threshold: thresholds[i],
      score_ratio: thresholds[i] === 0 ? null : scores[i]! / thresholds[i]!,
      squared_error_a: squaredErrors![0]![i],
      squared_error_b: squaredErrors![1]![i],
      imputed_features: i % 2 === 0 ? "" : "a,b",
      tied_phases: i % 9 === 0 || i % 9 === 8 ? "" : `ground,${PHASES[i % 9]}`,
    });
  });
});

it("several flights stand one after the other, those without windows too", async () => {
  const flights = [chunk(0), chunk(3), chunk(0, { flightId: "F2" }), chunk(2, { flightId: "F3" })];
  const rows = await readRows(write("flights", "windows", flights));
  expect(rows.map(({ flight_id, window_id }) => `${flight_id} ${window_id}`)).toEqual([
    "F1 AC001_0",
    "F1 AC001_1",
    "F1 AC001_2",
    "F3 AC001_0",
    "F3 AC001_1",
  ]);
});

it("ids of any characters come back and are found by their statistics", async () => {
  const ids = [
    "",
    "\uff5e",
    "\u{10000}",
    "AC\u00fc",
    "a very long id that no statistics hold whole \u{10348}\u{10348}",
    "it's",
  ];
  const path = write(
    "ids",
    "results",
    ids.map((aircraftId) => chunk(2, { aircraftId, flightId: aircraftId })),
  );
  for (const id of ids) {
    const where = `aircraft_id = '${id.replaceAll("'", "''")}' AND flight_id = '${id.replaceAll("'", "''")}'`;
    const [row] = await query(`SELECT count(*)::INT AS n FROM read_parquet('${path}') WHERE ${where}`);
    expect(row!.n, JSON.stringify(id)).toBe(2);
  }
});

it("instants before 1970 and at the ends of what int64 holds come back", async () => {
  const timestamps = BigInt64Array.of(-1n, 0n, -(2n ** 62n), 2n ** 62n);
  const rows = await readRows(write("instants", "results", [chunk(4, { timestamps })]));
  expect(rows.map(({ timestamp }) => timestamp)).toEqual([...timestamps]);
});

describe("a reader that takes nothing amiss but what the format forbids reads them", () => {
  it.each([0, 1, 100])("with %d rows", (count) => {
    for (const of of ["results", "windows"] as const) {
      const bytes = encodeChunks(columns[of], count === 0 ? [] : [chunk(count)], []);
      const table = readParquetTable("own.parquet", bytes, () => true);
      expect(table.rowCount).toBe(count);
      expect([...table.columns.keys()]).toEqual(columns[of].map(({ element }) => element.name));
      table.release();
    }
  });
});

it("the eight names together are what marks results of our own", () => {
  const names = RESULT_COLUMNS.map(({ element }) => element.name);
  expect(isOwnResults([...names, "more"])).toBe(true);
  expect(isOwnResults([...names].reverse())).toBe(true);
  for (const name of names) expect(isOwnResults(names.filter((other) => other !== name)), name).toBe(false);
});
