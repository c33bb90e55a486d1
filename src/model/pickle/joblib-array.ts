import type { Budget } from "./budget.ts";
import type { ByteReader } from "./byte-reader.ts";
import { checkShape, elementCount, fillArray } from "./numpy.ts";
import { refusal } from "./refusal.ts";
import { describeValue, NumpyArray, NumpyDtype, PickleGlobal, type PickleKey, type PickleValue } from "./values.ts";

/** Where the array is read from. */
export interface ArraySource {
  reader: ByteReader;
  budget: Budget;
  /** Reads the pickle at the reader's position. */
  readPickle(): PickleValue;
}

/**
 * The array that joblib wrote behind its NumpyArrayWrapper, whose attributes are given. Its bytes lie between two
 * opcodes; before them, since joblib 1.1, one byte that counts the padding, and the padding. An array of objects is
 * a pickle of its own.
 */
export function readJoblibArray(source: ArraySource, wrapper: Map<PickleKey, PickleValue>): NumpyArray {
  const subclass = wrapper.get("subclass");
  if (!(subclass instanceof PickleGlobal && subclass.kind === "ndarray")) {
    throw refusal(`it has a joblib array of ${describeValue(subclass)}`);
  }
  const dtype = wrapper.get("dtype");
  if (!(dtype instanceof NumpyDtype)) throw refusal(`it has a joblib array with ${describeValue(dtype)} as dtype`);
  if (dtype.kind === "O") return nestedArray(source);
  if ((wrapper.get("numpy_array_alignment_bytes") ?? null) !== null) source.reader.take(source.reader.uint8());
  const shape = checkShape(wrapper.get("shape"));
  const data = source.reader.take(elementCount(shape) * dtype.size);
  const array = new NumpyArray();
  fillArray(array, { shape, dtype, fortran: wrapper.get("order") === "F", data }, source.budget);
  return array;
}

function nestedArray(source: ArraySource): NumpyArray {
  const value = source.readPickle();
  if (!(value instanceof NumpyArray))
    throw refusal(`it has ${describeValue(value)} where a joblib array should follow`);
  return value;
}
