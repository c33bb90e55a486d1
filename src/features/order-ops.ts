import { NS_PER_SECOND } from "../windows/grid.ts";
import { windowEnd } from "../windows/segments.ts";
import { sumOrdersByKernel } from "./order-kernel.ts";
import { emptyOrderSums, type OrderRange, type OrderSums, sumOrder } from "./order-sums.ts";
import { perWindow } from "./per-window.ts";
import { integrateTurns } from "./shaft-turns.ts";
import type { WindowStats } from "./window-stats.ts";

/** Below this the shaft counts as not turning, hertz. */
const STANDSTILL_HZ = 0.5;

/** A signal, the speed it is tracked by, and the order in hertz at one percent of speed (`order * rated_rpm / 60 / 100`). */
export interface OrderInput {
  signal: WindowStats;
  speed: WindowStats;
  hertzPerPercent: number;
  /** Whether a window's angle comes from its own speed samples alone (rows of lists) or from those of the whole flight. */
  windowsStandAlone: boolean;
}

/**
 * Amplitude of an order of the shaft in each window: `2/n * |sum((x - mean) * exp(-j * angle))|`. NaN where the speed is unknown or the
 * frequency is at or above half the sampling rate: that is aliasing, not a small value, of a constant signal too. Else 0 where the shaft
 * stands still or the signal is constant.
 */
export function orderAmplitudes(input: OrderInput): Float64Array {
  const amplitudes = knownAmplitudes(input);
  const wanted = segmentsToTrack(input, amplitudes);
  const sums = sumSegments(input, wanted);
  const { segments, counts } = input.signal;
  const { mean } = input.signal.moments(2);
  for (let w = 0; w < amplitudes.length; w++) {
    if (amplitudes[w] !== TO_BE_TRACKED) continue;
    amplitudes[w] = amplitude(sums, { from: w, to: w + segments.perWindow, mean: mean[w]!, count: counts[w]! });
  }
  return amplitudes;
}

/** Share of the order in a window's deviation: amplitude / sqrt(2) / std; 0 where the signal is constant. */
export function orderRatios(input: OrderInput): Float64Array {
  const { second } = input.signal.moments(2);
  const { counts } = input.signal;
  const amplitudes = orderAmplitudes(input);
  return perWindow(counts, (w) => {
    const a = amplitudes[w]!;
    return a === 0 ? 0 : a / Math.SQRT2 / Math.sqrt(second[w]! / counts[w]!);
  });
}

/** Stands in for an amplitude until the samples have been summed; no amplitude is negative. */
const TO_BE_TRACKED = -1;

function knownAmplitudes({ signal, speed, hertzPerPercent }: OrderInput): Float64Array {
  const { second } = signal.moments(2);
  const { sum } = speed.sums;
  return perWindow(signal.counts, (w) => {
    if (speed.counts[w] === 0) return Number.NaN;
    const hertz = hertzPerPercent * (sum[w]! / speed.counts[w]!);
    if (hertz >= (0.5 * NS_PER_SECOND) / signal.stepsNs[w]!) return Number.NaN;
    return hertz < STANDSTILL_HZ || second[w] === 0 ? 0 : TO_BE_TRACKED;
  });
}

function segmentsToTrack({ signal }: OrderInput, amplitudes: Float64Array): Uint8Array {
  const { first, perWindow } = signal.segments;
  const wanted = new Uint8Array(first.length);
  for (let w = 0; w < amplitudes.length; w++) if (amplitudes[w] === TO_BE_TRACKED) wanted.fill(1, w, w + perWindow);
  return wanted;
}

function sumSegments(input: OrderInput, wanted: Uint8Array): OrderSums {
  const { signal, speed, hertzPerPercent, windowsStandAlone } = input;
  const { samples, segments } = signal;
  const sums = emptyOrderSums(wanted.length);
  if (!wanted.includes(1)) return sums;
  for (let s = 0; s < wanted.length; s++) {
    const count = segments.end[s]! - segments.first[s]!;
    if (wanted[s] === 1 && count > 0) sums.offset[s] = signal.segmentSums.sum[s]! / count;
  }
  const call = { samples, segments, wanted, speed: speed.samples, hertzPerPercent };
  if (!windowsStandAlone && sumOrdersByKernel(sums, call)) return sums;
  const stretchStarts = windowsStandAlone ? speed.segments.first : Int32Array.of(0);
  const shaft = integrateTurns(speed.samples, hertzPerPercent, stretchStarts);
  for (let s = 0; s < wanted.length; s++) {
    const range = rangeOf(input, s);
    if (wanted[s] === 1 && range.from < range.to) sumOrder(sums, s, { samples, shaft, range });
  }
  return sums;
}

function rangeOf({ signal, speed, windowsStandAlone }: OrderInput, s: number): OrderRange {
  const speedFrom = windowsStandAlone ? speed.segments.first[s]! : 0;
  const speedTo = windowsStandAlone ? windowEnd(speed.segments, s) : speed.samples.times.length;
  return { from: signal.segments.first[s]!, to: signal.segments.end[s]!, speedFrom, speedTo };
}

function amplitude(
  sums: OrderSums,
  { from, to, mean, count }: { from: number; to: number; mean: number; count: number },
): number {
  let real = 0;
  let imaginary = 0;
  for (let s = from; s < to; s++) {
    const shift = sums.offset[s]! - mean;
    real += sums.xCos[s]! + shift * sums.cos[s]!;
    imaginary += sums.xSin[s]! + shift * sums.sin[s]!;
  }
  return (2 / count) * Math.hypot(real, imaginary);
}
