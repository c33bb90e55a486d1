import type { GlobalKind } from "./globals.ts";

/** A name from the allow list, before it is used. It is a mark on the stack, never a function. */
export class PickleGlobal {
  readonly fullName: string;
  readonly kind: GlobalKind;

  constructor(fullName: string, kind: GlobalKind) {
    this.fullName = fullName;
    this.kind = kind;
  }
}

/** A numpy dtype: float, int, unsigned, bool, text (UTF-32) or Python object. */
export class NumpyDtype {
  readonly kind: "f" | "i" | "u" | "b" | "U" | "O";
  /** Bytes of one element. */
  readonly size: number;
  littleEndian = true;

  constructor(kind: NumpyDtype["kind"], size: number) {
    this.kind = kind;
    this.size = size;
  }
}

/** A numpy array, its elements in C order. */
export class NumpyArray {
  shape: number[] = [0];
  values: PickleValue[] = [];
}

/** A scikit-learn object: the name of its class and its attributes, nothing that could be called. */
export class SklearnObject {
  readonly className: string;
  attributes: Map<PickleKey, PickleValue> = new Map();

  constructor(className: string) {
    this.className = className;
  }
}

/** What joblib writes in place of an array whose bytes follow in the file. */
export class JoblibArray {}

/** A key of a dict. */
export type PickleKey = string | number | boolean | null;

/** All that can come out of a pickle. Lists and tuples are arrays, dicts are Maps: no key can reach a prototype. */
export type PickleValue =
  | PickleKey
  | Uint8Array
  | PickleValue[]
  | Map<PickleKey, PickleValue>
  | NumpyArray
  | NumpyDtype
  | SklearnObject
  | JoblibArray
  | PickleGlobal;

/** What a value is, in words, for messages. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (typeof value === "string") return "text";
  if (typeof value !== "object") return `the ${typeof value} ${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof NumpyArray) return `a numpy array of shape (${value.shape.join(", ")})`;
  if (value instanceof NumpyDtype) return "a numpy dtype";
  if (value instanceof SklearnObject) return `a ${value.className}`;
  if (value instanceof PickleGlobal) return value.fullName;
  return "a joblib array without its bytes";
}
