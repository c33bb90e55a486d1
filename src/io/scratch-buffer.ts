/**
 * Memory that serves one file after another. A fresh array of megabytes is mapped and zeroed page by page as it is first touched, and
 * keeps the garbage collector busy: that costs more than what is done with it.
 */
export class ScratchBuffer {
  #buffer = new ArrayBuffer(0);

  /** Bytes of undefined content; they end with the next call. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#atLeast(length), 0, length);
  }

  /** Numbers of undefined content; they end with the next call. */
  doubles(length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#atLeast(8 * length), 0, length);
  }

  /** Lets the memory go. */
  release(): void {
    this.#buffer = new ArrayBuffer(0);
  }

  #atLeast(byteLength: number): ArrayBuffer {
    // A little more than asked for, since the next flight may be a little longer.
    if (this.#buffer.byteLength < byteLength) this.#buffer = new ArrayBuffer(Math.ceil(1.25 * byteLength));
    return this.#buffer;
  }
}
