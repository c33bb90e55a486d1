import fc from "fast-check";
import type { Recipe } from "../../src/features/recipe.ts";
import { type ListInput, type SampleLists, UNKNOWN_PHASE } from "../../src/windows/series.ts";
import { type ListRow, usualLength } from "../oracle/lists.ts";
import { mostly, type Random, randomFrom, SHAPES, speedShape, telling, valueAt } from "./random.ts";
import { featurePlan, recipeOf } from "./recipes.ts";

const signalPlan = fc.record({
  shape: fc.constantFrom(...SHAPES),
  scale: mostly(1, 1e-4, 1e5),
  /** Samples of an ordinary list. */
  length: mostly(100, 10, 20, 33, 99, 101, 2, 1, 0),
  /** How often a list has a length of its own, is null, or lacks samples. */
  oddShare: mostly(0, 0.1, 0.5),
  nullShare: mostly(0, 0.1),
  missingShare: mostly(0, 0.02, 0.3),
});

/** Of the first signal, which is the one that mostly turns the shaft. */
const speedPlan = fc.record({
  shape: speedShape,
  scale: fc.constantFrom<number>(1),
  length: fc.constantFrom<number[]>(10, 20, 33, 100, 101, 1),
  oddShare: mostly(0, 0.1, 0.5),
  nullShare: mostly(0, 0.1),
  missingShare: mostly(0, 0.02, 0.3),
});

/** Rows of processed input and a recipe for them, as a plan that shrinks well. */
export const listPlans = fc.record({
  seed: fc.integer(),
  rows: fc.nat(30),
  /** A list of 100 samples has this many a second. */
  rate: telling([10, 100, 25, 7], [0.2, 100]),
  /** Of the start of a row to the next, in rows: they may overlap, and have gaps between them. */
  hopShare: telling([0.5, 1, 0.3, 1.5], [0.1, 2]),
  originDays: mostly(0, 103),
  /** How often a row lasts another time than most, starts with the one before it, or has no end. */
  oddExtentShare: mostly(0, 0.2),
  sameStartShare: mostly(0, 0.2),
  noExtentShare: mostly(0, 0.1),
  minCoverage: fc.constantFrom(0.95, 0.5, 0, 0.8, 1),
  speed: speedPlan,
  others: fc.array(signalPlan, { maxLength: 3 }),
  features: fc.array(featurePlan, { minLength: 1, maxLength: 16 }),
});

type ListPlan = typeof listPlans extends fc.Arbitrary<infer P> ? P : never;

/** The rows of a plan, as the oracle takes them and as the fast code does. */
export function listRowsOf(plan: ListPlan): { rows: ListRow[]; input: ListInput; recipe: Recipe } {
  const random = randomFrom(plan.seed);
  const plans = [plan.speed, ...plan.others];
  const lengthSeconds = 100 / plan.rate;
  const rows: ListRow[] = [];
  let startNs = plan.originDays * 86_400e9;
  for (let i = 0; i < plan.rows; i++) {
    const extent = Math.round(1e9 * lengthSeconds * (random.unit() < plan.oddExtentShare ? 0.5 + random.unit() : 1));
    const endNs = random.unit() < plan.noExtentShare ? null : startNs + extent;
    const phase = random.unit() < 0.2 ? null : Math.floor(8 * random.unit());
    const lists = plans.map((signal) => listOf(signal, extent / 1e9, random));
    rows.push({ startNs, endNs, phase, lists });
    if (random.unit() >= plan.sameStartShare) startNs += Math.ceil(extent * plan.hopShare);
  }
  const window = { lengthSeconds, hopShare: plan.hopShare, minCoverage: plan.minCoverage };
  const signals = plans.map(() => ({ fill: "none" as const, maxGapSteps: 10 }));
  return { rows, input: listInputOf(rows, plans.length), recipe: recipeOf({ ...plan, window, signals }) };
}

function listOf(signal: ListPlan["speed"], seconds: number, random: Random): (number | null)[] | null {
  if (random.unit() < signal.nullShare) return null;
  const length = random.unit() < signal.oddShare ? Math.floor(1.3 * signal.length * random.unit()) : signal.length;
  return Array.from({ length }, (_, i) => {
    const value = signal.scale * valueAt(signal.shape, (i * seconds) / length, random);
    return random.unit() < signal.missingShare ? null : value;
  });
}

/** Rows as the fast code takes them. */
export function listInputOf(rows: ListRow[], signalCount: number): ListInput {
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
