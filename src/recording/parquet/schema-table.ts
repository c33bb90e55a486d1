import type { ParquetFooter } from "../../io/parquet-footer.ts";
import type { Column, Table } from "../column.ts";
import { columnOfChunk } from "./arrow-column.ts";
import { emptyChunk } from "./arrow-memory.ts";
import { type ByteSource, SourceBlob } from "./byte-source.ts";
import { decodeFault, parquetDecoder } from "./decoder.ts";
import { fieldsOf } from "./read-in-batches.ts";
import { Trap } from "./trap.ts";

/** The tables without rows that files have by their footers alone; one for each schema, of which many files have the same. */
export class SchemaTables {
  readonly #known = new Map<string, Promise<Table>>();

  /** The table that the decoder would make of the file, with its columns and no rows. @throws Fault FILE_CORRUPT, FILE_UNSUPPORTED */
  of(path: string, footer: ParquetFooter): Promise<Table> {
    const { schema, key_value_metadata } = footer.metadata;
    // Some writers keep types beside the schema, of which it knows nothing.
    const arrow = key_value_metadata?.find(({ key }) => key === "ARROW:schema")?.value ?? "";
    const key = JSON.stringify([schema, arrow]);
    const known = this.#known.get(key) ?? readSchema(path, footer);
    this.#known.set(key, known);
    // Of files of one schema one may be damaged elsewhere in its footer.
    known.catch(() => this.#known.delete(key));
    return known;
  }
}

async function readSchema(path: string, footer: ParquetFooter): Promise<Table> {
  const blob = new SourceBlob(sourceOfFooter(footer), () => {});
  const trap = new Trap();
  try {
    const file = await trap.guard(parquetDecoder().ParquetFile.fromFile(blob as unknown as Blob));
    const columns = new Map<string, Column>();
    for (const field of fieldsOf(file)) {
      if (!columns.has(field.name))
        columns.set(field.name, columnOfChunk(new ArrayBuffer(0), field, emptyChunk(field)));
    }
    file.free();
    return { rowCount: 0, columns, release() {} };
  } catch (error) {
    throw decodeFault(path, error);
  } finally {
    trap.end();
  }
}

/** The end of a file with its footer: nothing else of it is asked for. */
function sourceOfFooter({ fileBytes, bytes }: ParquetFooter): ByteSource {
  const end = new Uint8Array(bytes.length + 8);
  end.set(bytes);
  new DataView(end.buffer).setUint32(bytes.length, bytes.length, true);
  end.set(Buffer.from("PAR1"), bytes.length + 4);
  const begin = fileBytes - end.length;
  return {
    byteLength: fileBytes,
    read(start, stop) {
      if (start < begin) throw new RangeError(`bytes ${start} to ${stop} lie before the footer`);
      return end.slice(start - begin, stop - begin);
    },
  };
}
