import { readCsvHeader } from "./csv-header.ts";
import type { InputFile } from "./input-file.ts";
import { readParquetFooter } from "./parquet-footer.ts";
import { readSidecar } from "./read-sidecar.ts";

/** Reads what can be known of a local file without reading its data. */
export const LOCAL_FACTS = {
  sidecar: (file: InputFile) => readSidecar(file.path),
  footer: (file: InputFile) => readParquetFooter(file.path),
  header: (file: InputFile) => readCsvHeader(file.path),
};
