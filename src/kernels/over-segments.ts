import type { KernelFunctions } from "./kernel-functions.ts";
import { roomFor } from "./kernel-memory.ts";
import { kernelsOf } from "./kernels.ts";

/** What a kernel over segments is called with: addresses of the samples, of the segments' firsts and ends, and of its two results. */
export interface SegmentCall {
  run: KernelFunctions;
  values: number;
  first: number;
  end: number;
  count: number;
  /** Room for a double a segment, each. */
  out: [number, number];
  /** The address of these doubles, one a segment. */
  given: number;
}

/** Samples and the segments they fall into, as `Segments` has them; and what else the kernel needs of each segment. */
export interface SegmentData {
  values: Float32Array | Float64Array;
  first: Int32Array;
  end: Int32Array;
  given?: Float64Array;
}

/**
 * Calls a kernel for the samples where they lie. Its two results are a double a segment each; null where the samples are not in the kernels'
 * memory, or not of 32 bits: then it is for the function of the same name to compute the same.
 */
export function overSegments(
  { values, first, end, given }: SegmentData,
  kernel: (call: SegmentCall) => void,
): [Float64Array, Float64Array] | null {
  const kernels = values instanceof Float32Array ? kernelsOf(values) : null;
  const count = first.length;
  if (kernels === null || count === 0) return null;
  const { memory, run } = kernels;
  if (!memory.hasRoom(roomFor([4 * count, 4 * count, 8 * count, 8 * count, 8 * count]))) return null;
  const mark = memory.top;
  const call: SegmentCall = {
    run,
    values: values.byteOffset,
    first: memory.place(first),
    end: memory.place(end),
    count,
    out: [memory.allocate(8 * count), memory.allocate(8 * count)],
    given: given === undefined ? 0 : memory.place(given),
  };
  kernel(call);
  const results = call.out.map((at) => new Float64Array(memory.buffer, at, count).slice());
  memory.rewind(mark);
  return results as [Float64Array, Float64Array];
}
