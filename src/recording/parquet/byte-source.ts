/** Where the bytes of a file come from: a disk, or memory. */
export interface ByteSource {
  byteLength: number;
  /** The bytes from `start` to `end` (exclusive), in memory that is the caller's own. @throws Fault if there are fewer */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** The same where reading takes a while. */
export interface SlowByteSource {
  byteLength: number;
  /** That whoever reads holds the pages to their checksums as they come. */
  arePagesChecked: true;
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file that is in memory already. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return { byteLength: bytes.length, read: (start, end) => new Uint8Array(bytes.subarray(start, end)) };
}

/**
 * What the decoder knows of a Blob, over a source. Node's own `openAsBlob` would do, but it opens the file anew for each piece, and does
 * not say why one could not be read.
 */
export class SourceBlob {
  readonly #source: ByteSource | SlowByteSource;
  readonly #range: { start: number; end: number };
  readonly #onFailure: (error: unknown) => void;

  constructor(
    source: ByteSource | SlowByteSource,
    onFailure: (error: unknown) => void,
    range = { start: 0, end: source.byteLength },
  ) {
    this.#source = source;
    this.#onFailure = onFailure;
    this.#range = range;
  }

  get size(): number {
    return this.#range.end - this.#range.start;
  }

  slice(from = 0, to = this.size): SourceBlob {
    const at = (offset: number) =>
      this.#range.start + (offset < 0 ? Math.max(0, this.size + offset) : Math.min(offset, this.size));
    const start = at(from);
    return new SourceBlob(this.#source, this.#onFailure, { start, end: Math.max(start, at(to)) });
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    try {
      return (await this.#source.read(this.#range.start, this.#range.end)).buffer;
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }
}
