import type { SignalFinding } from "./finding.ts";
import { type FlightView, RUNNING_PERCENT, short } from "./flight-view.ts";
import { sketchOfSteps } from "./sketch.ts";

/** A step is off if it differs from the usual one by more than this share of it; so many may be. */
const OFF_SHARE = 0.45;
const MOST_OFF = 0.05;
/** Fewer steps are not judged. */
const LEAST_STEPS = 50;
/** Fewer speeds of a running shaft tell nothing. */
const LEAST_SPEEDS = 10;

/** A signal recorded at a rate of which the recipe can make nothing: the reason, or null. */
export function findRate(view: FlightView, signal: number): SignalFinding | null {
  const { times } = view.samples(signal);
  const stepNs = view.stepNs(times);
  if (Number.isNaN(stepNs)) return null;
  const why = tooFewPerWindow(view, stepNs) ?? tooSlowForRows(view, signal, stepNs) ?? aliased(view, signal, stepNs);
  if (why === null) return null;
  const seconds = stepNs / 1e9;
  return {
    check: "rate",
    count: times.length,
    seconds: null,
    worst: seconds,
    example: `a sample every ${short(seconds)} s: ${why}`,
  };
}

function tooFewPerWindow({ recipe: { window } }: FlightView, stepNs: number): string | null {
  return stepNs / 1e9 > window.lengthSeconds / 2 ? `fewer than two in a window of ${window.lengthSeconds} s` : null;
}

/** Without filling, a signal has to have a value in nearly every row. */
function tooSlowForRows(view: FlightView, signal: number, stepNs: number): string | null {
  const { rowTimes, rowSteps } = view.flight.input;
  const rowNs = rowSteps?.median ?? view.stepNs(rowTimes);
  if (view.spec(signal).fill !== "none" || !(rowNs / stepNs < view.recipe.window.minCoverage)) return null;
  return `rows are ${short(rowNs / 1e9)} s apart, and the recipe does not fill its gaps`;
}

/** At every speed of the running shaft an order lies at or above half the sampling rate. */
function aliased(view: FlightView, signal: number, stepNs: number): string | null {
  for (const { name, speed, order, ratedRpm } of view.orderFeatures.filter(
    (own) => own.signal === view.spec(signal).name,
  )) {
    const slowest = slowestRunning(view.sketch(view.recipe.signals.findIndex((one) => one.name === speed)));
    const hertz = (order * ratedRpm * slowest) / 6000;
    if (stepNs >= 0.5e9 / hertz)
      return `${name} can at no speed be told from it, since order ${order} is at ${short(hertz)} Hz or more`;
  }
  return null;
}

/** The lowest speed of the running shaft, percent; NaN, which no step is too long for, where it hardly ever runs. */
function slowestRunning(speeds: Float64Array): number {
  let count = 0;
  let slowest = Number.POSITIVE_INFINITY;
  for (const percent of speeds) {
    if (percent < RUNNING_PERCENT) continue;
    count++;
    if (percent < slowest) slowest = percent;
  }
  return count < LEAST_SPEEDS ? Number.NaN : slowest;
}

/** Steps unlike the usual one: more than a few. */
export function findIrregular(view: FlightView, times: Float64Array): SignalFinding | null {
  if (times.length <= LEAST_STEPS) return null;
  const usual = view.stepNs(times);
  const isOff = (step: number) => Math.abs(step - usual) > OFF_SHARE * usual;
  const sketch = sketchOfSteps(times);
  if (sketch.filter(isOff).length <= MOST_OFF * sketch.length) return null;
  let off = 0;
  let largest = 0;
  for (let i = 1; i < times.length; i++) {
    const step = times[i]! - times[i - 1]!;
    if (isOff(step)) off++;
    if (step > largest) largest = step;
  }
  if (off <= MOST_OFF * (times.length - 1)) return null;
  const percent = short((100 * off) / (times.length - 1));
  return {
    check: "irregular",
    count: off,
    seconds: null,
    worst: largest / 1e9,
    example: `${percent}% of the steps are not about ${short(usual / 1e9)} s, the usual one`,
  };
}
