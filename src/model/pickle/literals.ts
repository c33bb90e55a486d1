import type { ByteReader } from "./byte-reader.ts";
import { refusal } from "./refusal.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Bytes of the longest integer: a scaler's are counts of rows and features. */
const LONGEST_INTEGER = 16;

/** Text of `length` bytes of UTF-8. */
export function readUtf8(reader: ByteReader, length: number): string {
  const bytes = reader.take(length);
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw refusal(`it has text that is not UTF-8, before byte ${reader.position}`, cause);
  }
}

/** Text of protocol 0: latin1, other characters (and the backslash itself) as `\uXXXX` or `\UXXXXXXXX`. */
export function readRawUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? "", 16);
    if (point > 0x10ffff) throw refusal("it has text with something that is no character");
    return String.fromCodePoint(point);
  });
}

/** An integer as decimal digits. */
export function readInteger(text: string): number {
  if (!/^[+-]?\d{1,39}$/.test(text)) throw refusal(`it has ${text.slice(0, 40)} where an integer should stand`);
  return Number(text);
}

/** A float as Python writes it. */
export function readDecimal(text: string): number {
  const special = /^([+-]?)(nan|inf)$/.exec(text);
  if (special !== null) return special[2] === "nan" ? Number.NaN : special[1] === "-" ? -Infinity : Infinity;
  if (text.length > 400 || !/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/.test(text)) {
    throw refusal(`it has ${text.slice(0, 40)} where a number should stand`);
  }
  return Number(text);
}

/** A two's complement integer of `length` bytes, little-endian, to the nearest float64. */
export function readBigInteger(reader: ByteReader, length: number): number {
  if (length > LONGEST_INTEGER) throw refusal(`it has an integer of ${length} bytes`);
  const value = reader.take(length).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Number(BigInt.asIntN(8 * length, value));
}
