import type { Budget } from "./budget.ts";
import { refusal } from "./refusal.ts";
import { describeValue, type NumpyArray, NumpyDtype, type PickleValue } from "./values.ts";

const SIZES: Record<NumpyDtype["kind"], readonly number[]> = {
  f: [4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
  O: [8],
  U: [],
};
/** Axes of an array; a scaler's have one. */
const MOST_AXES = 4;

/** The dtype that numpy writes as `f8`, `i4`, `b1`, `O8` or `U12`; its byte order comes later, by {@link setByteOrder}. */
export function makeDtype(code: PickleValue | undefined): NumpyDtype {
  const match = typeof code === "string" ? /^[<>|=]?([fiubOU])(\d{1,4})$/.exec(code) : null;
  if (typeof code !== "string" || match === null) {
    throw refusal(`it has a numpy dtype ${typeof code === "string" ? code : describeValue(code)}, which is not read`);
  }
  const kind = match[1] as NumpyDtype["kind"];
  const number = Number(match[2]);
  if (kind !== "U" && !SIZES[kind].includes(number)) throw refusal(`it has a numpy dtype ${code}, which is not read`);
  const dtype = new NumpyDtype(kind, kind === "U" ? 4 * number : number);
  dtype.littleEndian = !code.startsWith(">");
  return dtype;
}

/** Takes over the state of a dtype: (version, byte order, subarray, names, fields, ...), the last three of them absent. */
export function setByteOrder(dtype: NumpyDtype, state: PickleValue): void {
  const [, order, ...structure] = Array.isArray(state) ? state : [];
  if (typeof order !== "string" || !/^[<>|=]$/.test(order)) throw refusal("it has a numpy dtype without a byte order");
  if (structure.slice(0, 3).some((part) => part !== null)) throw refusal("it has a structured numpy dtype");
  dtype.littleEndian = order !== ">";
}

/** Where an array's elements come from: bytes, or for dtype object a list. */
export interface ArrayParts {
  shape: PickleValue | undefined;
  dtype: PickleValue | undefined;
  /** Whether the elements are in Fortran order (first axis fastest). */
  fortran: boolean;
  data: PickleValue | undefined;
}

/** Fills `array` from its parts; the number of elements must be what the shape says. */
export function fillArray(array: NumpyArray, parts: ArrayParts, budget: Budget): void {
  if (!(parts.dtype instanceof NumpyDtype))
    throw refusal(`it has an array with ${describeValue(parts.dtype)} as dtype`);
  const shape = checkShape(parts.shape);
  const elements = decodeElements(parts.dtype, parts.data, budget);
  const count = elementCount(shape);
  if (elements.length !== count) {
    throw refusal(`it has an array of shape (${shape.join(", ")}) with ${elements.length} elements`);
  }
  array.shape = shape;
  array.values = parts.fortran && shape.length > 1 ? toRowMajor(elements, shape) : elements;
}

/** The axes of an array, checked. */
export function checkShape(shape: PickleValue | undefined): number[] {
  const axes = Array.isArray(shape) ? shape : [shape];
  const valid = axes.every((axis): axis is number => Number.isSafeInteger(axis) && (axis as number) >= 0);
  if (!valid || axes.length > MOST_AXES) throw refusal("it has an array with an impossible shape");
  return axes;
}

/** Elements of an array of that shape. */
export function elementCount(shape: number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/** The elements that `data` (bytes, or a list for dtype object) holds. */
export function decodeElements(dtype: NumpyDtype, data: PickleValue | undefined, budget: Budget): PickleValue[] {
  if (dtype.kind === "O") {
    if (!Array.isArray(data)) throw refusal(`it has an array of objects made of ${describeValue(data)}`);
    budget.spendBytes(8 * data.length);
    return data.slice();
  }
  if (!(data instanceof Uint8Array)) throw refusal(`it has an array made of ${describeValue(data)}`);
  if (dtype.size === 0 || data.length % dtype.size !== 0) {
    throw refusal(`it has an array of ${data.length} bytes, of elements of ${dtype.size}`);
  }
  const count = data.length / dtype.size;
  budget.spendBytes(Math.max(8 * count, data.length));
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: count }, (_, i) => decodeElement(view, i * dtype.size, dtype));
}

function decodeElement(view: DataView, at: number, dtype: NumpyDtype): PickleValue {
  const little = dtype.littleEndian;
  switch (`${dtype.kind}${dtype.size}`) {
    case "f8":
      return view.getFloat64(at, little);
    case "f4":
      return view.getFloat32(at, little);
    case "i8":
      return Number(view.getBigInt64(at, little));
    case "u8":
      return Number(view.getBigUint64(at, little));
    case "i4":
      return view.getInt32(at, little);
    case "u4":
      return view.getUint32(at, little);
    case "i2":
      return view.getInt16(at, little);
    case "u2":
      return view.getUint16(at, little);
    case "i1":
      return view.getInt8(at);
    case "u1":
      return view.getUint8(at);
    case "b1":
      return view.getUint8(at) !== 0;
    default:
      return decodeText(view, at, dtype);
  }
}

/** UTF-32, padded with zeros. */
function decodeText(view: DataView, at: number, dtype: NumpyDtype): string {
  const points: number[] = [];
  for (let i = 0; i < dtype.size; i += 4) {
    const point = view.getUint32(at + i, dtype.littleEndian);
    if (point > 0x10ffff) throw refusal("it has an array of text with something that is no character");
    points.push(point);
  }
  return String.fromCodePoint(...points).replace(/\0+$/, "");
}

function toRowMajor(elements: PickleValue[], shape: number[]): PickleValue[] {
  return elements.map((_, target) => {
    let rest = target;
    const index = shape.toReversed().map((axis) => {
      const coordinate = rest % axis;
      rest = Math.floor(rest / axis);
      return coordinate;
    });
    const source = index.reduce((offset, coordinate, k) => offset * shape[shape.length - 1 - k]! + coordinate, 0);
    return elements[source]!;
  });
}
