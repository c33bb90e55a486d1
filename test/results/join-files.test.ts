import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { joinParquetFiles } from "../../src/results/parquet/join-files.ts";
import { encodeChunks } from "../../src/results/parquet/write-chunks.ts";
import type { ResultChunk } from "../../src/results/result-chunk.ts";
import { columnsOfRun } from "../../src/task/part-files.ts";
import { COLUMNS_OF, chunk } from "../support/chunks.ts";
import { query, readRows } from "../support/read-parquet.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flightbatch-join-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const { results, windows } = columnsOfRun(COLUMNS_OF);

/** Joins a part per group of chunks; returns the paths and the number of rows. */
function joined(groups: ResultChunk[][], columns = results) {
  const parts = groups.map((chunks, i) => {
    const part = join(folder, `${columns.length}-part-${i}.parquet`);
    writeFileSync(part, encodeChunks(columns, chunks, []));
    return part;
  });
  const output = join(folder, `${columns.length}-joined.parquet`);
  const rows = joinParquetFiles(parts, output, { columns, metadata: [{ key: "flightbatch.kind", value: "results" }] });
  return { parts, output, rows };
}

const many = (flight: number, rows: number) => chunk(rows, { aircraftId: `AC${flight % 3}`, flightId: `F${flight}` });

describe.each([
  ["results", results],
  ["windows", windows],
] as const)("joined %s are their parts one after the other", (_, columns) => {
  it.each<[string, ResultChunk[][]]>([
    ["one part", [[many(1, 5)]]],
    ["parts of several flights", [[many(1, 5), many(2, 7)], [many(3, 1)], [many(4, 1000)]]],
    ["an empty part at the start", [[], [many(1, 5)]]],
    ["an empty part in the middle", [[many(1, 5)], [], [many(2, 5)]]],
    ["an empty part at the end", [[many(1, 5)], []]],
    ["empty parts alone", [[], []]],
    ["parts of flights without a window", [[chunk(0)], [many(1, 3), chunk(0)]]],
    ["no part", []],
  ])("%s", async (__, groups) => {
    const { parts, output, rows } = joined(groups, columns);
    const expected = [];
    for (const part of parts) expected.push(...(await readRows(part)));
    expect(await readRows(output)).toEqual(expected);
    expect(rows).toBe(expected.length);
    const table = readParquetTable(output, readFileSync(output), () => true);
    expect(table.rowCount).toBe(expected.length);
    table.release();
  });
});

describe("nothing of a part is lost or changed", () => {
  const groups = [[many(1, 300), many(2, 50)], [], [many(3, 400)]];
  const about = (path: string) =>
    query(
      `SELECT row_group_num_rows::INT AS rows, path_in_schema, type, encodings, compression, num_values::INT AS num,
              stats_min_value, stats_max_value, stats_null_count::INT AS nulls, total_compressed_size::INT AS size
       FROM parquet_metadata('${path}') ORDER BY row_group_id, column_id`,
    );

  it("its statistics, encodings and sizes", async () => {
    const { parts, output } = joined(groups);
    const expected = [];
    for (const part of parts) expected.push(...(await about(part)));
    const found = await about(output);
    expect(found.length).toBe(2 * results.length);
    expect(found).toEqual(expected);
    const aircraft = found.filter(({ path_in_schema }) => path_in_schema === "aircraft_id");
    expect(aircraft.map(({ stats_min_value, stats_max_value }) => [stats_min_value, stats_max_value])).toEqual([
      ["AC1", "AC2"],
      ["AC0", "AC0"],
    ]);
    expect(aircraft.every(({ encodings }) => String(encodings).includes("DICTIONARY"))).toBe(true);
  });

  it("and statistics lead to the rows that they promise", async () => {
    const { output } = joined(groups);
    const [byId] = await query(`SELECT count(*)::INT AS n FROM read_parquet('${output}') WHERE flight_id = 'F3'`);
    expect(byId!.n).toBe(400);
    const [byTime] = await query(
      `SELECT count(*)::INT AS n FROM read_parquet('${output}') WHERE "timestamp" > TIMESTAMP_NS '2025-10-11 06:25:05'`,
    );
    expect(byTime!.n).toBe(
      (await readRows(output)).filter(({ timestamp }) => (timestamp as bigint) > 1_760_163_905_000_000_000n).length,
    );
  });

  it("and the file says what it is", async () => {
    const { output } = joined(groups);
    const [row] = await query(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${output}')`,
    );
    expect(row).toEqual({ key: "flightbatch.kind", value: "results" });
  });
});

it("the same parts give the same bytes", () => {
  const groups = [[many(1, 30)], [many(2, 30)]];
  const first = readFileSync(joined(groups).output);
  rmSync(join(folder, `${results.length}-joined.parquet`));
  expect(readFileSync(joined(groups).output).equals(first)).toBe(true);
});

it("a file that is there is not overwritten, and a part that is cut off is not joined", () => {
  const { parts, output } = joined([[many(1, 30)]]);
  const how = { columns: results, metadata: [] };
  expect(() => joinParquetFiles(parts, output, how)).toThrow(/EEXIST/);
  writeFileSync(parts[0]!, readFileSync(parts[0]!).subarray(0, 200));
  expect(() => joinParquetFiles(parts, join(folder, "other.parquet"), how)).toThrow();
});
