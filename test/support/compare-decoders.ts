import { Fault } from "../../src/faults/fault.ts";
import { type Column, isValid, type Table } from "../../src/recording/column.ts";
import { readQuickly } from "../../src/recording/parquet/quick-read.ts";
import { readParquetInBatches } from "../../src/recording/parquet/read-in-batches.ts";
import { decodeFully, footerOf } from "../../src/recording/parquet/read-parquet.ts";

/** What one decoder makes of the wanted columns of a file. Of columns that are not wanted the names alone. */
export interface Content {
  rowCount: number;
  names: string[];
  /** By name: kind, unit and type in words, then a value a row; null where there is none. */
  columns: Map<string, unknown[]>;
}

/** What the quick reader makes of a file; null where it leaves it to the large decoder. */
export function quickContent(bytes: Uint8Array, wanted: (name: string) => boolean): Content | null {
  const footer = footerOf(bytes);
  const table = footer === null ? null : readQuickly(bytes, footer, wanted);
  return table === null ? null : contentOf(table, wanted);
}

/** What the large decoder makes of it; its fault, in words, where it refuses it. */
export function fullContent(bytes: Uint8Array, wanted: (name: string) => boolean): Content | string {
  try {
    return contentOf(decodeFully("a.parquet", bytes, wanted), wanted);
  } catch (error) {
    if (error instanceof Fault) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** What the large decoder makes of it where it reads nothing of the other columns; its fault, in words, where it refuses even that. */
export async function batchContent(bytes: Uint8Array, wanted: (name: string) => boolean): Promise<Content | string> {
  const read = async (start: number, end: number) => Uint8Array.from(bytes.subarray(start, end));
  const source = { byteLength: bytes.length, arePagesChecked: true, read } as const;
  try {
    return contentOf(await readParquetInBatches("a.parquet", source, { wanted, rowCount: 0 }), wanted);
  } catch (error) {
    if (error instanceof Fault) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** The columns of a file that the quick reader reads, each by itself. */
export function quickColumnNames(bytes: Uint8Array): string[] {
  const footer = footerOf(bytes);
  const names = new Set(footer?.schema.slice(1).map(({ name }) => name));
  return [...names].filter((name) => (quickContent(bytes, (one) => one === name)?.columns.size ?? 0) > 0);
}

/** The first difference between two contents, in words; null where there is none, to the last bit but for the bits within NaN. */
export function differenceOf(quick: Content, full: Content): string | null {
  if (quick.rowCount !== full.rowCount) return `${quick.rowCount} rows for ${full.rowCount}`;
  if (quick.names.join("\n") !== full.names.join("\n")) return `columns ${quick.names} for ${full.names}`;
  for (const [name, entries] of full.columns) {
    const found = quick.columns.get(name) ?? [];
    const at = entries.findIndex((entry, i) => !Object.is(entry, found[i]));
    if (at >= 0) return `${name}: entry ${at} is ${found[at]} for ${entries[at]}`;
    if (entries.length !== found.length) return `${name}: ${found.length} entries for ${entries.length}`;
  }
  return null;
}

function contentOf(table: Table, wanted: (name: string) => boolean): Content {
  const columns = new Map<string, unknown[]>();
  for (const [name, column] of table.columns) if (wanted(name)) columns.set(name, entriesOf(column));
  const content = { rowCount: table.rowCount, names: [...table.columns.keys()], columns };
  table.release();
  return content;
}

function entriesOf(column: Column): unknown[] {
  const { kind, type } = column;
  if (kind === "number")
    return [kind, type, ...Array.from(column.values, (value, i) => (isValid(column.validity, i) ? value : null))];
  if (kind !== "time") return [kind, type];
  const { halves, validity, unitNs } = column;
  const ticks = new BigInt64Array(Int32Array.from(halves).buffer);
  return [kind, type, unitNs, ...Array.from(ticks, (tick, i) => (isValid(validity, i) ? tick : null))];
}
