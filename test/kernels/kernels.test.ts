import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { centralMoments } from "../../src/features/central-moments.ts";
import { orderAmplitudes } from "../../src/features/order-ops.ts";
import { basicSums, extremesOf } from "../../src/features/segment-sums.ts";
import { WindowStats } from "../../src/features/window-stats.ts";
import { ScratchBuffer } from "../../src/io/scratch-buffer.ts";
import { KernelMemory, roomFor } from "../../src/kernels/kernel-memory.ts";
import { kernelsOf } from "../../src/kernels/kernels.ts";
import { dropKernels, loadKernels } from "../../src/kernels/load-kernels.ts";
import { overSegments } from "../../src/kernels/over-segments.ts";
import type { TimeColumn } from "../../src/recording/column.ts";
import { PresentRows } from "../../src/recording/present-rows.ts";
import { collectSamples } from "../../src/recording/samples.ts";
import { readTimes } from "../../src/recording/times.ts";

const { memory } = loadKernels()!;
beforeAll(() => {
  memory.begin(8 << 20);
});
afterAll(() => memory.end());

/** Numbers that are the same in every run. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * 10 ** (state & 3);
  });
}

/** The same numbers where the kernels can compute with them. */
function inKernels(values: Float32Array): Float32Array {
  const there = new Float32Array(memory.buffer, memory.allocate(values.byteLength), values.length);
  there.set(values);
  return there;
}

/** Segments of lengths 0, 1, 2 ... one after another, and one that overlaps them all. */
function segmentsOf(count: number) {
  const first = [0];
  const end = [count];
  for (let at = 0, length = 0; at + length <= count; at += length++) {
    first.push(at);
    end.push(at + length);
  }
  return { first: Int32Array.from(first), end: Int32Array.from(end), perWindow: 1, windowCount: first.length };
}

