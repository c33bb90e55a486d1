export { lookUp32, lookUp64, readBits, spread32, spread64 } from "./hybrid";
export { integrateTurns, sumOrders32 } from "./orders";
export { unpackSnappy } from "./snappy";
export { basicSums32, extremes32, firstOutside32, secondMoments32 } from "./sums";
export { timesSince } from "./times";

/** Where free memory begins. */
export function heapBase(): usize {
  return __heap_base;
}
