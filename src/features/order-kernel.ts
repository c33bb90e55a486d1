import { roomFor } from "../kernels/kernel-memory.ts";
import { kernelsOf } from "../kernels/kernels.ts";
import { NS_PER_SECOND } from "../windows/grid.ts";
import type { Segments } from "../windows/segments.ts";
import type { Samples } from "../windows/series.ts";
import type { OrderSums } from "./order-sums.ts";
import { CIRCLE_POINTS, UNIT_CIRCLE } from "./unit-circle.ts";

/** What is summed: the wanted segments of a signal against the speed of a whole flight. */
export interface OrderCall {
  samples: Samples;
  segments: Segments;
  /** Per segment 1 where its sums are wanted. */
  wanted: Uint8Array;
  speed: Samples;
  hertzPerPercent: number;
}

/**
 * Fills in `sums`, of which the offsets are known, by the kernel: what `integrateTurns` and `sumOrder` give, to the last bit. False where the
 * samples are not in the kernels' memory, or not of 32 bits.
 */
export function sumOrdersByKernel(sums: OrderSums, call: OrderCall): boolean {
  const { samples, segments, wanted, speed, hertzPerPercent } = call;
  const kernels = samples.values instanceof Float32Array ? kernelsOf(samples.values) : null;
  const count = wanted.length;
  const speedBytes = 8 * speed.times.length;
  const pieces = [samples.times.byteLength, speedBytes, speedBytes, speedBytes, UNIT_CIRCLE.byteLength];
  const perSegment = [4 * count, 4 * count, count, 8 * count, 32 * count];
  if (kernels === null || !kernels.memory.hasRoom(roomFor([...pieces, ...perSegment]))) return false;
  const { memory, run } = kernels;
  const mark = memory.top;
  const speedTimes = memory.place(speed.times);
  const percent = memory.allocate(speedBytes);
  new Float64Array(memory.buffer, percent, speed.values.length).set(speed.values);
  const turns = memory.allocate(speedBytes);
  run.integrateTurns(speedTimes, percent, speed.times.length, hertzPerPercent, turns);
  const results = memory.allocate(32 * count);
  const rows = new Float64Array(memory.buffer, results, 4 * count).fill(0);
  const signal = [samples.values.byteOffset, memory.place(samples.times)] as const;
  const cut = [memory.place(segments.first), memory.place(segments.end), memory.place(wanted), count] as const;
  const shaft = [speedTimes, percent, turns, speed.times.length] as const;
  const pointsPerNs = (CIRCLE_POINTS * hertzPerPercent) / NS_PER_SECOND;
  const circle = memory.place(UNIT_CIRCLE);
  run.sumOrders32(...signal, ...cut, ...shaft, pointsPerNs, circle, memory.place(sums.offset), results);
  [sums.xCos, sums.xSin, sums.cos, sums.sin].forEach((sum, i) => {
    sum.set(rows.subarray(i * count, (i + 1) * count));
  });
  memory.rewind(mark);
  return true;
}