describe("a kernel gives the very bits of the function in its place", () => {
  const cases = [1, 2, 3].map((seed) => numbers(2000, seed));
  cases.push(Float32Array.of(-0, 0, -0, 1, -0, 0, 0, 0, -0), new Float32Array(0));

  it.each(cases.map((values, i) => [i, values] as const))("for sums, moments and extremes, %i", (_, values) => {
    const segments = segmentsOf(values.length);
    const there = inKernels(values);
    expect(kernelsOf(there)).not.toBeNull();
    expect(kernelsOf(values)).toBeNull();
    const sums = basicSums(values, segments);
    expect(basicSums(there, segments)).toEqual(sums);
    expect(extremesOf(there, segments)).toEqual(extremesOf(values, segments));
    const given = { sum: sums.sum, order: 2 as const };
    expect(centralMoments(there, segments, given)).toEqual(centralMoments(values, segments, given));
  });

  it.each([
    ["a speed at the very times of the signal", 1, 0],
    ["a slower speed, which begins later and ends earlier", 10, 25],
  ])("for order tracking with %s", (_, every, late) => {
    const values = numbers(2000, 4);
    const times = Float64Array.from(values, (_value, i) => i * 1e8 + (i % 3) * 1e6);
    const samples = (kept: Float32Array) => ({ times, values: kept });
    const at = times.filter((_time, i) => i % every === 0 && i >= late && i < times.length - late);
    const percent = Float32Array.from(at, (_time, i) => 4 + Math.sin(i / 40));
    const cut = (step: number, count: number) => ({
      first: Int32Array.from({ length: 41 }, (_none, s) => Math.min(count, s * step)),
      end: Int32Array.from({ length: 41 }, (_none, s) => Math.min(count, (s + 1) * step)),
      perWindow: 2,
      windowCount: 40,
    });
    const steps = new Float64Array(40).fill(1e8);
    const speed = new WindowStats({ times: at, values: percent }, cut(Math.floor(at.length / 41), at.length), steps);
    const track = (kept: Float32Array) =>
      orderAmplitudes({
        signal: new WindowStats(samples(kept), cut(49, 2000), steps),
        speed,
        hertzPerPercent: 0.4,
        windowsStandAlone: false,
      });
    const amplitudes = track(values);
    expect(amplitudes.filter((amplitude) => amplitude > 0).length).toBeGreaterThan(30);
    expect(track(inKernels(values))).toEqual(amplitudes);
  });

  it("for times, of any unit and origin, and what their steps are like", () => {
    const ticks = BigInt64Array.from(
      { length: 500 },
      (_, i) => 1_760_000_000_000_000_123n + BigInt(i * 10_000_000 + (i % 7)),
    );
    ticks[17] = ticks[16]!;
    const column = (halves: Int32Array, unitNs: number): TimeColumn => ({
      kind: "time",
      type: "timestamp",
      halves,
      unitNs,
      validity: null,
    });
    const halves = new Int32Array(ticks.buffer);
    const there = new Int32Array(memory.buffer, memory.allocate(halves.byteLength), halves.length);
    there.set(halves);
    for (const unitNs of [1, 1e3]) {
      const counts = () => ({
        rows: 0,
        noTime: 0,
        timeImplausible: 0,
        duplicateTime: 0,
        outOfRange: {},
        unknownQuality: 0,
      });
      const quick = readTimes(column(there, unitNs), counts(), new ScratchBuffer());
      expect(kernelsOf(quick.times)).not.toBeNull();
      expect(quick).toEqual(readTimes(column(halves, unitNs), counts(), new ScratchBuffer()));
    }
  });

  it.each([
    ["a bound that 32 bits cannot hold", [0.1, 0.3], [0.1, 0.2, 0.3]],
    ["a bound at zero", [0, 1], [-1e-45, 0, -0, 1]],
    ["bounds below zero", [-0.3, -0.1], [-0.3, -0.2, -0.1]],
    ["no bounds", undefined, [1, Number.POSITIVE_INFINITY, Number.NaN, -3.4e38]],
  ])("for what is outside of its range: %s", (_, range, values) => {
    const all = Float32Array.from({ length: 40 }, (_, i) => values[i % values.length]!);
    const collect = (column: Float32Array) => {
      const flight = { times: Float64Array.from(all.keys()), rows: null };
      const counts = { rows: 0, noTime: 0, timeImplausible: 0, duplicateTime: 0, outOfRange: {}, unknownQuality: 0 };
      const source = { flight, present: new PresentRows(flight), counts, outside: new Map() };
      const signal = {
        column: { kind: "number" as const, type: "float", values: column, validity: null },
        quality: null,
      };
      const spec = {
        name: "x",
        columns: ["x"],
        fill: "none" as const,
        maxGapSeconds: 10,
        ...(range && { range: range as [number, number] }),
      };
      const { times, values: kept } = collectSamples(signal, spec as never, source);
      return { times: [...times], kept: [...kept], counts, outside: [...source.outside] };
    };
    expect(collect(inKernels(all))).toEqual(collect(all));
  });
});

describe("the memory of kernels", () => {
  it("has room for what was asked for, and no more", () => {
    const own = new KernelMemory({ memory: fakeMemory(), heapBase: () => 1000 });
    expect(own.begin(roomFor([100, 70_000]))).toBe(true);
    expect(own.begin(1)).toBe(false);
    own.allocate(100);
    own.allocate(70_000);
    expect(() => own.allocate(200_000)).toThrow(RangeError);
    own.end();
    expect(own.begin(1)).toBe(true);
  });

  it("is refused where the machine has no more", () => {
    const own = new KernelMemory({ memory: fakeMemory(), heapBase: () => 0 });
    expect(own.begin(2 ** 33)).toBe(false);
    expect(own.begin(10)).toBe(true);
  });

  it("is no place for values of 64 bits, nor for segments that it has no room for", () => {
    const first = new Int32Array(1 << 20);
    const values = inKernels(numbers(8, 1));
    expect(overSegments({ values, first, end: first }, () => {})).toBeNull();
    const doubles = new Float64Array(memory.buffer, values.byteOffset, 2);
    expect(overSegments({ values: doubles, first: Int32Array.of(0), end: Int32Array.of(2) }, () => {})).toBeNull();
  });

  it("is another one after the kernels were dropped", () => {
    const values = inKernels(numbers(8, 1));
    dropKernels();
    expect(kernelsOf(values)).toBeNull();
    expect(loadKernels()!.memory.buffer).not.toBe(memory.buffer);
  });
});

function fakeMemory() {
  const memory = {
    buffer: new ArrayBuffer(65_536),
    grow(pages: number) {
      if (pages > 100) throw new RangeError("no more");
      memory.buffer = new ArrayBuffer(memory.buffer.byteLength + pages * 65_536);
      return 0;
    },
  };
  return memory;
}
