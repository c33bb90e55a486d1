/** Which entries of a column are present: bit `offset + i` (least significant first) is 1 where entry i is. */
export interface Validity {
  bytes: Uint8Array;
  offset: number;
}

/** The arrays that hold a numeric column. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Numbers, one a row. Integers of 64 bits, decimals and booleans arrive here as float64 or int8. */
export interface NumberColumn {
  kind: "number";
  /** The type in the file's own words, for messages. */
  type: string;
  values: NumberArray;
  /** The same where the file has integers of 64 bits, of which `values` rounds those beyond 2^53. */
  whole?: BigInt64Array | BigUint64Array;
  validity: Validity | null;
}

/** Instants, one a row: `value * unitNs` nanoseconds since 1970 UTC. */
export interface TimeColumn {
  kind: "time";
  type: string;
  /** The int64 values as little-endian pairs: low half, high half. */
  halves: Int32Array;
  /** Nanoseconds of one unit: 1, 1e3, 1e6 or 1e9. */
  unitNs: number;
  validity: Validity | null;
}

/** Text, one a row, as codes into a dictionary; -1 is missing. */
export interface TextColumn {
  kind: "text";
  type: string;
  codes: Int32Array;
  dictionary: string[];
}

/** A list of numbers a row: entries `offsets[i]` to `offsets[i + 1]` (exclusive) of `items`. */
export interface ListColumn {
  kind: "list";
  type: string;
  offsets: Int32Array;
  validity: Validity | null;
  items: NumberColumn;
}

/** A column of a type that no rule of ours can use. */
export interface OtherColumn {
  kind: "other";
  type: string;
}

/** A decoded column. */
export type Column = NumberColumn | TimeColumn | TextColumn | ListColumn | OtherColumn;

/** A decoded file. Its arrays may lie in the decoder's memory: they end with `release()`. */
export interface Table {
  rowCount: number;
  columns: Map<string, Column>;
  release(): void;
}

/** Whether entry `i` is present. */
export function isValid(validity: Validity | null, i: number): boolean {
  if (validity === null) return true;
  const bit = validity.offset + i;
  return ((validity.bytes[bit >> 3]! >> (bit & 7)) & 1) === 1;
}
