import fc from "fast-check";
import type { Recipe } from "../../src/features/recipe.ts";
import type { Samples, SeriesInput } from "../../src/windows/series.ts";
import { mostly, type Random, randomFrom, SHAPES, speedShape, telling, valueAt } from "./random.ts";
import { featurePlan, fillPlan, recipeOf } from "./recipes.ts";

const signalPlan = fc.record({
  shape: fc.constantFrom(...SHAPES),
  scale: mostly(1, 1e-4, 1e5),
  /** A sample on every this many rows, from a row of its own on. */
  every: mostly(1, 2, 3, 10, 40),
  firstRow: mostly(0, 1, 7),
  missingShare: mostly(0, 0.02, 0.3),
  /** Samples kept: all, or no more than these. */
  atMost: fc.oneof(
    { weight: 30, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2) },
  ),
  gaps: fillPlan,
});

/** Of the first signal, which is the one that mostly turns the shaft. */
const speedPlan = signalPlan.chain((plan) => speedShape.map((shape) => ({ ...plan, shape, scale: 1 })));

/** A delay of `steps` of the rows for everything after a share of the flight. */
const gapPlan = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  steps: fc.constantFrom(0.5, 0.4, 1, 3, 9, 40, 300),
});

/** A flight and a recipe for it, as a plan that shrinks well. */
const flightPlan = fc.record({
  seed: fc.integer(),
  /** Rows per second. */
  rate: telling([10, 100, 30, 7, 12.5, 1, 0.2], [0.2, 100]),
  rows: fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 12 }) },
    { weight: 9, arbitrary: fc.integer({ min: 100, max: 700 }) },
  ),
  jitter: mostly(0, 0.1, 0.45, 0.9),
  droppedShare: mostly(0, 0.02, 0.25),
  gaps: fc.array(gapPlan, { maxLength: 3 }),
  /** Of the first row, from the origin: none, or up to about 100 days. */
  originDays: mostly(0, 1, 103),
  windowSteps: telling([20, 10, 100, 12.5, 37], [5, 120]),
  hopShare: telling([0.5, 1, 0.37, 1.3, 0.1], [0.1, 2]),
  minCoverage: fc.constantFrom(0.95, 0.5, 0, 0.8, 1),
  phases: fc.constantFrom("blocks", "mixed", "none"),
  speed: speedPlan,
  others: fc.array(signalPlan, { maxLength: 3 }),
  features: fc.array(featurePlan, { minLength: 1, maxLength: 16 }),
});

type FlightPlan = typeof flightPlan extends fc.Arbitrary<infer P> ? P : never;

/** A case of the property: the plan is what a failure shows. */
export interface FlightCase {
  input: SeriesInput;
  recipe: Recipe;
}

/** Random flights with recipes that suit them: rates of 0.2 to 100 Hz, jitter, gaps, losses, constants, tiny variances. */
export const flightPlans: fc.Arbitrary<FlightPlan> = flightPlan;

/** The flight of a plan. */
export function flightOf(plan: FlightPlan): FlightCase {
  const random = randomFrom(plan.seed);
  const rowTimes = rowTimesOf(plan, random);
  const plans = [plan.speed, ...plan.others];
  const samples = plans.map((signal) => samplesOf(signal, rowTimes, random));
  const phases = phasesOf(plan, rowTimes, random);
  const window = {
    lengthSeconds: plan.windowSteps / plan.rate,
    hopShare: plan.hopShare,
    minCoverage: plan.minCoverage,
  };
  const signals = plans.map((signal) => signal.gaps);
  return { input: { rowTimes, samples, phases }, recipe: recipeOf({ ...plan, window, signals }) };
}

function rowTimesOf(plan: FlightPlan, random: Random): Float64Array {
  const step = 1e9 / plan.rate;
  const times: number[] = [];
  for (let i = 0; i < plan.rows; i++) {
    let time = (i + plan.jitter * (random.unit() - 0.5)) * step;
    for (const gap of plan.gaps) if (i >= gap.at * plan.rows) time += gap.steps * step;
    const whole = Math.round(time + step) + plan.originDays * 86_400e9;
    const isDropped = random.unit() < plan.droppedShare;
    if (!isDropped && (times.length === 0 || whole > times[times.length - 1])) times.push(whole);
  }
  return Float64Array.from(times);
}

function samplesOf(signal: FlightPlan["speed"], rowTimes: Float64Array, random: Random): Samples {
  const times: number[] = [];
  const values: number[] = [];
  for (let row = signal.firstRow % signal.every; row < rowTimes.length; row += signal.every) {
    const seconds = (rowTimes[row] - rowTimes[0]) / 1e9;
    const value = signal.scale * valueAt(signal.shape, seconds, random);
    if (random.unit() < signal.missingShare || times.length >= signal.atMost) continue;
    times.push(rowTimes[row]);
    values.push(value);
  }
  return { times: Float64Array.from(times), values: Float64Array.from(values) };
}

function phasesOf(plan: FlightPlan, rowTimes: Float64Array, random: Random): SeriesInput["phases"] {
  const times: number[] = [];
  const codes: number[] = [];
  rowTimes.forEach((time, row) => {
    const isKnown = plan.phases !== "none" && random.unit() > 0.1;
    if (!isKnown) return;
    times.push(time);
    codes.push(plan.phases === "blocks" ? Math.floor(row / 7) % 8 : Math.floor(8 * random.unit()));
  });
  return { times: Float64Array.from(times), codes: Uint8Array.from(codes) };
}
