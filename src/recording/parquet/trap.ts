/**
 * Catches what the decoder throws outside of any call of ours. Where a damaged file makes it panic in the middle of an asynchronous read,
 * the error ends in no promise: the one that is waited for stays open for ever, and the process would die of the error.
 */
export class Trap {
  readonly #sprung: Promise<never>;
  readonly #onError: (error: unknown) => void;

  constructor() {
    let reject: (error: unknown) => void = () => {};
    this.#sprung = new Promise((_, onReject) => {
      reject = onReject;
    });
    this.#sprung.catch(() => {});
    this.#onError = (error) => reject(error);
    process.on("uncaughtException", this.#onError);
    process.on("unhandledRejection", this.#onError);
  }

  /** The promise's answer, or the error thrown elsewhere meanwhile. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#sprung]);
  }

  /** To be called once no read is under way. */
  end(): void {
    process.off("uncaughtException", this.#onError);
    process.off("unhandledRejection", this.#onError);
  }
}
