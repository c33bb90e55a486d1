import type { KernelFunctions } from "./kernel-functions.ts";
import type { KernelMemory } from "./kernel-memory.ts";

/** The kernels of a process, and the memory that they compute in. */
export interface Kernels {
  run: KernelFunctions;
  memory: KernelMemory;
}

let current: Kernels | null = null;

/** Sets the kernels that {@link kernelsOf} finds; null: none. */
export function setKernels(kernels: Kernels | null): void {
  current = kernels;
}

/** The kernels in whose memory the array lies, so that they can compute with it where it is; null where it lies elsewhere. */
export function kernelsOf(array: ArrayBufferView): Kernels | null {
  return current !== null && array.buffer === current.memory.buffer ? current : null;
}
