/** The numbers, truths and structures of a structure, by the numbers of their fields. Texts, lists and 64-bit numbers are left out. */
export type ThriftStruct = Map<number, number | boolean | ThriftStruct>;

/** No structure of Parquet is as deep. */
const MOST_DEPTH = 32;
const MOST_VARINT_BYTES = 10;
const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];

/** Reads a structure of thrift's compact protocol. @throws Error where it is none, or has a field twice */
export function readThrift(bytes: Uint8Array): { fields: ThriftStruct; end: number } {
  const reader = new Reader(bytes);
  const fields: ThriftStruct = new Map();
  reader.struct(0, fields);
  return { fields, end: reader.at };
}

/**
 * That the bytes are a structure of thrift's compact protocol, which needs no more memory than they let expect: of a few bytes that claim lists
 * of lists, of millions of entries each, the usual decoder would make arrays of as many. @throws Error
 */
export function checkThrift(bytes: Uint8Array): void {
  new Reader(bytes).struct(0, null);
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a structure into `fields`, or over it. */
  struct(depth: number, fields: ThriftStruct | null): void {
    if (depth > MOST_DEPTH) throw new Error("structures within structures without end");
    let id = 0;
    for (let head = this.#byte(); (head & 15) !== 0; head = this.#byte()) {
      id = head >> 4 === 0 ? signed(this.#varint32()) : id + (head >> 4);
      if (fields === null) this.#pass(head & 15, depth);
      else this.#read(head & 15, { id, depth, fields });
    }
  }

  #read(type: number, { id, depth, fields }: { id: number; depth: number; fields: ThriftStruct }): void {
    if (fields.has(id)) throw new Error(`field ${id} twice`);
    if (type === TRUE || type === FALSE) fields.set(id, type === TRUE);
    else if (type === I16 || type === I32) fields.set(id, signed(this.#varint32()));
    else if (type === STRUCT) {
      const inner: ThriftStruct = new Map();
      this.struct(depth + 1, inner);
      fields.set(id, inner);
    } else this.#pass(type, depth);
  }

  #pass(type: number, depth: number): void {
    if (type === TRUE || type === FALSE) return;
    if (type === BYTE) this.#skip(1);
    else if (type === DOUBLE) this.#skip(8);
    else if (type === I16 || type === I32 || type === I64) this.#passVarint();
    else if (type === BINARY) this.#skip(this.#varint32());
    else if (type === LIST || type === SET) this.#passList(depth + 1);
    else if (type === STRUCT) this.struct(depth + 1, null);
    else throw new Error(`type ${type}, which Parquet does not use`);
  }

  #passList(depth: number): void {
    if (depth > MOST_DEPTH) throw new Error("lists within lists without end");
    const head = this.#byte();
    const type = head & 15;
    const size = head >> 4 === 15 ? this.#varint32() : head >> 4;
    if (size > this.#bytes.length - this.at) throw new Error(`a list of ${size} entries in fewer bytes`);
    for (let i = 0; i < size; i++) this.#pass(type === TRUE || type === FALSE ? BYTE : type, depth);
  }

  #passVarint(): void {
    for (let n = 0; this.#byte() >= 128; ) if (++n === MOST_VARINT_BYTES) throw new Error("a number without end");
  }

  /** Unsigned. */
  #varint32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      if (shift === 28 && byte > 15) throw new Error("a number of more than 32 bits");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  #byte(): number {
    if (this.at >= this.#bytes.length) throw new Error("it ends too early");
    return this.#bytes[this.at++]!;
  }

  #skip(bytes: number): void {
    if (bytes > this.#bytes.length - this.at) throw new Error("it ends too early");
    this.at += bytes;
  }
}

function signed(zigzag: number): number {
  return (zigzag >>> 1) ^ -(zigzag & 1);
}
