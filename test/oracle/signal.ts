/**
 * The slow oracle, part 1: the samples of one signal. Written from the contract in plain loops and kept for tests only,
 * so that fast code has something obvious to agree with. It shares no code with src.
 */
import type { SignalSpec } from "../../src/features/recipe.ts";
import type { Samples } from "../../src/windows/series.ts";

/** Nanoseconds of a second. */
export const SECOND = 1e9;

/** Samples in order of time, and the nominal step in nanoseconds; null: fewer than two samples, so no step. */
export interface OracleSignal {
  times: number[];
  values: number[];
  step: number | null;
}

/** Rounds half up, the contract's only rounding. */
export function nearest(x: number): number {
  return Math.floor(x + 0.5);
}

/** Seconds as whole nanoseconds. */
export function nanoseconds(seconds: number): number {
  return nearest(seconds * SECOND);
}

/** The median; of an even count the mean of the middle two. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The differences of neighbours. */
export function differences(values: ArrayLike<number>): number[] {
  const result: number[] = [];
  for (let i = 1; i < values.length; i++) result.push(values[i] - values[i - 1]);
  return result;
}

/** One signal with its gaps filled. `rowStep`: the median step of the series' rows, which bounds the step of an unfilled signal. */
export function oracleSignal(samples: Samples, spec: SignalSpec, rowStep: number): OracleSignal {
  const times = Array.from(samples.times);
  const values = Array.from(samples.values);
  if (times.length < 2) return { times, values, step: null };
  const step = median(differences(times));
  if (spec.fill === "none") return { times, values, step: Math.min(step, rowStep) };

  const filled: OracleSignal = { times: [times[0]], values: [values[0]], step };
  for (let i = 1; i < times.length; i++) {
    const gap = times[i] - times[i - 1];
    if (gap > 1.5 * step && gap <= spec.maxGapSeconds * SECOND) {
      const added = nearest(gap / step) - 1;
      for (let j = 1; j <= added; j++) {
        const part = j / (added + 1);
        const rise = spec.fill === "linear" ? part * (values[i] - values[i - 1]) : 0;
        filled.times.push(times[i - 1] + nearest(part * gap));
        filled.values.push(values[i - 1] + rise);
      }
    }
    filled.times.push(times[i]);
    filled.values.push(values[i]);
  }
  return filled;
}

/** The samples from `start` (included) to `end` (excluded); the step stays that of the whole signal. */
export function samplesBetween(signal: OracleSignal, start: number, end: number): OracleSignal {
  const part: OracleSignal = { times: [], values: [], step: signal.step };
  for (let i = 0; i < signal.times.length; i++) {
    if (signal.times[i] < start || signal.times[i] >= end) continue;
    part.times.push(signal.times[i]);
    part.values.push(signal.values[i]);
  }
  return part;
}
