import fc from "fast-check";
import { describe, it } from "vitest";
import { computeListWindows } from "../../src/features/compute-list-windows.ts";
import type { Recipe } from "../../src/features/recipe.ts";
import { type ListRow, oracleLists } from "../oracle/lists.ts";
import { expectAgreement } from "./agreement.ts";
import { listInputOf, listPlans, listRowsOf } from "./list-rows.ts";
import { propertyParameters } from "./random.ts";
import { recipeOf } from "./recipes.ts";

describe("computeListWindows", () => {
  it("agrees with the oracle on random rows and recipes", () => {
    fc.assert(
      fc.property(listPlans, (plan) => {
        const { rows, input, recipe } = listRowsOf(plan);
        expectAgreement(computeListWindows(input, recipe), (other) => oracleLists(rows, other), recipe);
      }),
      propertyParameters(),
    );
  });

  it("tracks an order within its own row where rows overlap", () => {
    expectOrderAgreement([0, 0.55, 1.1].map((second) => orderRow(second, { speeds: 11, samples: 10, missing: [] })));
  });

  it.each([
    { speeds: 20, samples: 20, missing: [18] },
    { speeds: 10, samples: 30, missing: [5] },
    { speeds: 7, samples: 20, missing: [0, 1] },
  ])("tracks an order where samples are missing: $missing of $samples, with $speeds speeds", (lengths) => {
    expectOrderAgreement([orderRow(0, lengths)]);
    expectOrderAgreement([orderRow(0, lengths), orderRow(2, lengths)]);
  });
});

/** A row of 1.1 s in which the speed changes from sample to sample. */
function orderRow(second: number, lengths: { speeds: number; samples: number; missing: number[] }): ListRow {
  const speeds = Array.from({ length: lengths.speeds }, (_, i) => 50 + 30 * Math.sin(i));
  const samples = Array.from({ length: lengths.samples }, (_, i) =>
    lengths.missing.includes(i) ? null : Math.sin(3 * i * i),
  );
  return { startNs: second * 1e9, endNs: second * 1e9 + 1.1e9, phase: null, lists: [speeds, samples] };
}

function expectOrderAgreement(rows: ListRow[]): void {
  const gaps = { fill: "none" as const, maxGapSteps: 10 };
  const order = { signal: 1, speed: 0, secondsShare: 0, order: 1, turns: 0.3 };
  const recipe: Recipe = recipeOf({
    window: { lengthSeconds: 1.1, hopShare: 0.5, minCoverage: 0.5 },
    rate: 10,
    signals: [gaps, gaps],
    features: [
      { ...order, op: "order_amplitude" },
      { ...order, op: "order_ratio" },
    ],
  });
  expectAgreement(computeListWindows(listInputOf(rows, 2), recipe), (other) => oracleLists(rows, other), recipe);
}
