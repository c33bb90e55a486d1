import fc from "fast-check";
import type { Recipe } from "../../src/features/recipe.ts";
import { type ListInput, type SampleLists, UNKNOWN_PHASE } from "../../src/windows/series.ts";
import { type ListRow, usualLength } from "../oracle/lists.ts";
import { type Random, randomFrom, SHAPES, telling, valueAt } from "./random.ts";
import { featurePlan, recipeOf } from "./recipes.ts";

const signalPlan = fc.record({
  shape: fc.constantFrom(...SHAPES),
  scale: fc.constantFrom(1, 1, 1, 1e-4, 1e5),
  /** Samples of an ordinary list. */
  length: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 10, max: 120 }) }, { weight: 1, arbitrary: fc.nat(3) }),
  /** How often a list has a length of its own, is null, or lacks samples. */
  oddShare: fc.constantFrom(0, 0, 0.1, 0.5),
  nullShare: fc.constantFrom(0, 0, 0.1),
  missingShare: fc.constantFrom(0, 0, 0.02, 0.3),
});

/** Rows of processed input and a recipe for them, as a plan that shrinks well. */
export const listPlans = fc.record({
  seed: fc.integer(),
  rows: fc.nat(30),
  /** Samples per second of an ordinary list of the first signal. */
  rate: telling([10, 100, 1, 7], [0.2, 100]),
  originDays: fc.constantFrom(0, 0, 0, 103),
  /** How often a row lasts another time than most, starts with the one before it, or has no end. */
  oddExtentShare: fc.constantFrom(0, 0, 0.2),
  sameStartShare: fc.constantFrom(0, 0, 0.2),
  noExtentShare: fc.constantFrom(0, 0, 0.1),
  minCoverage: fc.constantFrom(0.95, 0.5, 0, 0.8, 1),
  signals: fc.array(signalPlan, { minLength: 1, maxLength: 3 }),
  features: fc.array(featurePlan, { minLength: 1, maxLength: 12 }),
});

type ListPlan = typeof listPlans extends fc.Arbitrary<infer P> ? P : never;

/** The rows of a plan, as the oracle takes them and as the fast code does. */
export function listRowsOf(plan: ListPlan): { rows: ListRow[]; input: ListInput; recipe: Recipe } {
  const random = randomFrom(plan.seed);
  const lengthSeconds = Math.max(1, plan.signals[0].length) / plan.rate;
  const rows: ListRow[] = [];
  let startNs = plan.originDays * 86_400e9;
  for (let i = 0; i < plan.rows; i++) {
    const extent = Math.round(1e9 * lengthSeconds * (random.unit() < plan.oddExtentShare ? 0.5 + random.unit() : 1));
    const endNs = random.unit() < plan.noExtentShare ? null : startNs + extent;
    const phase = random.unit() < 0.2 ? null : Math.floor(8 * random.unit());
    const lists = plan.signals.map((signal) => listOf(signal, extent / 1e9, random));
    rows.push({ startNs, endNs, phase, lists });
    if (random.unit() >= plan.sameStartShare) startNs += Math.ceil(extent / 2);
  }
  const window = { lengthSeconds, hopShare: 0.5, minCoverage: plan.minCoverage };
  const signals = plan.signals.map(() => ({ fill: "none" as const, maxGapSteps: 10 }));
  return { rows, input: inputOf(rows, plan.signals.length), recipe: recipeOf({ ...plan, window, signals }) };
}

function listOf(signal: ListPlan["signals"][number], seconds: number, random: Random): (number | null)[] | null {
  if (random.unit() < signal.nullShare) return null;
  const length = random.unit() < signal.oddShare ? Math.floor(1.3 * signal.length * random.unit()) : signal.length;
  return Array.from({ length }, (_, i) => {
    const value = signal.scale * valueAt(signal.shape, (i * seconds) / length, random);
    return random.unit() < signal.missingShare ? null : value;
  });
}

function inputOf(rows: ListRow[], signalCount: number): ListInput {
  const lists = Array.from({ length: signalCount }, (_, s): SampleLists => {
    const offsets = [0];
    for (const row of rows) offsets.push(offsets[offsets.length - 1] + (row.lists[s]?.length ?? 0));
    const values = rows.flatMap((row) => [...(row.lists[s] ?? [])].map((value) => value ?? Number.NaN));
    const usual = usualLength(rows.map((row) => row.lists[s]?.length ?? 0));
    return { offsets: Int32Array.from(offsets), values: Float64Array.from(values), usualLength: usual };
  });
  return {
    starts: Float64Array.from(rows, (row) => row.startNs),
    ends: Float64Array.from(rows, (row) => row.endNs ?? Number.NaN),
    phases: Uint8Array.from(rows, (row) => row.phase ?? UNKNOWN_PHASE),
    lists,
  };
}
