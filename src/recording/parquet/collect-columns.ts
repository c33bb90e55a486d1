import type { Column, ListColumn, NumberArray, NumberColumn, TextColumn, TimeColumn, Validity } from "../column.ts";
import { isValid } from "../column.ts";

/** Puts the pieces of a column together in memory of its own. */
export interface ColumnCollector {
  /** Copies the next piece, of the same kind, of `rows` rows. */
  add(piece: Column, rows: number): void;
  /** The column of all rows so far. */
  finish(): Column;
}

/** A collector of columns like `sample`, with room for `rowCount` rows; it grows if there are more. */
export function collectorOf(sample: Column, rowCount: number): ColumnCollector {
  if (sample.kind === "number") return new NumberCollector(sample, rowCount);
  if (sample.kind === "time") return new TimeCollector(sample, rowCount);
  if (sample.kind === "text") return new TextCollector(rowCount);
  if (sample.kind === "list") return new ListCollector(sample, rowCount);
  return { add: () => {}, finish: () => sample };
}

type AnyArray = NumberArray | BigInt64Array | BigUint64Array;

/** An array that is filled from its beginning. Memory that is never touched is never taken from the system: it may begin with much. */
class Filled<A extends AnyArray> {
  #array: A;
  #length = 0;

  constructor(like: A, capacity: number) {
    this.#array = emptyLike(like, capacity);
  }

