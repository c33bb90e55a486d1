/** A number in a thrift structure (compact protocol): a varint that a value, a length or a count is written as. */
export interface ThriftNumber {
  start: number;
  end: number;
  /** Whether values are zigzag-coded: lengths of texts and lists are not. */
  isSigned: boolean;
}

/** Every number of a structure, in the order of the bytes. Throws where the bytes end too soon. */
export function thriftNumbers(bytes: Uint8Array): ThriftNumber[] {
  const walk = new Walk(bytes);
  walk.struct();
  return walk.numbers;
}

/** A varint of any value from -2^63 to 2^64. */
export function varint(value: bigint, isSigned: boolean): Uint8Array {
  let rest = BigInt.asUintN(64, isSigned ? (value << 1n) ^ (value >> 63n) : value);
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

class Walk {
  readonly numbers: ThriftNumber[] = [];
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(): void {
    for (let byte = this.#next(); (byte & 15) !== 0; byte = this.#next()) {
      if (byte >> 4 === 0) this.#number(true);
      this.#element(byte & 15);
    }
  }

  #element(type: number): void {
    if (type === 3) this.#at++;
    else if (type >= 4 && type <= 6) this.#number(true);
    else if (type === 7) this.#at += 8;
    else if (type === 8) this.#skip(this.#number(false));
    else if (type === 9 || type === 10) this.#list();
    else if (type === 12) this.struct();
  }

  #skip(bytes: number): void {
    this.#at += bytes;
  }

  #list(): void {
    const head = this.#next();
    const size = head >> 4 === 15 ? this.#number(false) : head >> 4;
    for (let i = 0; i < size; i++) {
      if ((head & 15) < 3) this.#at++;
      else this.#element(head & 15);
    }
  }

  #number(isSigned: boolean): number {
    const start = this.#at;
    let value = 0;
    for (let shift = 0, byte = 0x80; (byte & 0x80) !== 0; shift += 7) {
      byte = this.#next();
      value += (byte & 0x7f) * 2 ** shift;
    }
    this.numbers.push({ start, end: this.#at, isSigned });
    return value;
  }

  #next(): number {
    if (this.#at >= this.#bytes.length) throw new Error("the bytes end within a structure");
    return this.#bytes[this.#at++]!;
  }
}
