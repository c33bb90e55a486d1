import { Fault } from "../../faults/fault.ts";
import type { Table } from "../column.ts";
import { malformed } from "./faults.ts";
import { GrowingColumn } from "./growing-column.ts";
import { columnNames, noHeader } from "./header.ts";
import { type CsvRecords, csvRecords } from "./records.ts";
import { type CsvSource, csvText } from "./text.ts";

/** Limits of {@link readCsvTable}. */
export interface CsvOptions {
  /** A gzip file that holds more bytes than this is refused; default 4 GiB. */
  maxDecompressedBytes?: number;
}

/**
 * Reads a CSV file (UTF-8, header line, comma; rules: docs/inputs.md) whose `bytes` may be gzip.
 * Numbers, lists and text are told apart by all cells of a column; a missing number or list item is NaN.
 * @throws Fault `FILE_EMPTY`, `FILE_CORRUPT`, `FILE_UNSUPPORTED`, `CSV_MALFORMED`, `TIME_TYPE` or `OUT_OF_MEMORY`
 */
export async function readCsvTable(
  path: string,
  bytes: Uint8Array,
  gzip: boolean,
  options: CsvOptions = {},
): Promise<Table> {
  const source = { path, bytes, gzip, maxDecompressedBytes: options.maxDecompressedBytes ?? 4 * 2 ** 30 };
  const first = await readRows(source, new Set());
  const mixed = first.columns.filter((column) => column?.misfit).map((column) => column!.name);
  // The spelling of the numbers before the first word is not kept, so that a column of both is read a second time.
  const rows = mixed.length === 0 ? first : await readRows(source, new Set(mixed));
  const named = rows.columns.filter((column) => column !== null);
  const columns = new Map(named.map((column) => [column.name, column.finish()]));
  return { rowCount: rows.count, columns, release() {} };
}

interface Rows {
  /** By position; null for a column without a name, which is passed over. */
  columns: (GrowingColumn | null)[];
  count: number;
}

async function readRows(source: CsvSource, asText: ReadonlySet<string>): Promise<Rows> {
  let rows: Rows | null = null;
  try {
    for await (const records of csvRecords(source.path, csvText(source))) {
      for (let i = 0; i < records.rows.length; i++) {
        const cells = records.rows[i]!;
        if (cells.length === 1 && cells[0]!.trim() === "") continue;
        if (rows === null) rows = { columns: columnsOf(source.path, records.lineOf(i), cells, asText), count: 0 };
        else addRow(source.path, records, i, rows);
      }
    }
  } catch (error) {
    throw error instanceof RangeError ? outOfMemory(source.path, error) : error;
  }
  if (rows === null) throw noHeader(source.path, 1, "");
  return rows;
}

function columnsOf(path: string, line: number, header: string[], asText: ReadonlySet<string>): Rows["columns"] {
  return columnNames(path, line, header).map((name) =>
    name === "" ? null : new GrowingColumn(name, asText.has(name)),
  );
}

function addRow(path: string, records: CsvRecords, at: number, rows: Rows): void {
  const cells = records.rows[at]!;
  const { columns } = rows;
  if (cells.length !== columns.length)
    throw ragged(path, records.lineOf(at), { has: cells.length, of: columns.length });
  rows.count++;
  for (let i = 0; i < cells.length; i++) {
    const column = columns[i]!;
    if (column === null || column.misfit) continue;
    column.add(cells[i]!);
    if (column.misfit && column.isTime) {
      throw noTime(path, { column: column.name, row: rows.count, line: records.lineOf(at), value: cells[i]! });
    }
  }
}

function ragged(path: string, line: number, cells: { has: number; of: number }): Fault {
  return malformed(path, line, {
    found: `the row has ${cells.has} cells`,
    expected: `${cells.of} cells, as many as the header`,
    hint: "Repair this line (text with a comma needs quotes); if it is the last, the file may be cut off: copy it again.",
  });
}

function noTime(path: string, cell: { column: string; row: number; line: number; value: string }): Fault {
  return new Fault({
    code: "TIME_TYPE",
    path,
    found: `row ${cell.row} (line ${cell.line}) has ${JSON.stringify(cell.value.slice(0, 80))} in column ${cell.column}`,
    expected: "an ISO 8601 time such as 2025-10-11T06:00:00.250Z in every cell of it that is not empty",
    hint: "Write the times of this file in ISO 8601.",
  });
}

function outOfMemory(path: string, cause: RangeError): Fault {
  const detail = {
    code: "OUT_OF_MEMORY",
    path,
    found: `the rows do not fit into memory (${cause.message})`,
    expected: "a recording that fits into the memory of a worker",
    hint: "Split the recording, or convert it to Parquet.",
  } as const;
  return new Fault(detail, { cause });
}
