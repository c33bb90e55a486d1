import fc from "fast-check";
import {
  FEATURE_OPS,
  type FeatureOp,
  type FeatureSpec,
  type Recipe,
  type SignalSpec,
} from "../../src/features/recipe.ts";
import { telling } from "./random.ts";

/** A feature before its recipe is known: indexes are taken modulo, lengths are shares. */
export interface FeaturePlan {
  op: FeatureOp;
  signal: number;
  speed: number;
  /** Of the window. */
  secondsShare: number;
  order: number;
  /** The shaft's frequency at 100 percent over the rate of the rows; 1 and a speed of 50 is exactly Nyquist. */
  turns: number;
}

/** Any op, the intricate ones twice as often, on any signal. */
export const featurePlan: fc.Arbitrary<FeaturePlan> = fc.record({
  op: fc.constantFrom(...FEATURE_OPS, "order_ratio", "order_amplitude"),
  signal: fc.nat(3),
  speed: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  secondsShare: telling([0.5, 0.1, 0.9, 0.01], [0.001, 0.999]),
  order: fc.constantFrom(1, 1, 0.5, 2, 17.3),
  turns: telling([0.3, 0.8, 1, 0.1, 0], [0.01, 2]),
});

/** How a gap is treated. */
export const fillPlan = fc.record({
  fill: fc.constantFrom("none" as const, "linear" as const, "hold" as const),
  /** In steps of the rows; 10 is also the longest gap that many a case has. */
  maxGapSteps: fc.constantFrom(10, 2, 4, 1000),
});

/** A window of `length` seconds, the hop a share of it. */
export interface WindowPlan {
  lengthSeconds: number;
  hopShare: number;
  minCoverage: number;
}

/** The recipe of the plans. `rate`: of the rows, per second; `turns` of 0 asks for exactly 0.5 Hz at a speed of 50. */
export function recipeOf(plan: {
  window: WindowPlan;
  rate: number;
  signals: { fill: SignalSpec["fill"]; maxGapSteps: number }[];
  features: FeaturePlan[];
}): Recipe {
  const { lengthSeconds, hopShare, minCoverage } = plan.window;
  const signals = plan.signals.map(({ fill, maxGapSteps }, i): SignalSpec => {
    const name = `s${i}`;
    return { name, columns: [name], range: null, fill, maxGapSeconds: maxGapSteps / plan.rate };
  });
  const nameOf = (index: number) => signals[index % signals.length].name;
  const features = plan.features.map((feature, i): FeatureSpec => {
    const { op } = feature;
    const base: FeatureSpec = { name: `f${i}`, op, signal: nameOf(feature.signal), onMissing: "skip" };
    if (op === "rate") return { ...base, seconds: feature.secondsShare * lengthSeconds };
    if (op !== "order_ratio" && op !== "order_amplitude") return base;
    const ratedRpm = feature.turns === 0 ? 60 : 60 * plan.rate * feature.turns;
    return { ...base, speed: nameOf(feature.speed), order: feature.order, ratedRpm };
  });
  const window = { lengthSeconds, hopSeconds: hopShare * lengthSeconds, minCoverage };
  return { window, clipSigma: null, signals, features };
}
