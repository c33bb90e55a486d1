import type { ColumnMetaData, FileMetaData, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { serializeTCompactProtocol } from "hyparquet-writer/src/thrift.js";

/** A column made by hand: its element of the schema, its pages (see {@link page}), how many values they are said to have. */
export interface HandmadeColumn {
  element: SchemaElement;
  pages: Uint8Array[];
  count: number;
  /** What else the footer says of the chunk. */
  chunk?: Partial<ColumnMetaData>;
}

/** The header of a page, fields by the numbers of the format, and its body. */
export function page(header: Record<string, unknown>, body: ArrayLike<number>): Uint8Array {
  const writer = new ByteWriter();
  const sizes = { field_2: body.length, field_3: body.length };
  const fields = Object.entries({ ...sizes, ...header }).sort(([a], [b]) => Number(a.slice(6)) - Number(b.slice(6)));
  serializeTCompactProtocol(writer, Object.fromEntries(fields) as never);
  return new Uint8Array(Buffer.concat([writer.getBytes(), Uint8Array.from(body)]));
}

/** A page of the first version. */
export function dataPage(count: number, encoding: number, body: ArrayLike<number>): Uint8Array {
  return page({ field_1: 0, field_5: { field_1: count, field_2: encoding, field_3: 3, field_4: 3 } }, body);
}

/** The page of a dictionary. */
export function dictionaryPage(count: number, body: ArrayLike<number>): Uint8Array {
  return page({ field_1: 2, field_7: { field_1: count, field_2: 0 } }, body);
}

/** Doubles as they lie in a page. */
export function doubles(...values: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

/** Numbers of 32 bits as they lie in a page. */
export function integers(...values: number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** A file of one row group. `lie` may change the footer before it is written. */
export function handmade(columns: HandmadeColumn[], lie: (footer: FileMetaData) => void = () => {}): Uint8Array {
  const writer = new ByteWriter();
  writer.appendBytes(Buffer.from("PAR1"));
  const chunks = columns.map(({ element, pages, count, chunk }) => {
    const start = BigInt(writer.offset);
    for (const bytes of pages) writer.appendBytes(bytes);
    const size = BigInt(writer.offset) - start;
    const meta_data: ColumnMetaData = {
      type: element.type!,
      encodings: ["PLAIN", "RLE", "RLE_DICTIONARY"],
      path_in_schema: [element.name],
      codec: "UNCOMPRESSED",
      num_values: BigInt(count),
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: start,
      ...chunk,
    };
    return { file_offset: 0n, meta_data };
  });
  const rows = BigInt(columns[0]?.count ?? 0);
  const footer: FileMetaData = {
    version: 2,
    schema: [{ name: "schema", num_children: columns.length }, ...columns.map(({ element }) => element)],
    num_rows: rows,
    row_groups: [{ columns: chunks, total_byte_size: BigInt(writer.offset), num_rows: rows }],
    metadata_length: 0,
  };
  lie(footer);
  writeMetadata(writer, footer);
  writer.appendBytes(Buffer.from("PAR1"));
  return writer.getBytes();
}
