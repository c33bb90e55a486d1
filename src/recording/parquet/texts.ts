import type { TextColumn } from "../column.ts";
import { isValid } from "../column.ts";
import type { ArrowChunk, ArrowField } from "./arrow-memory.ts";
import { numberColumn, validityOf } from "./numbers.ts";

/** Where the bytes of entry i lie. */
type BytesAt = (i: number) => Uint8Array;

/** The column of a chunk of text (plain, large or view); null if `format` is no text. */
export function textColumn(buffer: ArrayBufferLike, format: string, chunk: ArrowChunk): TextColumn | null {
  const bytesAt = locatorOf(buffer, format, chunk);
  if (bytesAt === null) return null;
  const validity = validityOf(buffer, chunk);
  const coder = new TextCoder();
  const codes = Int32Array.from({ length: chunk.length }, (_, i) =>
    isValid(validity, i) ? coder.codeOf(bytesAt(i)) : -1,
  );
  return { kind: "text", type: "string", codes, dictionary: coder.dictionary };
}

/** The column of dictionary-encoded text; null if the dictionary holds no text. */
export function dictionaryTextColumn(buffer: ArrayBufferLike, field: ArrowField, chunk: ArrowChunk): TextColumn | null {
  const values = textColumn(buffer, field.dictionary!.format, chunk.dictionary!);
  const indices = numberColumn(buffer, field.format, chunk);
  if (values === null || indices === null) return null;
  const codes = Int32Array.from({ length: chunk.length }, (_, i) =>
    isValid(indices.validity, i) ? values.codes[indices.values[i]!]! : -1,
  );
  return { kind: "text", type: "string", codes, dictionary: values.dictionary };
}

function locatorOf(buffer: ArrayBufferLike, format: string, { buffers, offset, length }: ArrowChunk): BytesAt | null {
  const memory = new DataView(buffer);
  const [, second = 0, third = 0] = buffers;
  if (format === "u" || format === "U") {
    const width = format === "u" ? 4 : 8;
    const edge = (i: number) => memory.getUint32(second + width * (offset + i), true);
    return (i) => new Uint8Array(buffer, third + edge(i), edge(i + 1) - edge(i));
  }
  if (format !== "vu" || length < 0) return null;
  // A view is its length, then the text itself where it has at most 12 bytes, else a prefix, the number of a data buffer and an offset.
  return (i) => {
    const view = second + 16 * (offset + i);
    const size = memory.getUint32(view, true);
    const start =
      size <= 12 ? view + 4 : buffers[2 + memory.getUint32(view + 8, true)]! + memory.getUint32(view + 12, true);
    return new Uint8Array(buffer, start, size);
  };
}

/** Gives each different text a code. Most rows repeat the text before them, so its bytes are compared before anything is decoded. */
class TextCoder {
  readonly dictionary: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #decoder = new TextDecoder();
  #lastBytes: Uint8Array | null = null;
  #lastCode = -1;

  codeOf(bytes: Uint8Array): number {
    if (this.#lastBytes !== null && sameBytes(this.#lastBytes, bytes)) return this.#lastCode;
    const text = this.#decoder.decode(bytes);
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.dictionary.push(text) - 1;
      this.#codes.set(text, code);
    }
    this.#lastBytes = bytes;
    this.#lastCode = code;
    return code;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
