/**
 * The two structures of the Arrow C data interface as they lie in WebAssembly memory (32-bit pointers).
 * Layout: https://arrow.apache.org/docs/format/CDataInterface.html#structure-definitions
 */

/** A field: its format string, name, children and, for dictionary-encoded data, the field of the values. */
export interface ArrowField {
  format: string;
  name: string;
  children: ArrowField[];
  dictionary: ArrowField | null;
}

/** One chunk of a field's data: buffer addresses (0: absent), children and dictionary. */
export interface ArrowChunk {
  length: number;
  nullCount: number;
  offset: number;
  buffers: number[];
  children: ArrowChunk[];
  dictionary: ArrowChunk | null;
}

/** Reads the field at an address. */
export function readField(memory: DataView, address: number): ArrowField {
  const dictionary = memory.getUint32(address + 36, true);
  return {
    format: readCString(memory, memory.getUint32(address, true)),
    name: readCString(memory, memory.getUint32(address + 4, true)),
    children: pointers(memory, { count: address + 24, list: address + 32 }).map((child) => readField(memory, child)),
    dictionary: dictionary === 0 ? null : readField(memory, dictionary),
  };
}

/** Reads the chunk at an address. */
export function readChunk(memory: DataView, address: number): ArrowChunk {
  const dictionary = memory.getUint32(address + 48, true);
  return {
    length: readInt64(memory, address),
    nullCount: readInt64(memory, address + 8),
    offset: readInt64(memory, address + 16),
    buffers: pointers(memory, { count: address + 24, list: address + 40 }),
    children: pointers(memory, { count: address + 32, list: address + 44 }).map((child) => readChunk(memory, child)),
    dictionary: dictionary === 0 ? null : readChunk(memory, dictionary),
  };
}

/** The chunk of a field without rows. */
export function emptyChunk(field: ArrowField): ArrowChunk {
  return {
    length: 0,
    nullCount: 0,
    offset: 0,
    buffers: [0, 0, 0],
    children: field.children.map(emptyChunk),
    dictionary: field.dictionary === null ? null : emptyChunk(field.dictionary),
  };
}

function pointers(memory: DataView, at: { count: number; list: number }): number[] {
  const list = memory.getUint32(at.list, true);
  return Array.from({ length: readInt64(memory, at.count) }, (_, i) => memory.getUint32(list + 4 * i, true));
}

/** Lengths and offsets are 64-bit in the interface, but no array in 32-bit memory comes near 2^53. */
function readInt64(memory: DataView, address: number): number {
  return Number(memory.getBigInt64(address, true));
}

function readCString(memory: DataView, address: number): string {
  if (address === 0) return "";
  const bytes = new Uint8Array(memory.buffer, address);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}
