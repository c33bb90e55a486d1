import type { FileMetaData, RowGroup } from "hyparquet";

/** What a Parquet file takes in memory, judged by its footer; bytes. */
export interface TableSize {
  rowCount: number;
  /** Read whole: its bytes twice, all of its columns, and copies of the wanted ones. */
  wholeBytes: number;
  /** Read in batches: the wanted columns, copies of these, and the compressed data of the largest row group. */
  batchBytes: number;
}

/** Bytes of a value once it is decoded; of text, of which the footer does not tell, a short word. */
const VALUE_BYTES = {
  BOOLEAN: 1,
  INT32: 4,
  FLOAT: 4,
  INT64: 8,
  DOUBLE: 8,
  INT96: 8,
  FIXED_LEN_BYTE_ARRAY: 16,
  BYTE_ARRAY: 16,
} as const;
/** Of each row: its time, and its number where rows are picked. */
const ROW_BYTES = 16;
/** Of each row that is a window: its id, its verdict and its row of the results. */
const WINDOW_BYTES = 512;
/** Of each value that is there: its time and its row, where the column has gaps or values outside of its range. */
const SAMPLE_BYTES = 12;
/** The compressed data of a row group exist three times while they are handed to the decoder. */
const COPIES_OF_GROUP = 3;

/** Judges a file by its footer. Null where it makes no sense, which is for the decoder to report. */
export function tableSize(
  footer: FileMetaData | null,
  fileBytes: number,
  wanted: (name: string) => boolean,
): TableSize | null {
  if (footer === null) return null;
  try {
    const size = tableSizeOf(footer, fileBytes, wanted);
    // Of a damaged footer what is read may be no number at all.
    return Number.isFinite(size.wholeBytes) && Number.isFinite(size.batchBytes) ? size : null;
  } catch {
    return null;
  }
}

/** The same of a footer that is known to make sense. */
export function tableSizeOf(
  { num_rows, row_groups }: FileMetaData,
  fileBytes: number,
  wanted: (name: string) => boolean,
): TableSize {
  const rowCount = Number(num_rows);
  const all = () => true;
  const sum = (of: (group: RowGroup) => number) => row_groups.reduce((total, group) => total + of(group), 0);
  const largestGroup = row_groups.reduce((largest, group) => Math.max(largest, compressedBytes(group, wanted)), 0);
  const rowBytes = row_groups[0]?.columns.some(isOfWindows) ? ROW_BYTES + WINDOW_BYTES : ROW_BYTES;
  const rows = rowBytes * rowCount + sum((group) => sampleBytes(group, wanted));
  return {
    rowCount,
    wholeBytes: 2 * fileBytes + sum((group) => decodedBytes(group, all)) + rows,
    batchBytes: COPIES_OF_GROUP * largestGroup + sum((group) => decodedBytes(group, wanted)) + rows,
  };
}

function compressedBytes({ columns }: RowGroup, wanted: (name: string) => boolean): number {
  return columns.reduce(
    (sum, { meta_data }) => sum + (isWanted(meta_data, wanted) ? Number(meta_data!.total_compressed_size) : 0),
    0,
  );
}

function decodedBytes({ columns }: RowGroup, wanted: (name: string) => boolean): number {
  return columns.reduce((sum, { meta_data }) => {
    if (meta_data === undefined || !isWanted(meta_data, wanted)) return sum;
    const values = Number(meta_data.num_values) * VALUE_BYTES[meta_data.type];
    return sum + Math.max(values, Number(meta_data.total_uncompressed_size));
  }, 0);
}

function sampleBytes({ columns }: RowGroup, wanted: (name: string) => boolean): number {
  return columns.reduce((sum, { meta_data }) => {
    if (meta_data === undefined || !isWanted(meta_data, wanted) || isTime(meta_data)) return sum;
    const present = meta_data.num_values - (meta_data.statistics?.null_count ?? 0n);
    return sum + Number(present) * (SAMPLE_BYTES + VALUE_BYTES[meta_data.type]);
  }, 0);
}

/** Times are taken over for all rows at once. */
function isTime({ path_in_schema }: { path_in_schema: string[] }): boolean {
  return path_in_schema[0]!.startsWith("timestamp");
}

/** Whether only a table of windows has such a column. */
function isOfWindows({ meta_data }: RowGroup["columns"][number]): boolean {
  return ["window_id", "timestamp_start"].includes(meta_data?.path_in_schema[0] ?? "");
}

function isWanted(column: RowGroup["columns"][number]["meta_data"], wanted: (name: string) => boolean): boolean {
  return column !== undefined && wanted(column.path_in_schema[0]!);
}
