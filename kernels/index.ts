export { lookUp32, lookUp64, readBits, spread32, spread64 } from "./hybrid";
export { unpackSnappy } from "./snappy";

/** Where free memory begins. */
export function heapBase(): usize {
  return __heap_base;
}
