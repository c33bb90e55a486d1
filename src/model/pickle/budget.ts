import { refusal } from "./refusal.ts";

/** Most opcodes of a pickle. A scaler of 10,000 named features takes about 100,000. It bounds stack and memo too. */
const MOST_OPCODES = 500_000;
/** Most bytes that arrays and texts made from others take together: memoised bytes can be decoded any number of times. */
const MOST_DERIVED_BYTES = 8 << 20;
/** Pickles within a pickle: joblib writes an array of objects (the feature names) as one. */
const DEEPEST_PICKLE = 2;

/** What one file may cost, shared by the pickles in it. */
export class Budget {
  #opcodes = 0;
  #derivedBytes = 0;
  #depth = 0;

  /** Counts one opcode. */
  spendOpcode(): void {
    this.#opcodes += 1;
    if (this.#opcodes > MOST_OPCODES) throw refusal(`it has more than ${MOST_OPCODES} opcodes`);
  }

  /** Counts bytes that are about to be decoded or copied. */
  spendBytes(count: number): void {
    this.#derivedBytes += count;
    if (this.#derivedBytes > MOST_DERIVED_BYTES) throw refusal(`its arrays take more than ${MOST_DERIVED_BYTES} bytes`);
  }

  /** Counts a pickle begun within another. */
  enterPickle(): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST_PICKLE) throw refusal("it has a pickle within a pickle within a pickle");
  }

  /** The counterpart of `enterPickle`. */
  leavePickle(): void {
    this.#depth -= 1;
  }
}
