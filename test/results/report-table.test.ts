import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeReportTable } from "../../src/results/parquet/report-table.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";

function* numbered(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

it.each([0, 1, 8192, 20_000])("a table of %d rows has all of them, in their order", async (count) => {
  const columns = [
    { name: "text", type: "text", of: (i: number) => (i % 3 === 0 ? null : `row ${i}`) },
    { name: "whole", type: "whole", of: (i: number) => i },
    { name: "real", type: "real", of: (i: number) => i / 2 },
  ] as const;
  const path = join(scratch(), "table.parquet");
  writeFileSync(path, encodeReportTable(columns, numbered(count)));
  const [row] = await query(
    `SELECT count(*) AS rows, count(*) FILTER (whole = file_row_number AND real = whole / 2 AND
     text IS NOT DISTINCT FROM CASE WHEN whole % 3 = 0 THEN NULL ELSE 'row ' || whole END) AS right
     FROM read_parquet('${path}', file_row_number = true)`,
  );
  expect(row).toMatchObject({ rows: BigInt(count), right: BigInt(count) });
});
