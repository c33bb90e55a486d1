import { createHash } from "node:crypto";
import type { FileMetaData } from "hyparquet";
import { versionOf } from "../io/file-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import { decodeMetadata } from "../io/parquet-metadata.ts";
import { ObjectPieces } from "../io/storage/object-pieces.ts";
import type { ByteRange } from "../io/storage/storage.ts";
import type { SlowByteSource } from "../recording/parquet/byte-source.ts";
import { checkPages } from "../recording/parquet/page-checksums.ts";
import { readParquetInBatches } from "../recording/parquet/read-in-batches.ts";
import { tableSizeOf } from "../recording/parquet/table-size.ts";
import type { OpenedTable, OpenOptions } from "./open-table.ts";

/** A smaller object is read whole, in one request: to ask for pieces of it would take longer. */
export const WHOLE_OBJECT_BYTES = 128 << 10;
/** Read at once from the end: most footers fit, and what is read beside the footer is little of the whole. */
const TAIL_BYTES = { least: 8 << 10, most: 1 << 20 };
/** Of a footer that was longer the next one is likely to be as long: objects of a fleet are alike. */
let usualTailBytes = TAIL_BYTES.least;
const FOOTER_END_BYTES = 8;
/** Row groups are fetched together up to so many bytes of the wanted columns: few requests, and bounded memory. */
const GROUP_BYTES = 16 << 20;

/** What is needed of a Parquet object, by its footer. */
interface Wanted {
  footer: Uint8Array;
  metadata: FileMetaData;
  /** Ranges of the wanted columns, for row groups that are fetched together. */
  groups: ByteRange[][];
}

/**
 * Opens a Parquet object by reading its footer and then the wanted columns only, neighbours in one request, some row groups at a time.
 * Null where its footer is not as it should be, or encrypted: then all of it is read, and it fails in the words of a file.
 */
export async function openObject(
  file: InputFile,
  { wanted, onRead, memory }: OpenOptions,
): Promise<OpenedTable | null> {
  const pieces = new ObjectPieces(versionOf(file));
  const found = await readFooter(file, pieces, wanted);
  if (found === null) return null;
  const { footer, metadata, groups } = found;
  const size = tableSizeOf(metadata, file.sizeBytes, wanted);
  const largest = groups.reduce((most, group) => Math.max(most, bytesOf(group)), 0);
  memory?.take(file.path, size.batchBytes + 2 * largest);
  await pieces.fetch(groups[0] ?? []);
  onRead();
  const source = groupSource(file, pieces, groups);
  const table = await readParquetInBatches(file.path, source, { wanted, rowCount: size.rowCount });
  return { table, contentHash: createHash("sha256").update(footer).digest("hex") };
}

async function readFooter(
  { sizeBytes }: InputFile,
  pieces: ObjectPieces,
  wanted: (name: string) => boolean,
): Promise<Wanted | null> {
  const begin = Math.max(0, sizeBytes - usualTailBytes);
  await pieces.fetch([{ start: begin, end: sizeBytes }]);
  const end = pieces.read(sizeBytes - FOOTER_END_BYTES, sizeBytes);
  const start = sizeBytes - FOOTER_END_BYTES - new DataView(end.buffer).getUint32(0, true);
  if (Buffer.from(end.subarray(4)).toString("latin1") !== "PAR1" || start < 4) return null;
  await pieces.fetch([{ start, end: sizeBytes }]);
  usualTailBytes = Math.max(TAIL_BYTES.least, Math.min(TAIL_BYTES.most, Math.ceil(1.02 * (sizeBytes - start))));
  const footer = pieces.read(start, sizeBytes - FOOTER_END_BYTES);
  try {
    const metadata = decodeMetadata(pieces.read(start, sizeBytes));
    const groups = columnGroups(metadata, wanted);
    const areInside = groups
      .flat()
      .every((range) => range.start >= 4 && range.end >= range.start && range.end <= start);
    return areInside ? { footer, metadata, groups } : null;
  } catch {
    return null;
  }
}

/** Where the wanted columns lie. @throws Error for columns that are encrypted, or not described */
function columnGroups({ row_groups }: FileMetaData, wanted: (name: string) => boolean): ByteRange[][] {
  const groups: ByteRange[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { columns } of row_groups) {
    const ranges = columns.flatMap(({ meta_data, crypto_metadata }): ByteRange[] => {
      if (meta_data === undefined || crypto_metadata !== undefined) throw new Error("a column without a description");
      if (!wanted(meta_data.path_in_schema[0]!)) return [];
      const start = Number(meta_data.dictionary_page_offset || meta_data.data_page_offset);
      return [{ start, end: start + Number(meta_data.total_compressed_size) }];
    });
    if (bytes + bytesOf(ranges) > GROUP_BYTES) {
      groups.push(ranges);
      bytes = bytesOf(ranges);
    } else {
      groups[groups.length - 1]!.push(...ranges);
      bytes += bytesOf(ranges);
    }
  }
  return groups.filter((group) => group.length > 0);
}

function bytesOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * The object as the decoder asks for it: row groups are fetched when it comes to them, held to their checksums, and let go behind it. It
 * asks for its columns with all that lies between them, and looks at none of that.
 */
function groupSource(file: InputFile, pieces: ObjectPieces, groups: readonly ByteRange[][]): SlowByteSource {
  const checked = new Set<readonly ByteRange[]>();
  const sync = { byteLength: file.sizeBytes, read: (start: number, end: number) => pieces.read(start, end) };
  const fetchGroup = async (group: readonly ByteRange[]) => {
    await pieces.fetch(group);
    checkPages(file.path, sync, (chunk) => group.some(({ start, end }) => start === chunk.start && end === chunk.end));
    checked.add(group);
    const before = groups[groups.indexOf(group as ByteRange[]) - 2] ?? [];
    pieces.dropBefore(before.reduce((most, { end }) => Math.max(most, end), 0));
  };
  return {
    byteLength: file.sizeBytes,
    arePagesChecked: true,
    async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
      const touched = groups.filter((ranges) => ranges.some((range) => start < range.end && end > range.start));
      for (const group of touched) if (!checked.has(group)) await fetchGroup(group);
      return touched.length === 0 ? pieces.read(start, end) : pieces.readAround(start, end);
    },
  };
}
