import { ByteWriter } from "hyparquet-writer";
import { writePlain } from "hyparquet-writer/src/plain.js";
import type { Bounds, EncodedValues } from "./encoded-values.ts";

/** Values of which there are few different ones, in runs: an id for all rows of a flight, a phase for minutes. */
export class Dictionary<T extends string | number> {
  readonly #codes = new Map<T, number>();
  readonly #runs: { code: number; length: number }[] = [];
  #last: T | undefined;

  /** Adds `count` rows of a value. */
  add(value: T, count: number): void {
    if (count === 0) return;
    if (value === this.#last) {
      this.#runs[this.#runs.length - 1]!.length += count;
      return;
    }
    this.#last = value;
    const code = this.#codes.get(value) ?? this.#codes.size;
    this.#codes.set(value, code);
    this.#runs.push({ code, length: count });
  }

  /** What was added, as text, 32-bit integers or doubles. */
  encode(type: "BYTE_ARRAY" | "INT32" | "DOUBLE"): EncodedValues {
    const values = [...this.#codes.keys()].map((value): Uint8Array | number =>
      typeof value === "string" ? Buffer.from(value) : value,
    );
    const distinct = new ByteWriter();
    writePlain(distinct, values, type, undefined);
    return {
      encoding: "RLE_DICTIONARY",
      bytes: this.#encodeRuns(),
      dictionary: { count: values.length, bytes: distinct.getBytes() },
      bounds: boundsOf(values),
    };
  }

  /** The width of a code in bits, then each run as its length and its code. */
  #encodeRuns(): Uint8Array {
    const bits = Math.max(1, 32 - Math.clz32(this.#codes.size - 1));
    const page = new ByteWriter();
    page.appendUint8(bits);
    for (const { code, length } of this.#runs) {
      page.appendVarInt(length << 1);
      for (let shift = 0; shift < bits; shift += 8) page.appendUint8((code >> shift) & 255);
    }
    return page.getBytes();
  }
}

function boundsOf(values: (Uint8Array | number)[]): Bounds {
  const isBefore = (a: Uint8Array | number, b: Uint8Array | number) =>
    typeof a === "number" ? a < (b as number) : Buffer.compare(a, b as Uint8Array) < 0;
  return {
    min_value: values.reduce((least, value) => (isBefore(value, least) ? value : least)),
    max_value: values.reduce((most, value) => (isBefore(most, value) ? value : most)),
  };
}
