/** Hands out a fixed amount of memory, bytes: who asks for more than is free waits, in turn; someone always has some. */
export class MemoryGate {
  readonly total: number;
  #inUse = 0;
  readonly #waiting: { bytes: number; enter: () => void }[] = [];

  constructor(total: number) {
    this.total = total;
  }

  /** Waits for `bytes`, or for all there is if that is less. Returns what was given. */
  async enter(bytes: number): Promise<number> {
    const granted = Math.min(bytes, this.total);
    // In turn, so that many small ones do not keep a large one waiting until the end.
    if (this.#waiting.length > 0 || !this.#fits(granted))
      await new Promise<void>((enter) => this.#waiting.push({ bytes: granted, enter }));
    else this.#inUse += granted;
    return granted;
  }

  /** Gives back what `enter` gave. */
  leave(bytes: number): void {
    this.#inUse -= bytes;
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.bytes)) {
      const next = this.#waiting.shift()!;
      this.#inUse += next.bytes;
      next.enter();
    }
  }

  #fits(bytes: number): boolean {
    return this.#inUse === 0 || this.#inUse + bytes <= this.total;
  }
}
