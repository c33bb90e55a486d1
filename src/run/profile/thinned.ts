/** Keeps a long series of samples within bounds: each time it is full, every second one is let go, and of what comes only as many kept. */
export class Thinned<T> {
  readonly #most: number;
  readonly #kept: T[] = [];
  #every = 1;
  #seen = 0;

  /** `most`: samples kept, at least 2. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The samples that are kept, in their order. */
  get samples(): readonly T[] {
    return this.#kept;
  }

  add(sample: T): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#kept.push(sample);
    if (this.#kept.length < this.#most) return;
    const half = this.#kept.filter((_, i) => i % 2 === 0);
    this.#kept.splice(0, this.#kept.length, ...half);
    this.#every *= 2;
  }
}
