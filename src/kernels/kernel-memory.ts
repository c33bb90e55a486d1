import type { KernelFunctions } from "./kernel-functions.ts";

/** Some kernels look at, or write, so many bytes behind what is theirs. */
const SLACK_BYTES = 64;
const PAGE_BYTES = 65_536;

/**
 * The memory that the kernels compute in, for one file after another: what is handed out ends when the next file begins. It never grows
 * meanwhile, since arrays in it would be lost.
 */
export class KernelMemory {
  readonly #memory: KernelFunctions["memory"];
  readonly #base: number;
  #top: number;
  #isTaken = false;

  constructor({ memory, heapBase }: Pick<KernelFunctions, "memory" | "heapBase">) {
    this.#memory = memory;
    this.#base = heapBase();
    this.#top = this.#base;
  }

  /** The whole memory. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** Makes room for the next file; false where another still has the memory, or there is no more. To be given back by `end`. */
  begin(bytes: number): boolean {
    if (this.#isTaken || !this.#grow(this.#base + bytes)) return false;
    this.#top = this.#base;
    this.#isTaken = true;
    return true;
  }

  /** Ends what was handed out since `begin`. */
  end(): void {
    this.#isTaken = false;
  }

  /** Where `bytes` of undefined content lie, on a boundary of 16. @throws RangeError where there are no more */
  allocate(bytes: number): number {
    const address = (this.#top + 15) & ~15;
    const top = address + bytes + SLACK_BYTES;
    if (!(bytes >= 0 && top <= this.buffer.byteLength)) throw new RangeError(`no room for ${bytes} bytes more`);
    this.#top = top;
    return address;
  }

  /** Whether `allocate` has as much, by {@link roomFor}. */
  hasRoom(bytes: number): boolean {
    return this.#isTaken && this.#top + bytes <= this.buffer.byteLength;
  }

  /** Where the next piece will lie, to be given to `rewind`. */
  get top(): number {
    return this.#top;
  }

  /** Gives back what was handed out since the top was there. */
  rewind(top: number): void {
    this.#top = top;
  }

  /** The address of the array where it lies in this memory, else of a copy. */
  place(array: Float64Array | Int32Array | Uint8Array): number {
    if (array.buffer === this.buffer) return array.byteOffset;
    const address = this.allocate(array.byteLength);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    new Uint8Array(this.buffer).set(bytes, address);
    return address;
  }

  #grow(bytes: number): boolean {
    const missing = Math.ceil((bytes - this.buffer.byteLength) / PAGE_BYTES);
    if (missing <= 0) return true;
    try {
      this.#memory.grow(missing);
      return true;
    } catch {
      return false;
    }
  }
}

/** Bytes to ask `begin` for so that each of these pieces can be had. */
export function roomFor(pieces: readonly number[]): number {
  return pieces.reduce((sum, bytes) => sum + bytes + SLACK_BYTES + 16, 16);
}
