const STRUCT = 12;
/** The fields num_rows (0) and row_groups (no entries, of no type) of a footer, in Thrift's compact protocol. */
const NO_ROWS = Uint8Array.of(0x16, 0x00, 0x19, 0x00);

/**
 * The same bytes with the empty list of row groups said to be of structs. hyparquet-writer guesses the type of a list by its
 * first entry, and so gives none where there is none: strict readers (those in Rust) then refuse a file without rows.
 */
export function declareNoRowGroups(file: Uint8Array): Uint8Array {
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).lastIndexOf(NO_ROWS);
  if (at !== -1) file[at + NO_ROWS.length - 1] = STRUCT;
  return file;
}
