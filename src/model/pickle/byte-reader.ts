import { refusal } from "./refusal.ts";

/** The longest text line of a protocol 0 pickle: a module, a number, a memo index, or text that stands for bytes. */
const LONGEST_LINE = 1 << 20;

/** Reads a byte array from front to back. Every length is checked against what remains before anything is made of it. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /** The next `length` bytes, as a view of the input. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A length of 8 bytes. Above 2^53 it is not exact, which does not matter: no input is so long. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** The text up to the next line feed, one character a byte; the line feed is read too. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw refusal(`it ends in the middle of a line, at byte ${this.#bytes.length}`);
    if (end - this.#position > LONGEST_LINE) throw refusal(`it has a line of ${end - this.#position} bytes`);
    const text = Buffer.from(this.take(end - this.#position)).toString("latin1");
    this.#advance(1);
    return text;
  }

  #advance(length: number): number {
    if (length > this.remaining) {
      throw refusal(`it is truncated: ${length} bytes announced at byte ${this.#position}, ${this.remaining} left`);
    }
    const start = this.#position;
    this.#position += length;
    return start;
  }
}
