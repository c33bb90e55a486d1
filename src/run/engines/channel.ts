/** Items handed from those that make them to one that takes them, in order of their coming. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #state: "open" | "ended" | { error: unknown } = "open";
  #wake: () => void = () => {};

  /** Whether the makers failed. */
  get failed(): boolean {
    return typeof this.#state === "object";
  }

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** No more will come. */
  end(): void {
    this.#state = "ended";
    this.#wake();
  }

  /** No more will come, and the taker is to know why. */
  fail(error: unknown): void {
    this.#state = { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (true) {
      while (this.#items.length > 0) yield this.#items.shift()!;
      if (this.#state === "ended") return;
      if (typeof this.#state === "object") throw this.#state.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
