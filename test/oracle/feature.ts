/** The slow oracle, part 2: one feature of one window. */
import type { FeatureSpec } from "../../src/features/recipe.ts";
import { nanoseconds, type OracleSignal, SECOND } from "./signal.ts";

/** What a feature sees, by the name of the signal: its samples in the window, and those that turn the shaft. */
export interface OracleView {
  window: Map<string, OracleSignal>;
  /** The whole flight of a series, the window alone of a list. */
  flight: Map<string, OracleSignal>;
}

/** A feature's value; NaN where it cannot be computed, which is also what an infinite value counts as. */
export function oracleFeature(feature: FeatureSpec, view: OracleView): number {
  const signal = view.window.get(feature.signal)!;
  if (signal.values.length === 0) return Number.NaN;
  const value = valueOfOp(feature, signal, view);
  return Number.isFinite(value) ? value : Number.NaN;
}

function valueOfOp(feature: FeatureSpec, signal: OracleSignal, view: OracleView): number {
  const x = signal.values;
  const variance = moment(x, 2);
  switch (feature.op) {
    case "mean":
      return mean(x);
    case "min":
      return Math.min(...x);
    case "max":
      return Math.max(...x);
    case "first":
      return x[0];
    case "last":
      return x[x.length - 1];
    case "rms":
      return rms(x);
    case "peak":
      return peak(x);
    case "peak_to_peak":
      return Math.max(...x) - Math.min(...x);
    case "std":
      return Math.sqrt(variance);
    case "crest_factor":
      return rms(x) > 0 ? peak(x) / rms(x) : 0;
    case "skewness":
      return variance > 0 ? moment(x, 3) / variance ** 1.5 : 0;
    case "kurtosis":
      return variance > 0 ? moment(x, 4) / variance ** 2 : 0;
    case "slope":
      return slope(signal);
    case "rate":
      return rate(signal, nanoseconds(feature.seconds!));
    case "order_amplitude":
    case "order_ratio":
      return order(feature, signal, view);
  }
}

function mean(x: number[]): number {
  let sum = 0;
  for (const v of x) sum += v;
  return sum / x.length;
}

function rms(x: number[]): number {
  return Math.sqrt(mean(x.map((v) => v * v)));
}

function peak(x: number[]): number {
  return Math.max(...x.map(Math.abs));
}

/** Deviations from the mean. Of equal values exactly 0, where a rounded mean would leave a trace that kurtosis divides by itself. */
function deviations(x: number[]): number[] {
  if (Math.max(...x) === Math.min(...x)) return x.map(() => 0);
  const m = mean(x);
  return x.map((v) => v - m);
}

/** Population moment about the mean. */
function moment(x: number[], power: number): number {
  return mean(deviations(x).map((d) => d ** power));
}

/** Least squares over the samples' own times, per second. */
function slope(signal: OracleSignal): number {
  if (signal.values.length < 2) return Number.NaN;
  const first = signal.times[0];
  const t = deviations(signal.times.map((ns) => (ns - first) / SECOND));
  const x = deviations(signal.values);
  let product = 0;
  let square = 0;
  for (let i = 0; i < t.length; i++) {
    product += t[i] * x[i];
    square += t[i] * t[i];
  }
  return product / square;
}

/** Change per second to the last sample from the newest that is at least `back` nanoseconds before it. */
function rate(signal: OracleSignal, back: number): number {
  const last = signal.times.length - 1;
  let from = -1;
  for (let i = 0; i <= last; i++) if (signal.times[i] <= signal.times[last] - back) from = i;
  if (from < 0 || from === last) return Number.NaN;
  return (signal.values[last] - signal.values[from]) / ((signal.times[last] - signal.times[from]) / SECOND);
}

/**
 * Order tracking. The rules in turn: no speed in the window, or a frequency at or above Nyquist, cannot be computed
 * (even of a constant signal: what aliases is not observed); below 0.5 Hz, or of a constant signal, 0.
 */
function order(feature: FeatureSpec, signal: OracleSignal, view: OracleView): number {
  const speed = view.window.get(feature.speed!)!;
  if (speed.values.length === 0) return Number.NaN;
  const hertz = ((feature.order! * feature.ratedRpm!) / 6000) * mean(speed.values);
  if (hertz >= (0.5 * SECOND) / signal.step!) return Number.NaN;
  const variance = moment(signal.values, 2);
  if (hertz < 0.5 || variance === 0) return 0;

  const turn = shaftTurn(view.flight.get(feature.speed!)!);
  const x = deviations(signal.values);
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < x.length; i++) {
    const angle = ((2 * Math.PI * feature.order! * feature.ratedRpm!) / 6000) * turn(signal.times[i]);
    real += x[i] * Math.cos(angle);
    imaginary -= x[i] * Math.sin(angle);
  }
  const amplitude = (2 / x.length) * Math.sqrt(real * real + imaginary * imaginary);
  return feature.op === "order_amplitude" ? amplitude : amplitude / Math.SQRT2 / Math.sqrt(variance);
}

/**
 * The integral of the speed from its first sample to a time, in percent times seconds. The speed is linear between
 * its samples (so each trapezium is exact) and constant before the first and after the last.
 */
function shaftTurn(speed: OracleSignal): (time: number) => number {
  const { times, values } = speed;
  const total = [0];
  for (let i = 1; i < times.length; i++) {
    total.push(total[i - 1] + 0.5 * (values[i - 1] + values[i]) * ((times[i] - times[i - 1]) / SECOND));
  }
  return (time) => {
    if (time <= times[0]) return values[0] * ((time - times[0]) / SECOND);
    let i = 0;
    while (i + 1 < times.length && times[i + 1] <= time) i++;
    const since = (time - times[i]) / SECOND;
    if (i + 1 === times.length) return total[i] + values[i] * since;
    const grade = (values[i + 1] - values[i]) / ((times[i + 1] - times[i]) / SECOND);
    return total[i] + 0.5 * (values[i] + (values[i] + grade * since)) * since;
  };
}
