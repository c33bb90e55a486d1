import { Fault } from "../../faults/fault.ts";
import { decodeMetadata } from "../../io/parquet-metadata.ts";

/** The fault of a file that is encrypted, as a whole or in some of its columns. */
export function encryptedFault(path: string): Fault {
  return new Fault({
    code: "FILE_UNSUPPORTED",
    path,
    found: "an encrypted Parquet file",
    expected: "Parquet without encryption",
    hint: "Decrypt the file first.",
  });
}

/** Whether columns are encrypted though the footer is not: to a decoder without keys such a file looks damaged. */
export function hasEncryptedColumns(bytes: Uint8Array): boolean {
  try {
    const { row_groups } = decodeMetadata(bytes);
    return row_groups.some(({ columns }) => columns.some(({ crypto_metadata }) => crypto_metadata !== undefined));
  } catch {
    // The footer itself is damaged.
    return false;
  }
}
