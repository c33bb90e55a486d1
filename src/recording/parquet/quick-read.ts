import type { FileMetaData } from "hyparquet";
import { roomFor } from "../../kernels/kernel-memory.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import { loadKernels } from "../../kernels/load-kernels.ts";
import type { Column, Table, Validity } from "../column.ts";
import { isInShape } from "./footer-shape.ts";
import { ChunkReader, type ColumnTarget } from "./quick-chunk.ts";
import { type QuickColumn, type QuickForm, quickColumns } from "./quick-schema.ts";

/** A file that needs more is left to the large decoder. */
const MOST_BYTES = 256 << 20;

/**
 * Reads the wanted columns of a file of the usual kind (flat numbers and instants; plain or dictionary pages; Snappy or no compression) in a
 * third of the large decoder's time, and without its start. Null for any other file, and where anything at all looks damaged: that decoder
 * then answers, or says what is wrong.
 */
export function readQuickly(file: Uint8Array, footer: FileMetaData, wanted: (name: string) => boolean): Table | null {
  const columns = isUsual(footer) && isInShape(footerBytes(file, footer)) ? quickColumns(footer, wanted) : null;
  const kernels = columns === null ? null : loadKernels();
  if (columns === null || kernels === null) return null;
  const rowCount = Number(footer.num_rows);
  const bytes = roomNeeded(footer, columns);
  if (!(bytes <= MOST_BYTES) || !kernels.memory.begin(bytes)) return null;
  let read: Map<string, Column> | null = null;
  try {
    read = readColumns({ file, footer, rowCount, kernels }, columns);
  } finally {
    if (read === null) kernels.memory.end();
  }
  return read === null ? null : { rowCount, columns: read, release: once(() => kernels.memory.end()) };
}

/** The memory may be another's by the time that someone releases a table again. */
function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

function footerBytes(file: Uint8Array, { metadata_length }: FileMetaData): Uint8Array {
  const end = file.length - 8;
  return file.subarray(end - metadata_length, end);
}

/** Whether the rows add up, and no column is encrypted or in another file: such a file is refused, even where the wanted ones are not so. */
function isUsual({ row_groups, num_rows }: FileMetaData): boolean {
  const rows = row_groups.map((group) => Number(group.num_rows));
  const rowCount = rows.reduce((sum, count) => sum + count, 0);
  return (
    rowCount === Number(num_rows) &&
    rows.every((count) => count >= 0) &&
    row_groups.every(({ columns }) =>
      columns.every(({ crypto_metadata, file_path }) => crypto_metadata === undefined && !file_path),
    )
  );
}

/** For what is computed with a flight's segments beside its samples. */
const WORK_BYTES = 1 << 20;

/** Bytes for the columns, the largest chunk packed and unpacked beside them, the times of the rows, and the speed of a shaft with its times and turns. */
function roomNeeded({ row_groups, num_rows }: FileMetaData, columns: readonly QuickColumn[]): number {
  const rows = Number(num_rows);
  const kept = columns.flatMap(({ form }) => (form === null ? [] : [rows * widthOf(form), bitmapBytes(rows)]));
  const largest = row_groups.flatMap((group) =>
    columns.map(({ form, chunk }) => {
      const packed = form === null ? undefined : group.columns[chunk]?.meta_data;
      return packed === undefined ? 0 : Number(packed.total_compressed_size) + Number(packed.total_uncompressed_size);
    }),
  );
  const work = largest.reduce((most, bytes) => Math.max(most, bytes), 0);
  return roomFor([...kept, 8 * rows, work, 24 * rows, WORK_BYTES]);
}

interface QuickFile {
  file: Uint8Array;
  footer: FileMetaData;
  rowCount: number;
  kernels: Kernels;
}

function readColumns(source: QuickFile, columns: readonly QuickColumn[]): Map<string, Column> | null {
  const read = new Map<string, Column>();
  try {
    for (const column of columns) {
      // Of several columns of one name the first counts.
      if (read.has(column.name)) continue;
      const found = column.form === null ? { kind: "other" as const, type: column.type } : readColumn(source, column);
      if (found === null) return null;
      read.set(column.name, found);
    }
  } catch (error) {
    // Pages that claim more than the footer says of them.
    if (error instanceof RangeError || (error as Error).name === "RuntimeError") return null;
    throw error;
  }
  return read;
}

function readColumn(source: QuickFile, column: QuickColumn): Column | null {
  const { form, type, isOptional } = column;
  const { kernels, footer, rowCount } = source;
  const target = newTarget(kernels, { width: widthOf(form!), isOptional, rowCount });
  const reader = new ChunkReader(kernels, source.file);
  for (const { columns, num_rows } of footer.row_groups) {
    const chunk = columns[column.chunk]?.meta_data;
    if (chunk?.num_values !== num_rows || !reader.add(chunk, target)) return null;
  }
  if (target.rows !== rowCount || !areInRange(target, form!, kernels)) return null;
  const { values, bitmap, present } = target;
  const isFull = present === rowCount;
  if (!isFull) {
    const spread = target.width === 4 ? kernels.run.spread32 : kernels.run.spread64;
    spread(values, bitmap, rowCount, present);
  }
  const { buffer } = kernels.memory;
  const validity = isFull ? null : { bytes: new Uint8Array(buffer, bitmap, (rowCount + 7) >> 3), offset: 0 };
  return columnOf({ buffer, values, rowCount }, { form: form!, type, validity });
}

/** Whether integers fit into the bits that they claim to have: of others the large decoder keeps the lower bits. */
function areInRange({ values, present }: ColumnTarget, form: QuickForm, { memory }: Kernels): boolean {
  if (form.array !== "int32" || form.most === 2 ** 31 - 1) return true;
  const { least, most } = form;
  return new Int32Array(memory.buffer, values, present).every((value) => value >= least && value <= most);
}

function newTarget(
  { memory }: Kernels,
  { width, isOptional, rowCount }: Pick<ColumnTarget, "width" | "isOptional" | "rowCount">,
): ColumnTarget {
  const values = memory.allocate(rowCount * width);
  const bitmap = memory.allocate(bitmapBytes(rowCount));
  new Uint8Array(memory.buffer, bitmap, bitmapBytes(rowCount)).fill(0);
  return { width, isOptional, rowCount, values, bitmap, rows: 0, present: 0 };
}

const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint32: Uint32Array };

function columnOf(
  { buffer, values, rowCount }: { buffer: ArrayBuffer; values: number; rowCount: number },
  { form, type, validity }: { form: QuickForm; type: string; validity: Validity | null },
): Column {
  if (form.array === "time") {
    return { kind: "time", type, halves: new Int32Array(buffer, values, 2 * rowCount), unitNs: form.unitNs, validity };
  }
  return { kind: "number", type, values: new ARRAYS[form.array](buffer, values, rowCount), validity };
}

function widthOf({ array }: QuickForm): number {
  return array === "float64" || array === "time" ? 8 : 4;
}

/** Whole words of 64 bits. */
function bitmapBytes(rows: number): number {
  return 8 * Math.ceil((rows + 1) / 64);
}
