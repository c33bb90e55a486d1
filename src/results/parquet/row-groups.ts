import { type KeyValue, parquetMetadata, type RowGroup } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { storageOf } from "../../io/storage/storage.ts";
import type { ResultColumn } from "./columns.ts";
import { AS_WRITTEN, moveGroup } from "./join-files.ts";
import { schemaOf } from "./write-chunks.ts";

/** A row group of a file of ours, and where its bytes lie. */
export interface PlacedGroup {
  path: string;
  start: number;
  end: number;
  group: RowGroup;
}

/** The row groups of a file that we wrote, in their order. */
export async function readRowGroups(path: string, sizeBytes: number): Promise<PlacedGroup[]> {
  const storage = await storageOf(path);
  const tail = await storage.readRange(path, { start: sizeBytes - 8, end: sizeBytes });
  const footerStart = sizeBytes - 8 - new DataView(tail.buffer).getUint32(0, true);
  const footer = await storage.readRange(path, { start: footerStart, end: sizeBytes });
  return parquetMetadata(footer.buffer, { parsers: AS_WRITTEN }).row_groups.map((group) => {
    const start = Number(group.columns[0]!.file_offset);
    return { path, start, end: start + Number(group.total_compressed_size), group };
  });
}

/** A file of these row groups, copied as they are. */
export async function fileOfGroups(
  groups: readonly PlacedGroup[],
  { columns, metadata }: { columns: ResultColumn[]; metadata: KeyValue[] },
): Promise<Uint8Array> {
  const bytes = new ByteWriter(groups.reduce((sum, { start, end }) => sum + end - start, 1 << 16));
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    kvMetadata: metadata,
    createdBy: "flightbatch",
  });
  for (const { path, start, end, group } of groups) {
    writer.row_groups.push(moveGroup(group, BigInt(bytes.offset - start)));
    writer.num_rows += group.num_rows;
    bytes.appendBytes(await (await storageOf(path)).readRange(path, { start, end }));
  }
  writer.finish();
  return bytes.getBytes();
}
