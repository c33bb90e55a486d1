/** The numbers, truths and structures of a structure, by the numbers of their fields. Texts, lists and 64-bit numbers are left out. */
export type ThriftStruct = Map<number, number | boolean | ThriftStruct>;

/** No structure of Parquet is as deep. */
const MOST_DEPTH = 32;
const MOST_VARINT_BYTES = 10;
const SET = 10;

/** The types of fields, by the protocol's numbers. */
export const THRIFT = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
} as const;

/** Reads a structure of thrift's compact protocol. @throws Error where it is none, or has a field twice */
export function readThrift(bytes: Uint8Array): { fields: ThriftStruct; end: number } {
  const reader = new ThriftReader(bytes);
  const fields: ThriftStruct = new Map();
  reader.struct(0, fields);
  return { fields, end: reader.at };
}

/**
 * That the bytes are a structure of thrift's compact protocol, which needs no more memory than they let expect: of a few bytes that claim lists
 * of lists, of millions of entries each, the usual decoder would make arrays of as many. @throws Error
 */
export function checkThrift(bytes: Uint8Array): void {
  new ThriftReader(bytes).struct(0, null);
}

/** Goes through a structure. Its methods throw where it ends too early, or is none. */
export class ThriftReader {
  /** Where it is. */
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a structure into `fields`, or over it. */
  struct(depth: number, fields: ThriftStruct | null): void {
    if (depth > MOST_DEPTH) throw new Error("structures within structures without end");
    let id = 0;
    for (let head = this.byte(); (head & 15) !== 0; head = this.byte()) {
      id = this.fieldOf(head, id);
      if (fields === null) this.pass(head & 15, depth);
      else this.#read(head & 15, { id, depth, fields });
    }
  }

  /** The number of a field by the byte it begins with, and the number of the field before. */
  fieldOf(head: number, before: number): number {
    return head >> 4 === 0 ? signed(this.#varint32()) : before + (head >> 4);
  }

  #read(type: number, { id, depth, fields }: { id: number; depth: number; fields: ThriftStruct }): void {
    if (fields.has(id)) throw new Error(`field ${id} twice`);
    if (type === THRIFT.true || type === THRIFT.false) fields.set(id, type === THRIFT.true);
    else if (type === THRIFT.i16 || type === THRIFT.i32) fields.set(id, this.integer());
    else if (type === THRIFT.struct) {
      const inner: ThriftStruct = new Map();
      this.struct(depth + 1, inner);
      fields.set(id, inner);
    } else this.pass(type, depth);
  }

  /** Passes over a value of a type. */
  pass(type: number, depth: number): void {
    if (type === THRIFT.true || type === THRIFT.false) return;
    if (type === THRIFT.byte) this.#skip(1);
    else if (type === THRIFT.double) this.#skip(8);
    else if (type === THRIFT.i16 || type === THRIFT.i32 || type === THRIFT.i64) this.#passVarint();
    else if (type === THRIFT.binary) this.#skip(this.#varint32());
    else if (type === THRIFT.list || type === SET) this.#passList(depth + 1);
    else if (type === THRIFT.struct) this.struct(depth + 1, null);
    else throw new Error(`type ${type}, which Parquet does not use`);
  }

  /** The head of a list: the type of its entries, and how many there are. */
  list(): { type: number; size: number } {
    const head = this.byte();
    const size = head >> 4 === 15 ? this.#varint32() : head >> 4;
    if (size > this.#bytes.length - this.at) throw new Error(`a list of ${size} entries in fewer bytes`);
    return { type: head & 15, size };
  }

  /** A number of up to 32 bits. */
  integer(): number {
    return signed(this.#varint32());
  }

  /** A text, or what else is of bytes. */
  binary(): Uint8Array {
    const size = this.#varint32();
    this.#skip(size);
    return this.#bytes.subarray(this.at - size, this.at);
  }

  #passList(depth: number): void {
    if (depth > MOST_DEPTH) throw new Error("lists within lists without end");
    const { type, size } = this.list();
    for (let i = 0; i < size; i++) this.pass(type === THRIFT.true || type === THRIFT.false ? THRIFT.byte : type, depth);
  }

  #passVarint(): void {
    for (let n = 0; this.byte() >= 128; ) if (++n === MOST_VARINT_BYTES) throw new Error("a number without end");
  }

  /** Unsigned. */
  #varint32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 15) throw new Error("a number of more than 32 bits");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** The next byte. */
  byte(): number {
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
