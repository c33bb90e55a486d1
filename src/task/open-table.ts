import { Fault } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import type { ScratchBuffer } from "../io/scratch-buffer.ts";
import { isRemote } from "../io/storage/address.ts";
import type { Table } from "../recording/column.ts";
import { sourceOfBytes } from "../recording/parquet/byte-source.ts";
import { readParquetInBatches } from "../recording/parquet/read-in-batches.ts";
import { decodeParquet, footerOf } from "../recording/parquet/read-parquet.ts";
import { tableSize } from "../recording/parquet/table-size.ts";
import type { MemoryGrant } from "./memory-grant.ts";
import { hashBytes, hashContent, readFooter, readObject, readWhole, withByteSource } from "./read-input.ts";

/** What a file may take that is read whole, which is the fastest way of all; anything larger is read in batches. */
export const WHOLE_FILE_BYTES = 96 << 20;
/** Text is decoded into columns that double as they grow; zipped, it is much more than it seems. */
export const CSV_EXPANSION = { csv: 4, "csv.gz": 24 };

/** A zipped file that holds more is refused, whatever the memory. */
const MOST_TEXT_BYTES = 4 * 2 ** 30;

/** How to open a table. */
export interface OpenOptions {
  /** Columns that this refuses are named only. */
  wanted: (name: string) => boolean;
  /** Memory for the bytes of the file. */
  scratch?: ScratchBuffer | undefined;
  /** Called once the bytes are there and decoding begins. */
  onRead: () => void;
  /** The memory that the file may take; absent: any. */
  memory?: MemoryGrant | undefined;
  /** Up to what a file is read whole; {@link WHOLE_FILE_BYTES} unless a test says otherwise. */
  wholeFileBytes?: number | undefined;
}

/** A decoded file, and the hash of its content. */
export interface OpenedTable {
  table: Table;
  contentHash: string;
}

/** Reads and decodes a file: whole, or in batches where that would take too much. @throws Fault with what is wrong with the file */
export async function openTable(file: InputFile, options: OpenOptions): Promise<OpenedTable> {
  const { wholeFileBytes = WHOLE_FILE_BYTES } = options;
  if (file.format !== "parquet") return openCsv(file, options);
  if (isRemote(file.path)) return openRemote(file, { ...options, wholeFileBytes });
  return file.sizeBytes > wholeFileBytes / 2
    ? openLarge(file, options)
    : openSmall(file, { ...options, wholeFileBytes });
}

async function openCsv(file: InputFile, { scratch, onRead, memory }: OpenOptions): Promise<OpenedTable> {
  const isZipped = file.format === "csv.gz";
  const needed = CSV_EXPANSION[isZipped ? "csv.gz" : "csv"] * file.sizeBytes;
  memory?.take(file.path, needed);
  const bytes = isRemote(file.path) ? await readObject(file) : readWhole(file, scratch);
  onRead();
  // Loaded only once there is such a file: a worker is to start quickly.
  const { readCsvTable } = await import("../recording/csv/read-csv.ts");
  const room = Math.max(0, (memory?.bytes ?? Number.POSITIVE_INFINITY) - file.sizeBytes) / CSV_EXPANSION.csv;
  const most = Math.min(MOST_TEXT_BYTES, room);
  try {
    const table = await readCsvTable(file.path, bytes, isZipped, { maxDecompressedBytes: most });
    return { table, contentHash: hashBytes(file, bytes) };
  } catch (error) {
    // It holds more text than zipped text mostly does.
    if (room < MOST_TEXT_BYTES && error instanceof Fault && error.code === "FILE_UNSUPPORTED")
      memory?.take(file.path, Math.max(needed, 2 * memory.bytes));
    throw error;
  }
}

/** A file of which not even the bytes are to be in memory. */
async function openLarge(file: InputFile, { wanted, onRead, memory }: OpenOptions): Promise<OpenedTable> {
  const size = tableSize(footerOf(readFooter(file)), file.sizeBytes, wanted);
  if (size !== null) memory?.take(file.path, size.batchBytes);
  const contentHash = await hashContent(file);
  onRead();
  const rowCount = size?.rowCount ?? 0;
  const table = await withByteSource(file, (source) => readParquetInBatches(file.path, source, { wanted, rowCount }));
  return { table, contentHash };
}

/** An object: what is wanted of it, or all of it where that is little or there is something the matter with it. */
async function openRemote(file: InputFile, options: OpenOptions & { wholeFileBytes: number }): Promise<OpenedTable> {
  const { openObject, WHOLE_OBJECT_BYTES } = await import("./open-object.ts");
  const opened = file.sizeBytes > WHOLE_OBJECT_BYTES ? await openObject(file, options) : null;
  if (opened !== null) return opened;
  options.memory?.take(file.path, file.sizeBytes);
  return decodeWhole(file, await readObject(file), options);
}

/** A file that is read at once. */
async function openSmall(file: InputFile, options: OpenOptions & { wholeFileBytes: number }): Promise<OpenedTable> {
  return decodeWhole(file, readWhole(file, options.scratch), options);
}

/** A file that is in memory, but may be larger than it seems. */
async function decodeWhole(
  file: InputFile,
  bytes: Uint8Array,
  { wanted, onRead, memory, wholeFileBytes }: OpenOptions & { wholeFileBytes: number },
): Promise<OpenedTable> {
  const contentHash = hashBytes(file, bytes);
  onRead();
  const footer = footerOf(bytes);
  const size = tableSize(footer, file.sizeBytes, wanted);
  if (size === null || size.wholeBytes <= wholeFileBytes)
    return { table: decodeParquet({ path: file.path, bytes, footer }, wanted), contentHash };
  memory?.take(file.path, size.batchBytes);
  const options = { wanted, rowCount: size.rowCount };
  return { table: await readParquetInBatches(file.path, sourceOfBytes(bytes), options), contentHash };
}
