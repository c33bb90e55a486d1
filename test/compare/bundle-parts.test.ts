import { beforeAll, describe, expect, it } from "vitest";
import { differingParts, hybridBundle, swapsBetween } from "../../src/compare/bundle-parts.ts";
import type { ModelBundle } from "../../src/model/bundle.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { detector } from "../support/run.ts";

const NONE = new Set<never>();

let v100: ModelBundle;
let v110: ModelBundle;
beforeAll(async () => {
  v100 = await loadBundle(detector("1.0.0"));
  v110 = await loadBundle(detector("1.1.0"));
});

/** The same bundle with its features in another order: another network, but the same scaler and recipe. */
function reversed(bundle: ModelBundle): ModelBundle {
  const { center, scale, typical } = bundle.scaler;
  const scaler = {
    ...bundle.scaler,
    center: [...center].reverse(),
    scale: [...scale].reverse(),
    typical: [...typical].reverse(),
  };
  return { ...bundle, featureOrder: [...bundle.featureOrder].reverse(), scaler };
}

describe("differingParts", () => {
  it("finds none in a bundle and itself, and names those of two versions", () => {
    expect(differingParts(v100, v100)).toEqual([]);
    expect(differingParts(v100, v110)).toEqual(["network", "scaler", "thresholds"]);
  });

  it("leaves out what decides nothing: severities, interpretations, where the order of features comes from", () => {
    const { thresholds, digests } = v100;
    const severity = { ...thresholds.severity, severe: 99 };
    const other = { ...v100, thresholds: { ...thresholds, severity }, digests: { ...digests, "signature.json": "0" } };
    expect(differingParts(v100, other)).toEqual([]);
  });

  it("compares scalers by the names of the features", () => {
    expect(differingParts(v100, reversed(v100))).toEqual(["network"]);
  });

  it("takes a threshold of a phase for what it decides, however it is written", () => {
    const { default: usual, byPhase, severity } = v100.thresholds;
    const { approach_landing, ...others } = byPhase;
    const written = { ...others, approach: approach_landing!, landing: approach_landing! };
    expect(differingParts(v100, { ...v100, thresholds: { default: usual, byPhase: written, severity } })).toEqual([]);
  });
});

describe("swapsBetween", () => {
  it("swaps each differing part alone, or those that need the same features together", () => {
    expect(swapsBetween(v100, v110).players.map(({ name }) => name)).toEqual(["network", "scaler", "thresholds"]);
    const order = v100.featureOrder.map((name) => (name === "egt" ? "oil" : name));
    const other = { ...v110, featureOrder: order, digests: { ...v110.digests, recipe: "another" } };
    expect(swapsBetween(v100, other).players.map(({ parts }) => parts)).toEqual([
      ["network", "scaler", "recipe"],
      ["thresholds"],
    ]);
    expect(swapsBetween(v100, other).takenTogether).toContain("only A: egt; only B: oil");
  });
});

describe("hybridBundle", () => {
  it("is A without a swap and B with all", () => {
    const facts = ({ model, scaler, thresholds, recipe, featureOrder, directory }: ModelBundle) => {
      return { model, scaler, thresholds, recipe, featureOrder, directory };
    };
    expect(facts(hybridBundle(v100, v110, NONE))).toEqual(facts(v100));
    const all = new Set(["network", "scaler", "thresholds", "recipe"] as const);
    expect(facts(hybridBundle(v100, v110, all))).toEqual(facts(v110));
  });

  it("brings a scaler into the order of the network that it is put before", () => {
    const back = reversed(v110);
    const hybrid = hybridBundle(v100, back, new Set(["scaler"] as const));
    expect(hybrid.featureOrder).toEqual(v100.featureOrder);
    expect(hybrid.scaler).toEqual(v110.scaler);
  });
});
