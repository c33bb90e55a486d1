import type { Column, Validity } from "../column.ts";
import { parseListCell, parseNumberCell } from "./cells.ts";
import { parseIsoTime } from "./iso-time.ts";

/** What the cells of a column can be read as. */
export type CellKind = "number" | "time" | "list" | "text";

/** Collects the cells of one column as they come. */
export interface ColumnBuilder {
  /** Takes a present cell; false, and nothing is taken, if it is not of this builder's kind. */
  add(cell: string): boolean;
  /** Takes `count` missing cells. */
  addMissing(count: number): void;
  /** The column so far. */
  finish(): Column;
}

/** A builder of columns of `kind`. */
export function newBuilder(kind: CellKind): ColumnBuilder {
  if (kind === "number") return new NumberBuilder();
  if (kind === "time") return new TimeBuilder();
  return kind === "list" ? new ListBuilder() : new TextBuilder();
}

type Growing = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** `array`, or a copy of at least twice its length (zeros behind) where it is shorter than `length`. */
function withRoomFor<T extends Growing>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(1024, length, array.length * 2));
  larger.set(array);
  return larger;
}

class NumberBuilder implements ColumnBuilder {
  #values = new Float64Array(0);
  #count = 0;

  add(cell: string): boolean {
    const value = parseNumberCell(cell);
    if (value === null) return false;
    this.push(value);
    return true;
  }

  push(value: number): void {
    this.#values = withRoomFor(this.#values, this.#count + 1);
    this.#values[this.#count++] = value;
  }

  addMissing(count: number): void {
    this.#values = withRoomFor(this.#values, this.#count + count).fill(Number.NaN, this.#count, this.#count + count);
    this.#count += count;
  }

  finish() {
    return { kind: "number", type: "number", values: this.#values.subarray(0, this.#count), validity: null } as const;
  }
}

/** Which cells are present, as the bits of a {@link Validity}. */
class PresenceBits {
  #bytes = new Uint8Array(0);
  #missing = 0;

  markPresent(row: number): void {
    this.#bytes = withRoomFor(this.#bytes, (row >> 3) + 1);
    this.#bytes[row >> 3]! |= 1 << (row & 7);
  }

  markMissing(count: number): void {
    this.#missing += count;
  }

  finish(rowCount: number): Validity | null {
    if (this.#missing === 0) return null;
    return { bytes: withRoomFor(this.#bytes, (rowCount + 7) >> 3), offset: 0 };
  }
}

class TimeBuilder implements ColumnBuilder {
  #halves = new Int32Array(0);
  #count = 0;
  #presence = new PresenceBits();

  add(cell: string): boolean {
    this.#halves = withRoomFor(this.#halves, 2 * this.#count + 2);
    if (!parseIsoTime(cell.trim(), this.#halves, 2 * this.#count)) return false;
    this.#presence.markPresent(this.#count++);
    return true;
  }

  addMissing(count: number): void {
    this.#count += count;
    this.#presence.markMissing(count);
    this.#halves = withRoomFor(this.#halves, 2 * this.#count);
  }

  finish(): Column {
    const halves = this.#halves.subarray(0, 2 * this.#count);
    return { kind: "time", type: "time", halves, unitNs: 1, validity: this.#presence.finish(this.#count) };
  }
}

class ListBuilder implements ColumnBuilder {
  #offsets = new Int32Array(1);
  #count = 0;
  #presence = new PresenceBits();
  #items = new NumberBuilder();

  add(cell: string): boolean {
    const items = parseListCell(cell);
    if (items === null) return false;
    for (const item of items) this.#items.push(item);
    this.#presence.markPresent(this.#count);
    this.#endRows(1, items.length);
    return true;
  }

  addMissing(count: number): void {
    this.#presence.markMissing(count);
    this.#endRows(count, 0);
  }

  finish(): Column {
    const offsets = this.#offsets.subarray(0, this.#count + 1);
    const validity = this.#presence.finish(this.#count);
    return { kind: "list", type: "list of numbers", offsets, validity, items: this.#items.finish() };
  }

  #endRows(count: number, length: number): void {
    const end = this.#offsets[this.#count]! + length;
    this.#offsets = withRoomFor(this.#offsets, this.#count + count + 1);
    this.#offsets.fill(end, this.#count + 1, this.#count + count + 1);
    this.#count += count;
  }
}

class TextBuilder implements ColumnBuilder {
  #codes = new Int32Array(0);
  #count = 0;
  #codeOf = new Map<string, number>();

  add(cell: string): boolean {
    let code = this.#codeOf.get(cell);
    if (code === undefined) {
      code = this.#codeOf.size;
      // A cell is a slice that would keep all the text around it in memory: what is kept is a copy.
      this.#codeOf.set(Buffer.from(cell).toString(), code);
    }
    this.#codes = withRoomFor(this.#codes, this.#count + 1);
    this.#codes[this.#count++] = code;
    return true;
  }

  addMissing(count: number): void {
    this.#codes = withRoomFor(this.#codes, this.#count + count).fill(-1, this.#count, this.#count + count);
    this.#count += count;
  }

  finish(): Column {
    const codes = this.#codes.subarray(0, this.#count);
    return { kind: "text", type: "text", codes, dictionary: [...this.#codeOf.keys()] };
  }
}
