import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ENGINE_VIBRATION_RECIPE } from "../../src/model/default-recipe.ts";
import { FileFindings, type Findings } from "../../src/model/findings.ts";
import { parseRecipe } from "../../src/model/recipe-file.ts";
import { DETECTOR, RECIPE } from "./make-bundle.ts";

function parse(text: string) {
  const found: Findings = { errors: [], warnings: [] };
  return { recipe: parseRecipe(text, new FileFindings("preprocess.yaml", found)), ...found };
}

describe("parseRecipe", () => {
  it("reads the recipe of the first bundle as the one that is built in", () => {
    const text = readFileSync(join(DETECTOR, "1.0.0", "preprocess.yaml"), "utf8");
    expect(parse(text)).toEqual({ recipe: ENGINE_VIBRATION_RECIPE, errors: [], warnings: [] });
  });

  it("reads all that a recipe may say", () => {
    const { recipe } = parse(readFileSync(join(DETECTOR, "3.0.0", "preprocess.yaml"), "utf8"));
    expect(recipe?.window).toEqual({ lengthSeconds: 8.2, hopSeconds: 3.1, minCoverage: 0.9 });
    expect(recipe?.clipSigma).toBe(4);
    expect(recipe?.signals[3]).toEqual({
      name: "oil_pressure",
      columns: ["engine_1_oil_pressure"],
      unit: "psi",
      range: [0, 150],
      fill: "hold",
      maxGapSeconds: 5,
    });
    expect(recipe?.features[13]).toEqual({
      name: "egt_rate",
      op: "rate",
      signal: "egt",
      seconds: 2.5,
      onMissing: "skip",
    });
  });

  it("fills in what is left out", () => {
    const { recipe } = parse(RECIPE);
    expect(recipe?.window.minCoverage).toBe(0.95);
    expect(recipe?.clipSigma).toBeNull();
    expect(recipe?.signals[0]).toEqual({ name: "vib", columns: ["vib"], range: null, fill: "none", maxGapSeconds: 10 });
    expect(recipe?.features.map((feature) => feature.onMissing)).toEqual(["skip", "impute"]);
  });

  it("takes an open end of a range as the largest number", () => {
    const { recipe } = parse(RECIPE.replace("[vib]", "[vib], range: [0, .inf]"));
    expect(recipe?.signals[0]?.range).toEqual([0, Number.MAX_VALUE]);
  });

  it("reports all faults at once", () => {
    const { recipe, errors } = parse(`
window: {length_s: 10, hop_s: 0, min_coverage: 1.5}
clip_sigma: -4
signals:
  vib: {columns: [], range: [10, 0], fill: cubic, max_gap_s: -1}
  n1: n1
features:
  - {name: a, op: median, signal: vib}
  - {name: a, op: rms, signal: egt}
  - {name: a, op: mean, signal: constructor, on_missing: drop}
  - {name: b, op: rate, signal: vib}
  - {name: c, op: rate, signal: vib, seconds: 10}
  - {name: d, op: order_ratio, signal: vib}
  - {op: rms, signal: vib}
`);
    expect(recipe).toBeNull();
    expect(errors.map((error) => error.replace(/^preprocess.yaml: /, ""))).toEqual([
      "window: hop_s is 0, expected a number above 0",
      "window: min_coverage is 1.5, expected a number at least 0 and at most 1",
      "the recipe: clip_sigma is -4, expected a number above 0",
      "signal vib: columns is [], expected a list of column names",
      "signal vib: range is [10,0], expected [lowest, highest]",
      expect.stringContaining('signal vib: fill is "cubic", expected one of none, linear, hold'),
      "signal vib: max_gap_s is -1, expected a number at least 0",
      'signal n1 is "n1", expected a map',
      expect.stringContaining('feature a: op is "median", expected one of mean, min'),
      'feature a: signal is "egt", expected one of the recipe\'s signals (vib, n1)',
      'feature a: signal is "constructor", expected one of the recipe\'s signals (vib, n1)',
      'feature a: on_missing is "drop", expected one of skip, impute',
      "feature b: seconds is absent, expected a number above 0",
      "feature c: seconds is 10, expected less than the window's length of 10 s",
      "feature d: speed is absent, expected one of the recipe's signals (vib, n1)",
      "feature d: order is absent, expected a number above 0",
      "feature d: rated_rpm is absent, expected a number above 0",
      "feature 7: name is absent, expected a text",
      "feature a is listed more than once",
    ]);
  });

  it.each([
    ["window is absent", "signals: {v: {columns: [v]}}\nfeatures: [{name: a, op: rms, signal: v}]"],
    ["signals is absent", "window: {length_s: 1, hop_s: 1}\nfeatures: []"],
    ["features is absent", "window: {length_s: 1, hop_s: 1}\nsignals: {v: {columns: [v]}}"],
    ["the recipe is null", ""],
    ["the recipe is [1]", "[1]"],
    ["length_s is -1", RECIPE.replace("length_s: 10", "length_s: -1")],
    ['length_s is "ten"', RECIPE.replace("length_s: 10", "length_s: ten")],
    ["hop_s is NaN", RECIPE.replace("hop_s: 5", "hop_s: .nan")],
    ["Map keys must be unique", `${RECIPE}signals: {v: {columns: [v]}}\n`],
    [
      "Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system",
      RECIPE.replace("length_s: 10", "length_s: !!python/object/apply:os.system ['touch PWNED']"),
    ],
    ["Excessive alias count", `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${"*a,".repeat(10)}]\nc: [${"*b,".repeat(30)}]\n`],
    ["is not plain YAML", "window: {length_s: 10"],
    ["is not plain YAML", "[".repeat(200_000)],
    ["more than 262144", " ".repeat(300_000)],
    ["signals is a collection within itself", RECIPE.replace(/signals:[\s\S]*?features/, "signals: &s [*s]\nfeatures")],
  ])("says %s", (message, text) => {
    const { recipe, errors } = parse(text);
    expect(recipe).toBeNull();
    expect(errors.join("\n")).toContain(message);
  });

  it("reports no more than five errors of YAML itself", () => {
    expect(parse("[".repeat(10_000)).errors).toHaveLength(5);
  });

  it("warns of a key that has no effect", () => {
    const { recipe, warnings } = parse(RECIPE.replace("columns: [vib]", "columns: [vib], max_gap: 3"));
    expect(recipe).not.toBeNull();
    expect(warnings).toEqual(["preprocess.yaml: signal vib: max_gap is not known and has no effect"]);
  });
});
