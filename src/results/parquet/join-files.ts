import { closeSync, openSync, statSync } from "node:fs";
import { type FileMetaData, type KeyValue, type ParquetParsers, parquetMetadata, type RowGroup } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { readFully, writeFully } from "../../io/whole-bytes.ts";
import type { ResultColumn } from "./columns.ts";
import { declareNoRowGroups } from "./no-row-groups.ts";
import { schemaOf } from "./write-chunks.ts";

const COPY_BYTES = 4 << 20;

/** Statistics are carried over as they are: as bytes and whole nanoseconds. */
export const AS_WRITTEN = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromNanoseconds: (nanos: bigint) => nanos,
} as unknown as ParquetParsers;

/** What a joined file is like. */
export interface JoinOptions {
  columns: ResultColumn[];
  metadata: KeyValue[];
}

/**
 * Joins Parquet files of the same columns, written by us, into one, in the order given: their row groups are copied as they are, and one
 * footer tells where each begins. Nothing is decoded, so joining costs what copying costs. Returns the number of rows.
 */
export function joinParquetFiles(parts: string[], output: string, options: JoinOptions): number {
  const joiner = new ParquetJoiner(output, options);
  try {
    for (const part of parts) joiner.add(part);
    return joiner.finish();
  } finally {
    joiner.close();
  }
}

/** The same of parts that come one after the other. */
export class ParquetJoiner {
  readonly #target: number;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #at: number;

  /** Begins a file that is not there yet. */
  constructor(output: string, { columns, metadata }: JoinOptions) {
    this.#target = openSync(output, "wx");
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaOf(columns),
      // An empty list would be written with a type that strict readers refuse.
      ...(metadata.length === 0 ? {} : { kvMetadata: metadata }),
      createdBy: "flightbatch",
    });
    this.#at = flush(this.#target, this.#bytes);
  }

  add(part: string): void {
    const groups = copyRowGroups(part, this.#target, this.#at);
    this.#at = groups.end;
    for (const group of groups.moved) {
      this.#writer.row_groups.push(group);
      this.#writer.num_rows += group.num_rows;
    }
  }

  /** Writes the footer. Returns the number of rows. */
  finish(): number {
    const writer = this.#writer;
    writer.finish();
    if (writer.num_rows === 0n) declareNoRowGroups(this.#bytes.getBytes());
    flush(this.#target, this.#bytes);
    return Number(writer.num_rows);
  }

  close(): void {
    closeSync(this.#target);
  }
}

function flush(target: number, bytes: ByteWriter): number {
  writeFully(target, bytes.getBytes());
  bytes.index = 0;
  return bytes.offset;
}

/** Copies what lies between the leading magic and the footer of `part` to the target, which is `at` bytes long. */
function copyRowGroups(part: string, target: number, at: number): { moved: RowGroup[]; end: number } {
  const source = openSync(part, "r");
  try {
    const size = statSync(part).size;
    const { metadata, footerStart } = readFooter(source, size);
    const start = 4;
    const buffer = new Uint8Array(Math.min(COPY_BYTES, Math.max(1, footerStart - start)));
    for (let from = start; from < footerStart; from += buffer.length) {
      const length = Math.min(buffer.length, footerStart - from);
      readFully(source, buffer.subarray(0, length), from);
      writeFully(target, buffer.subarray(0, length));
    }
    return {
      moved: metadata.row_groups.map((group) => moveGroup(group, BigInt(at - start))),
      end: at + footerStart - start,
    };
  } finally {
    closeSync(source);
  }
}

function readFooter(source: number, size: number): { metadata: FileMetaData; footerStart: number } {
  const tail = new Uint8Array(8);
  readFully(source, tail, size - 8);
  const footerStart = size - 8 - new DataView(tail.buffer).getUint32(0, true);
  const footer = new Uint8Array(size - footerStart);
  readFully(source, footer, footerStart);
  return { metadata: parquetMetadata(footer.buffer, { parsers: AS_WRITTEN }), footerStart };
}

/** The group of a footer, for a file in which its bytes lie so many further on. */
export function moveGroup(group: RowGroup, by: bigint): RowGroup {
  const columns = group.columns.map((column) => ({
    ...column,
    file_offset: column.file_offset + by,
    meta_data: moveColumn(column.meta_data!, by),
  }));
  return { ...group, columns };
}

function moveColumn(column: NonNullable<RowGroup["columns"][number]["meta_data"]>, by: bigint): typeof column {
  const moved = { ...column, data_page_offset: column.data_page_offset + by };
  if (column.dictionary_page_offset !== undefined) moved.dictionary_page_offset = column.dictionary_page_offset + by;
  return moved;
}
