import { Readable } from "node:stream";
import { readCsvHeader } from "./csv-header.ts";
import type { InputFile } from "./input-file.ts";
import { type ParquetFooter, parquetFooterOf, readParquetFooter } from "./parquet-footer.ts";
import { readSidecar, type Sidecar } from "./read-sidecar.ts";
import { isRemote } from "./storage/address.ts";
import { type ObjectVersion, objectChunks } from "./storage/object-pieces.ts";
import { storageOf } from "./storage/storage.ts";

const NO_SIDECAR: Sidecar = { text: null, warning: null };

/** Reads what can be known of an input without reading its data, on a disk or in a store. */
export const FILE_FACTS = {
  async sidecar(file: InputFile): Promise<Sidecar> {
    // Whether an object has one was in the listing, and asking again would be a request for each.
    if (!isRemote(file.path)) return readSidecar(file.path);
    return file.sidecarStamp === null ? NO_SIDECAR : readSidecar(file.path, Number.parseInt(file.sidecarStamp, 10));
  },

  async footer(file: InputFile): Promise<ParquetFooter> {
    if (!isRemote(file.path)) return readParquetFooter(file.path);
    const storage = await storageOf(file.path);
    const { path, version, sizeBytes } = versionOf(file);
    return parquetFooterOf(path, sizeBytes, (start, end) => storage.readRange(path, { start, end }, version));
  },

  async header(file: InputFile): Promise<string[]> {
    if (!isRemote(file.path)) return readCsvHeader(file.path);
    return readCsvHeader(file.path, Readable.from(objectChunks(versionOf(file))));
  },
};

/** The very object that was listed. */
export function versionOf({ path, sizeBytes, modifiedNs }: InputFile): ObjectVersion {
  return { path, sizeBytes, version: modifiedNs };
}
