import type { NumberArray, NumberColumn, Validity } from "../column.ts";
import type { ArrowChunk } from "./arrow-memory.ts";

type ArrayMaker = { BYTES_PER_ELEMENT: number } & (new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
) => NumberArray);

/** Formats that are read in place, by their letter in the Arrow C data interface. */
const IN_PLACE: Record<string, { type: string; array: ArrayMaker }> = {
  c: { type: "int8", array: Int8Array },
  C: { type: "uint8", array: Uint8Array },
  s: { type: "int16", array: Int16Array },
  S: { type: "uint16", array: Uint16Array },
  i: { type: "int32", array: Int32Array },
  I: { type: "uint32", array: Uint32Array },
  f: { type: "float", array: Float32Array },
  g: { type: "double", array: Float64Array },
};

/** The column of a chunk of numbers (integers, floats, decimals, booleans, all-null); null if `format` is no number. */
export function numberColumn(buffer: ArrayBufferLike, format: string, chunk: ArrowChunk): NumberColumn | null {
  const validity = validityOf(buffer, chunk);
  const inPlace = IN_PLACE[format];
  const { length, offset } = chunk;
  const address = chunk.buffers[1] ?? 0;
  if (inPlace !== undefined) {
    const values =
      length === 0
        ? new inPlace.array(new ArrayBuffer(0), 0, 0)
        : new inPlace.array(buffer, address + offset * inPlace.array.BYTES_PER_ELEMENT, length);
    return { kind: "number", type: inPlace.type, values, validity };
  }
  const convert = converterOf(format);
  if (convert === null) return null;
  const values = convert.read(new DataView(buffer), { address, offset, length });
  const column: NumberColumn = {
    kind: "number",
    type: convert.type,
    values,
    validity: format === "n" ? null : validity,
  };
  if (length === 0) return column;
  if (format === "l") column.whole = new BigInt64Array(buffer, address + 8 * offset, length);
  if (format === "L") column.whole = new BigUint64Array(buffer, address + 8 * offset, length);
  return column;
}

/** Which entries of a chunk are present; null where all are. */
export function validityOf(
  buffer: ArrayBufferLike,
  { buffers, nullCount, offset, length }: ArrowChunk,
): Validity | null {
  const address = buffers[0] ?? 0;
  if (nullCount === 0 || address === 0) return null;
  return { bytes: new Uint8Array(buffer, address, (offset + length + 7) >> 3), offset };
}

interface Place {
  address: number;
  offset: number;
  length: number;
}

interface Converter {
  type: string;
  read(memory: DataView, place: Place): NumberArray;
}

function converterOf(format: string): Converter | null {
  if (format === "n") return { type: "null", read: (_, { length }) => new Float64Array(length).fill(Number.NaN) };
  if (format === "b") return { type: "bool", read: readBooleans };
  if (format === "l") return { type: "int64", read: (memory, place) => readWords(memory, place, int64At) };
  if (format === "L") return { type: "uint64", read: (memory, place) => readWords(memory, place, uint64At) };
  if (format === "e") return { type: "halffloat", read: readHalfFloats };
  return format.startsWith("d:") ? decimalConverter(format) : null;
}

function readBooleans(memory: DataView, { address, offset, length }: Place): Int8Array {
  return Int8Array.from(
    { length },
    (_, i) => (memory.getUint8(address + ((offset + i) >> 3)) >> ((offset + i) & 7)) & 1,
  );
}

function readWords(
  memory: DataView,
  { address, offset, length }: Place,
  at: (memory: DataView, address: number) => number,
): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = at(memory, address + 8 * (offset + i));
  return values;
}

/** One rounding, as in a cast: the high half is exact as a double, and so is the low one. */
function int64At(memory: DataView, address: number): number {
  return memory.getInt32(address + 4, true) * 2 ** 32 + memory.getUint32(address, true);
}

function uint64At(memory: DataView, address: number): number {
  return memory.getUint32(address + 4, true) * 2 ** 32 + memory.getUint32(address, true);
}

function readHalfFloats(memory: DataView, { address, offset, length }: Place): Float64Array {
  return Float64Array.from({ length }, (_, i) => halfFloat(memory.getUint16(address + 2 * (offset + i), true)));
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** `d:precision,scale` or `d:precision,scale,bits`: an integer of that many bits (128 unless said) over 10^scale. */
function decimalConverter(format: string): Converter {
  const [precision, scale, bits = 128] = format.slice(2).split(",").map(Number);
  const bytes = bits / 8;
  return {
    type: `decimal(${precision}, ${scale})`,
    read: (memory, { address, offset, length }) =>
      Float64Array.from({ length }, (_, i) =>
        scaled(signedInteger(memory, address + bytes * (offset + i), bytes), scale!),
      ),
  };
}

/** The double nearest to `whole / 10^scale`. Numbers of a double's 53 bits need one rounding, that of the division. */
function scaled(whole: bigint, scale: number): number {
  const rounded = Number(whole);
  return Number.isSafeInteger(rounded) ? rounded / 10 ** scale : Number(`${whole}e${-scale}`);
}

function signedInteger(memory: DataView, address: number, bytes: number): bigint {
  if (bytes === 4) return BigInt(memory.getInt32(address, true));
  let value = memory.getBigInt64(address + bytes - 8, true);
  for (let at = bytes - 16; at >= 0; at -= 8) value = (value << 64n) | memory.getBigUint64(address + at, true);
  return value;
}
