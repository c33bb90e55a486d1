import type { Column, ListColumn, NumberArray, NumberColumn, TimeColumn } from "../column.ts";
import { isValid } from "../column.ts";
import type { ArrowChunk, ArrowField } from "./arrow-memory.ts";
import { numberColumn, validityOf } from "./numbers.ts";
import { dictionaryTextColumn, textColumn } from "./texts.ts";

const TIME_UNITS: Record<string, { name: string; ns: number }> = {
  s: { name: "s", ns: 1e9 },
  m: { name: "ms", ns: 1e6 },
  u: { name: "us", ns: 1e3 },
  n: { name: "ns", ns: 1 },
};

/** A chunk of Arrow data as a column that reads it in place. `buffer` is the whole WebAssembly memory. */
export function columnOfChunk(buffer: ArrayBufferLike, field: ArrowField, chunk: ArrowChunk): Column {
  const found =
    field.dictionary === null
      ? (numberColumn(buffer, field.format, chunk) ??
        textColumn(buffer, field.format, chunk) ??
        timeColumn(buffer, field.format, chunk) ??
        listColumn(buffer, field, chunk))
      : (dictionaryTextColumn(buffer, field, chunk) ?? dictionaryNumbers(buffer, field, chunk));
  return found ?? { kind: "other", type: typeName(field) };
}

/** The type of a field in words, for messages. */
export function typeName({ format, children, dictionary }: ArrowField): string {
  if (dictionary !== null) return `dictionary<${typeName(dictionary)}>`;
  if (format.startsWith("+l") || format.startsWith("+L") || format.startsWith("+w"))
    return `list<${children.map(typeName).join(", ")}>`;
  if (format.startsWith("+s"))
    return `struct<${children.map((child) => `${child.name}: ${typeName(child)}`).join(", ")}>`;
  if (format.startsWith("+m")) return "map";
  if (format.startsWith("ts")) return `timestamp[${TIME_UNITS[format[2]!]?.name}]`;
  return (
    OTHER_TYPES[format] ??
    (format.startsWith("d:")
      ? `decimal(${format.slice(2)})`
      : (PLAIN_TYPES[format] ?? `Arrow type ${JSON.stringify(format)}`))
  );
}

const OTHER_TYPES: Record<string, string> = {
  z: "binary",
  Z: "binary",
  vz: "binary",
  tdD: "date",
  tdm: "date",
  tts: "time",
  ttm: "time",
  ttu: "time",
  ttn: "time",
};
const PLAIN_TYPES: Record<string, string> = {
  u: "string",
  U: "string",
  vu: "string",
  l: "int64",
  L: "uint64",
  i: "int32",
  f: "float",
  g: "double",
  b: "bool",
  n: "null",
};

function timeColumn(buffer: ArrayBufferLike, format: string, chunk: ArrowChunk): TimeColumn | null {
  const unit = format.startsWith("ts") ? TIME_UNITS[format[2]!] : undefined;
  if (unit === undefined) return null;
  const { length, offset } = chunk;
  const halves = length === 0 ? new Int32Array(0) : new Int32Array(buffer, chunk.buffers[1]! + 8 * offset, 2 * length);
  return {
    kind: "time",
    type: `timestamp[${unit.name}]`,
    halves,
    unitNs: unit.ns,
    validity: validityOf(buffer, chunk),
  };
}

function listColumn(buffer: ArrayBufferLike, field: ArrowField, chunk: ArrowChunk): ListColumn | null {
  const offsets = listOffsets(buffer, field.format, chunk);
  if (offsets === null) return null;
  const items = columnOfChunk(buffer, field.children[0]!, chunk.children[0]!);
  if (items.kind !== "number") return null;
  return { kind: "list", type: typeName(field), offsets, validity: validityOf(buffer, chunk), items };
}

function listOffsets(
  buffer: ArrayBufferLike,
  format: string,
  { buffers, offset, length }: ArrowChunk,
): Int32Array | null {
  if (length === 0)
    return format.startsWith("+l") || format.startsWith("+L") || format.startsWith("+w:") ? new Int32Array(1) : null;
  if (format === "+l") return new Int32Array(buffer, buffers[1]! + 4 * offset, length + 1);
  if (format === "+L") return Int32Array.from(new BigInt64Array(buffer, buffers[1]! + 8 * offset, length + 1), Number);
  if (!format.startsWith("+w:")) return null;
  const size = Number(format.slice(3));
  return Int32Array.from({ length: length + 1 }, (_, i) => size * (offset + i));
}

function dictionaryNumbers(buffer: ArrayBufferLike, field: ArrowField, chunk: ArrowChunk): NumberColumn | null {
  const values = numberColumn(buffer, field.dictionary!.format, chunk.dictionary!);
  const indices = numberColumn(buffer, field.format, chunk);
  if (values === null || indices === null) return null;
  return { kind: "number", type: values.type, values: gather(values, indices), validity: indices.validity };
}

function gather(values: NumberColumn, indices: NumberColumn): NumberArray {
  return Float64Array.from({ length: indices.values.length }, (_, i) => {
    const at = isValid(indices.validity, i) ? indices.values[i]! : -1;
    return at >= 0 && isValid(values.validity, at) ? values.values[at]! : Number.NaN;
  });
}
