import type { FFIData, ParquetFile, RecordBatch } from "parquet-wasm";
import type { Column, Table } from "../column.ts";
import { columnOfChunk, typeName } from "./arrow-column.ts";
import { type ArrowField, emptyChunk, readChunk, readField } from "./arrow-memory.ts";
import { type ByteSource, type SlowByteSource, SourceBlob } from "./byte-source.ts";
import { type ColumnCollector, collectorOf } from "./collect-columns.ts";
import { decodeFault, decoderMemory, parquetDecoder } from "./decoder.ts";
import { checkPages } from "./page-checksums.ts";
import { Trap } from "./trap.ts";

/** Rows that are decoded at once: few enough for some megabytes, many enough to cost nothing beside the decoding. */
const BATCH_ROWS = 65_536;

/** What to read of a large file. */
export interface BatchesOptions {
  wanted: (name: string) => boolean;
  /** Rows that the footer speaks of. */
  rowCount: number;
}

/**
 * Decodes a Parquet file piece by piece into memory of the process: of the file's bytes only those of the wanted columns are read, one row
 * group at a time, so that the peak is near what the wanted columns take. The answer is that of `readParquetTable`.
 * @throws Fault FILE_CORRUPT, FILE_UNSUPPORTED, OUT_OF_MEMORY, or what reading the source throws
 */
export async function readParquetInBatches(
  path: string,
  source: ByteSource | SlowByteSource,
  { wanted, rowCount }: BatchesOptions,
): Promise<Table> {
  if (!("arePagesChecked" in source)) checkPages(path, source);
  const failures: unknown[] = [];
  const blob = new SourceBlob(source, (error) => failures.push(error));
  const trap = new Trap();
  try {
    const file = await trap.guard(parquetDecoder().ParquetFile.fromFile(blob as unknown as Blob));
    const table = await tableOf(file, { wanted, rowCount, trap });
    file.free();
    return table;
  } catch (error) {
    // What the decoder holds of the file is left to it: freeing it in the middle of a read is a trap of its own.
    throw failures.length > 0 ? failures[0] : decodeFault(path, error);
  } finally {
    trap.end();
  }
}

async function tableOf(file: ParquetFile, options: BatchesOptions & { trap: Trap }): Promise<Table> {
  const { wanted, rowCount, trap } = options;
  const columns = new Map<string, Column>();
  const collectors = new Map<string, ColumnCollector>();
  for (const field of fieldsOf(file)) {
    if (columns.has(field.name)) continue;
    columns.set(field.name, { kind: "other", type: typeName(field) });
    if (!wanted(field.name)) continue;
    collectors.set(field.name, collectorOf(columnOfChunk(new ArrayBuffer(0), field, emptyChunk(field)), rowCount));
  }
  // Without a column the decoder would count rows of nothing.
  if (collectors.size === 0) return { rowCount, columns, release() {} };
  const stream = await trap.guard(file.stream({ columns: [...collectors.keys()], batchSize: BATCH_ROWS }));
  const reader = (stream as ReadableStream<RecordBatch>).getReader();
  let rows = 0;
  for (;;) {
    const { done, value } = await trap.guard(reader.read());
    if (done) break;
    rows += collect(value, collectors);
  }
  for (const [name, collector] of collectors) columns.set(name, collector.finish());
  return { rowCount: rows, columns, release() {} };
}

/** The columns of a file, in its order. */
export function fieldsOf(file: ParquetFile): ArrowField[] {
  const schema = file.schema();
  const exported = schema.toFFI();
  const { children } = readField(new DataView(decoderMemory(parquetDecoder())), exported.addr());
  exported.free();
  schema.free();
  return children;
}

/** Copies a batch, and gives its memory back. Returns its rows. */
function collect(batch: RecordBatch, collectors: ReadonlyMap<string, ColumnCollector>): number {
  const exported = batch.toFFI();
  try {
    return collectExported(exported, collectors);
  } finally {
    exported.free();
    batch.free();
  }
}

function collectExported(exported: FFIData, collectors: ReadonlyMap<string, ColumnCollector>): number {
  const buffer = decoderMemory(parquetDecoder());
  const memory = new DataView(buffer);
  const { children: fields } = readField(memory, exported.schemaAddr());
  const rows = readChunk(memory, exported.arrayAddr());
  const done = new Set<string>();
  fields.forEach((field, i) => {
    // Of several columns of one name the first counts.
    if (done.has(field.name)) return;
    done.add(field.name);
    collectors.get(field.name)?.add(columnOfChunk(buffer, field, rows.children[i]!), rows.length);
  });
  return rows.length;
}