  add(piece: A): void {
    const length = this.#length + piece.length;
    if (length > this.#array.length) {
      const larger = emptyLike(this.#array, Math.max(length, 2 * this.#array.length));
      larger.set(this.#array.subarray(0, this.#length) as never);
      this.#array = larger;
    }
    this.#array.set(piece as never, this.#length);
    this.#length = length;
  }

  get filled(): A {
    return this.#array.subarray(0, this.#length) as A;
  }
}

function emptyLike<A extends AnyArray>(like: A, length: number): A {
  return new (like.constructor as new (length: number) => A)(length);
}

/** Which rows are present; nothing is kept until one is not. */
class ValidityCollector {
  #bits: Filled<Uint8Array> | null = null;
  #rows = 0;
  #last = 0;
  readonly #capacity: number;

  constructor(rowCount: number) {
    this.#capacity = (rowCount + 7) >> 3;
  }

  add(validity: Validity | null, rows: number): void {
    if (this.#bits === null && validity !== null) this.#begin();
    if (this.#bits !== null) this.#append(this.#bits, validity, rows);
    this.#rows += rows;
  }

  finish(): Validity | null {
    if (this.#bits === null) return null;
    if (this.#rows % 8 !== 0) this.#bits.add(Uint8Array.of(this.#last));
    return { bytes: this.#bits.filled, offset: 0 };
  }

  /** All rows so far were present. */
  #begin(): void {
    this.#bits = new Filled(new Uint8Array(0), this.#capacity);
    this.#bits.add(new Uint8Array(this.#rows >> 3).fill(255));
    this.#last = 2 ** (this.#rows % 8) - 1;
  }

  #append(bits: Filled<Uint8Array>, validity: Validity | null, rows: number): void {
    const packed = new Uint8Array(((this.#rows % 8) + rows) >> 3);
    let word = this.#last;
    let at = this.#rows % 8;
    let done = 0;
    for (let i = 0; i < rows; i++) {
      if (isValid(validity, i)) word |= 1 << at;
      if (++at < 8) continue;
      packed[done++] = word;
      word = 0;
      at = 0;
    }
    bits.add(packed);
    this.#last = word;
  }
}

class NumberCollector implements ColumnCollector {
  readonly #type: string;
  readonly #values: Filled<NumberArray>;
  readonly #whole: Filled<BigInt64Array | BigUint64Array> | null;
  readonly #validity: ValidityCollector;

  constructor(sample: NumberColumn, rowCount: number) {
    this.#type = sample.type;
    this.#values = new Filled(sample.values, rowCount);
    this.#whole = wholeLike(sample.type, rowCount);
    this.#validity = new ValidityCollector(rowCount);
  }

  add(piece: NumberColumn, rows: number): void {
    this.#values.add(piece.values);
    if (piece.whole !== undefined) this.#whole?.add(piece.whole);
    this.#validity.add(piece.validity, rows);
  }

  finish(): NumberColumn {
    const column = { kind: "number" as const, type: this.#type, values: this.#values.filled };
    const whole = this.#whole === null ? {} : { whole: this.#whole.filled };
    return { ...column, ...whole, validity: this.#validity.finish() };
  }
}

function wholeLike(type: string, rowCount: number): Filled<BigInt64Array | BigUint64Array> | null {
  if (type === "int64") return new Filled<BigInt64Array | BigUint64Array>(new BigInt64Array(0), rowCount);
  return type === "uint64" ? new Filled<BigInt64Array | BigUint64Array>(new BigUint64Array(0), rowCount) : null;
}

class TimeCollector implements ColumnCollector {
  readonly #sample: TimeColumn;
  readonly #halves: Filled<Int32Array>;
  readonly #validity: ValidityCollector;

  constructor(sample: TimeColumn, rowCount: number) {
    this.#sample = sample;
    this.#halves = new Filled(new Int32Array(0), 2 * rowCount);
    this.#validity = new ValidityCollector(rowCount);
  }

  add(piece: TimeColumn, rows: number): void {
    this.#halves.add(piece.halves);
    this.#validity.add(piece.validity, rows);
  }

  finish(): TimeColumn {
    return { ...this.#sample, halves: this.#halves.filled, validity: this.#validity.finish() };
  }
}

/** Each piece has a dictionary of its own. */
class TextCollector implements ColumnCollector {
  readonly #codes: Filled<Int32Array>;
  readonly #codeOf = new Map<string, number>();

  constructor(rowCount: number) {
    this.#codes = new Filled(new Int32Array(0), rowCount);
  }

  add({ codes, dictionary }: TextColumn): void {
    const ours = dictionary.map((text) => this.#code(text));
    this.#codes.add(codes.map((code) => (code < 0 ? -1 : ours[code]!)));
  }

  finish(): TextColumn {
    return { kind: "text", type: "string", codes: this.#codes.filled, dictionary: [...this.#codeOf.keys()] };
  }

  #code(text: string): number {
    const known = this.#codeOf.get(text) ?? this.#codeOf.size;
    this.#codeOf.set(text, known);
    return known;
  }
}

class ListCollector implements ColumnCollector {
  readonly #type: string;
  readonly #offsets: Filled<Int32Array>;
  readonly #items: NumberCollector;
  readonly #validity: ValidityCollector;
  #itemCount = 0;

  constructor(sample: ListColumn, rowCount: number) {
    this.#type = sample.type;
    this.#offsets = new Filled(new Int32Array(0), rowCount + 1);
    this.#offsets.add(Int32Array.of(0));
    this.#items = new NumberCollector(sample.items, rowCount);
    this.#validity = new ValidityCollector(rowCount);
  }

  add({ offsets, items, validity }: ListColumn, rows: number): void {
    const first = offsets[0]!;
    const end = offsets[rows]!;
    this.#offsets.add(offsets.subarray(1, rows + 1).map((offset) => offset - first + this.#itemCount));
    this.#items.add(sliceNumbers(items, first, end), end - first);
    this.#itemCount += end - first;
    this.#validity.add(validity, rows);
  }

  finish(): ListColumn {
    return {
      kind: "list",
      type: this.#type,
      offsets: this.#offsets.filled,
      validity: this.#validity.finish(),
      items: this.#items.finish(),
    };
  }
}

function sliceNumbers(column: NumberColumn, from: number, to: number): NumberColumn {
  const { values, whole, validity } = column;
  return {
    ...column,
    values: values.subarray(from, to),
    ...(whole === undefined ? {} : { whole: whole.subarray(from, to) }),
    validity: validity === null ? null : { bytes: validity.bytes, offset: validity.offset + from },
  };
}
