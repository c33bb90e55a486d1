import type { Budget } from "./budget.ts";
import { decodeElements, fillArray, makeDtype, setByteOrder } from "./numpy.ts";
import { refusal } from "./refusal.ts";
import {
  describeValue,
  JoblibArray,
  NumpyArray,
  NumpyDtype,
  PickleGlobal,
  type PickleKey,
  type PickleValue,
  SklearnObject,
} from "./values.ts";

/** What a call of an allowed name with `args` stands for. Nothing is called: each form is read by its own rule. */
export function callResult(callee: PickleValue, args: PickleValue, budget: Budget): PickleValue {
  if (!(callee instanceof PickleGlobal)) throw refusal(`it calls ${describeValue(callee)}`);
  if (!Array.isArray(args)) throw refusal(`it calls ${callee.fullName} with ${describeValue(args)}`);
  switch (callee.kind) {
    case "dtype":
      return makeDtype(args[0]);
    case "reconstruct":
      expectGlobal(args[0], "ndarray", callee);
      return new NumpyArray();
    case "scalar":
      return scalarOf(args, budget);
    case "frombuffer":
      return arrayOfBuffer(args, budget);
    case "encode":
      return latin1Bytes(args, budget);
    case "reconstructor":
      expectGlobal(args[1], "object", callee);
      return newObject(args[0], args[2]);
    default:
      throw refusal(`it calls ${callee.fullName}`);
  }
}

/** An object of an allowed class, made without arguments. */
export function newObject(type: PickleValue | undefined, args: PickleValue | undefined): SklearnObject | JoblibArray {
  if (!(type instanceof PickleGlobal)) throw refusal(`it makes an object of ${describeValue(type)}`);
  const empty = args === null || (Array.isArray(args) && args.length === 0);
  if (!empty) throw refusal(`it makes a ${type.fullName} from ${describeValue(args)}`);
  if (type.kind === "joblibArray") return new JoblibArray();
  if (type.kind === "sklearn") return new SklearnObject(type.fullName.slice(type.fullName.lastIndexOf(".") + 1));
  throw refusal(`it makes an object of ${type.fullName}`);
}

/** Gives `target` its state, as Python's `__setstate__` would. A joblib array is filled by the machine instead. */
export function setState(target: PickleValue | undefined, state: PickleValue, budget: Budget): void {
  if (target instanceof NumpyDtype) setByteOrder(target, state);
  else if (target instanceof SklearnObject) target.attributes = attributesOf(state, target.className);
  else if (target instanceof NumpyArray) setElements(target, state, budget);
  else throw refusal(`it gives a state to ${describeValue(target)}`);
}

function setElements(array: NumpyArray, state: PickleValue, budget: Budget): void {
  if (!Array.isArray(state)) throw refusal(`it has a numpy array with ${describeValue(state)} as state`);
  const [, shape, dtype, fortran, data] = state;
  fillArray(array, { shape, dtype, fortran: fortran === true, data }, budget);
}

/** The attributes in the state of an object. */
export function attributesOf(state: PickleValue, owner: string): Map<PickleKey, PickleValue> {
  if (!(state instanceof Map)) throw refusal(`it has a ${owner} with ${describeValue(state)} as state`);
  return state;
}

function scalarOf([dtype, bytes]: PickleValue[], budget: Budget): PickleValue {
  if (!(dtype instanceof NumpyDtype) || dtype.kind === "O")
    throw refusal("it has a numpy scalar without a plain dtype");
  const elements = decodeElements(dtype, bytes, budget);
  if (elements.length !== 1) throw refusal(`it has a numpy scalar of ${elements.length} elements`);
  return elements[0]!;
}

/** Arguments: buffer, dtype, shape, order, and since numpy 2.3 the order of the axes (only for order K). */
function arrayOfBuffer([data, dtype, shape, order, axes]: PickleValue[], budget: Budget): NumpyArray {
  if ((order !== "C" && order !== "F") || (axes ?? null) !== null) throw refusal("it has an array of an unknown order");
  const array = new NumpyArray();
  fillArray(array, { shape, dtype, fortran: order === "F", data }, budget);
  return array;
}

/** Protocols 0 to 2 know no bytes: they are written as text, to be encoded as latin1. */
function latin1Bytes([text, encoding]: PickleValue[], budget: Budget): Uint8Array {
  if (typeof text !== "string" || encoding !== "latin1") throw refusal("it encodes something other than latin1 text");
  budget.spendBytes(text.length);
  const bytes = Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (code > 0xff) throw refusal("it encodes text as latin1 that is not latin1");
    return code;
  });
  return bytes;
}

function expectGlobal(value: PickleValue | undefined, kind: PickleGlobal["kind"], callee: PickleGlobal): void {
  if (value instanceof PickleGlobal && value.kind === kind) return;
  throw refusal(`it calls ${callee.fullName} with ${describeValue(value)}`);
}
