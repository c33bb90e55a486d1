import fc from "fast-check";
import { describe, it } from "vitest";
import { computeListWindows } from "../../src/features/compute-list-windows.ts";
import { oracleLists } from "../oracle/lists.ts";
import { expectAgreement } from "./agreement.ts";
import { listPlans, listRowsOf } from "./list-rows.ts";
import { propertyParameters } from "./random.ts";

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
});
