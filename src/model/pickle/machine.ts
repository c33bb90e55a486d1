import type { Budget } from "./budget.ts";
import type { ByteReader } from "./byte-reader.ts";
import { type ArraySource, readJoblibArray } from "./joblib-array.ts";
import { OPCODES } from "./opcodes.ts";
import { attributesOf, setState } from "./reduce.ts";
import { refusal } from "./refusal.ts";
import { describeValue, JoblibArray, type PickleKey, type PickleValue } from "./values.ts";

/** Collections that may be open at a time. A scaler has about five. */
const DEEPEST_NESTING = 100;

/** Runs the opcodes of one pickle on a stack of values. No opcode can do more than make one of {@link PickleValue}. */
export class PickleMachine {
  readonly reader: ByteReader;
  readonly budget: Budget;
  readonly #memo = new Map<number, PickleValue>();
  readonly #marks: number[] = [];
  #stack: PickleValue[] = [];

  constructor(reader: ByteReader, budget: Budget) {
    this.reader = reader;
    this.budget = budget;
  }

  /** The value of the pickle that begins at the reader's position; the reader stands behind it afterwards. */
  run(): PickleValue {
    this.budget.enterPickle();
    for (;;) {
      const at = this.reader.position;
      const code = this.reader.uint8();
      this.budget.spendOpcode();
      if (code === 0x2e) break;
      const opcode = OPCODES.get(code);
      if (opcode === undefined) throw refusal(`byte ${at} (0x${code.toString(16)}) is no pickle opcode`);
      opcode(this);
    }
    this.budget.leavePickle();
    const value = this.pop();
    const left = this.#stack.length + this.#marks.length;
    if (left > 0) throw refusal(`it ends with ${left} unused values on its stack`);
    return value;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const bottom = this.#marks.at(-1) ?? 0;
    if (this.#stack.length <= bottom)
      throw refusal(`it takes a value from an empty stack at byte ${this.reader.position}`);
    return this.#stack.pop()!;
  }

  /** The value on top, which stays there. */
  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    if (this.#marks.length >= DEEPEST_NESTING) throw refusal(`it is nested more than ${DEEPEST_NESTING} deep`);
    this.#marks.push(this.#stack.length);
  }

  /** The values above the last mark, taken off with it. */
  popMark(): PickleValue[] {
    const start = this.#marks.pop();
    if (start === undefined) throw refusal(`it closes what it never opened at byte ${this.reader.position}`);
    return this.#stack.splice(start);
  }

  /** POP: the top value, or the mark if that is on top. */
  discard(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  /** MEMOIZE: under the next free index. */
  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw refusal(`it recalls memo ${index}, which was never set`);
    this.push(value);
  }

  append(values: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw refusal(`it appends to ${describeValue(list)}`);
    for (const value of values) list.push(value);
  }

  /** Sets key, value, key, value ... in the dict on top. */
  setItems(items: PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw refusal(`it sets items of ${describeValue(dict)}`);
    if (items.length % 2 !== 0) throw refusal("it has a dict with a key that lacks its value");
    for (let i = 0; i < items.length; i += 2) dict.set(keyOf(items[i]!), items[i + 1]!);
  }

  /** BUILD: the top value is the state of the one below. A joblib array is replaced by the array that follows. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (target instanceof JoblibArray) {
      this.pop();
      this.push(readJoblibArray(this.#arraySource(), attributesOf(state, "NumpyArrayWrapper")));
    } else {
      setState(target, state, this.budget);
    }
  }

  #arraySource(): ArraySource {
    const { reader, budget } = this;
    return { reader, budget, readPickle: () => new PickleMachine(reader, budget).run() };
  }
}

function keyOf(value: PickleValue): PickleKey {
  if (value !== null && typeof value === "object") throw refusal(`it has a dict with ${describeValue(value)} as a key`);
  return value;
}
