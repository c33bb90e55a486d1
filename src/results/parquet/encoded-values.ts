import type { ColumnMetaData, Encoding } from "hyparquet";

/** The values of a column of one row group: what its page holds. None is compressed: scores are noise to a compressor, ids are front-coded. */
export interface EncodedValues {
  encoding: Encoding;
  bytes: Uint8Array;
  /** Of dictionary encoding: the different values. */
  dictionary?: { count: number; bytes: Uint8Array };
  /** Per row 1 where there is a value; absent where there is one in every row. */
  present?: Uint8Array;
  /** Smallest and largest value, where readers may skip by them. */
  bounds?: Bounds;
}

/** Smallest and largest value; text as its bytes, by which readers order it. */
export type Bounds = Pick<NonNullable<ColumnMetaData["statistics"]>, "min_value" | "max_value">;

/** Arrays that lie in memory as they do in a page. */
export type PlainArray = Float32Array | Float64Array | BigInt64Array;

/** Numbers one after the other. */
export function plainNumbers(parts: PlainArray[]): EncodedValues {
  return { encoding: "PLAIN", bytes: joinBytes(parts) };
}

/** The same with their bounds. */
export function boundedNumbers(parts: (Float32Array | Float64Array)[]): EncodedValues {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const x = part[i]!;
      if (x < min) min = x;
      if (x > max) max = x;
    }
  }
  // Either zero may stand for the other (the format's rule for bounds).
  const bounds = { min_value: min === 0 ? -0 : min, max_value: max === 0 ? 0 : max };
  return { ...plainNumbers(parts), bounds };
}

/** Instants with their bounds. They mostly ascend, so that few are looked at as what they are: a bigint for each would be garbage. */
export function boundedInstants(parts: BigInt64Array[]): EncodedValues {
  const instants = parts.filter(({ length }) => length > 0);
  let min = instants[0]?.[0] ?? 0n;
  let max = min;
  for (const part of instants) {
    const isAscending = ascends(part);
    const candidates = isAscending ? [part[0]!, part[part.length - 1]!] : part;
    for (const instant of candidates) {
      if (instant < min) min = instant;
      if (instant > max) max = instant;
    }
  }
  return { ...plainNumbers(parts), bounds: { min_value: min, max_value: max } };
}

/** By halves, each of which is a number. */
function ascends(instants: BigInt64Array): boolean {
  const halves = new Int32Array(instants.buffer, instants.byteOffset, 2 * instants.length);
  for (let i = 2; i < halves.length; i += 2) {
    const high = halves[i + 1]!;
    const highBefore = halves[i - 1]!;
    if (high < highBefore || (high === highBefore && halves[i]! >>> 0 < halves[i - 2]! >>> 0)) return false;
  }
  return true;
}

/** Numbers that may be missing: NaN stands for none. */
export function plainNumbersOrNull(parts: Float64Array[], rowCount: number): EncodedValues {
  const present = new Uint8Array(rowCount);
  let row = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) present[row++] = Number.isNaN(part[i]!) ? 0 : 1;
  if (!present.includes(0)) return plainNumbers(parts);
  return { ...plainNumbers(parts.map((part) => part.filter((x) => !Number.isNaN(x)))), present };
}

/** Truth values as bits. */
export function plainBooleans(parts: ArrayLike<number>[], rowCount: number): EncodedValues {
  const bytes = new Uint8Array((rowCount + 7) >> 3);
  let row = 0;
  let count = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, row++) {
      if (part[i] === 0) continue;
      bytes[row >> 3]! |= 1 << (row & 7);
      count++;
    }
  }
  return { encoding: "PLAIN", bytes, bounds: { min_value: count === rowCount, max_value: count > 0 } };
}

function joinBytes(parts: PlainArray[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}
