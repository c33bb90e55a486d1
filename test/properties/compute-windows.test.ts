import fc from "fast-check";
import { describe, it } from "vitest";
import { computeWindows } from "../../src/features/compute-windows.ts";
import { oracleWindows } from "../oracle/windows.ts";
import { expectAgreement } from "./agreement.ts";
import { propertyParameters } from "./random.ts";
import { flightOf, flightPlans } from "./recordings.ts";

describe("computeWindows", () => {
  it("agrees with the oracle on random flights and recipes", () => {
    fc.assert(
      fc.property(flightPlans, (plan) => {
        const { input, recipe } = flightOf(plan);
        expectAgreement(computeWindows(input, recipe), (other) => oracleWindows(input, other), recipe);
      }),
      propertyParameters(),
    );
  });
});
