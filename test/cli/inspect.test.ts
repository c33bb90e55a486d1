import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectCommand } from "../../src/cli/inspect.ts";
import { DETECTOR, makeBundle, RECIPE } from "../model/make-bundle.ts";

async function inspect(directory: string, json = false) {
  const parts: string[] = [];
  const exitCode = await inspectCommand(directory, { json }, { write: (part) => void parts.push(part) });
  return { exitCode, text: parts.join("") };
}

describe("inspect --json", () => {
  it("gives every number of a bundle in full", async () => {
    const { exitCode, text } = await inspect(join(DETECTOR, "3.0.0"), true);
    const report = JSON.parse(text);
    expect(exitCode).toBe(0);
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining([
        ...["feature_order", "scaler", "thresholds", "window", "inputs", "outputs", "recipe"],
        ...["digests", "origins", "warnings", "errors"],
      ]),
    );
    expect(report.window).toEqual({ length_s: 8.2, hop_s: 3.1, min_coverage: 0.9 });
    expect(report.scaler.center).toHaveLength(19);
    expect(report.scaler.clip).toEqual([-2, 2]);
    expect(report.thresholds.default).toBe(1.7015028238296506);
    expect(report.thresholds.by_phase.cruise).toBe(1.650457739114761);
    expect(report.thresholds.severity.severe).toBe(5.211805629730226);
    expect(report.inputs).toEqual([{ name: "input_features", dtype: "float32", shape: [8, 19] }]);
    expect(report.recipe.features[11]).toEqual({
      name: "fan_2p",
      op: "order_amplitude",
      signal: "vib_fan",
      speed: "n1",
      order: 2,
      rated_rpm: 2560,
      on_missing: "impute",
    });
    expect(report.errors).toEqual([]);
  });

  it("has nulls for what cannot be understood, all errors, and the exit code 2", async () => {
    const { exitCode, text } = await inspect(await makeBundle({ recipe: "features: 3", scaler: null }), true);
    const report = JSON.parse(text);
    expect(exitCode).toBe(2);
    expect(report).toMatchObject({ feature_order: null, scaler: null, window: null, recipe: null });
    expect(report.thresholds.default).toBe(3);
    expect(report.errors.length).toBeGreaterThan(2);
  });
});

describe("inspect", () => {
  it("shows features in the model's order, with op, signal and numbers", async () => {
    const { exitCode, text } = await inspect(await makeBundle({ signature: '{"feature_order": ["b", "a"]}' }));
    expect(exitCode).toBe(0);
    expect(text).toMatch(
      /# +feature +op +signal +center +scale +typical\n +1 +b +peak +vib +1 +3 +1 .*\n +2 +a +rms +vib +2 +4 +2\n/,
    );
    expect(text).toContain("feature_order  signature.json");
    expect(text).toMatch(/recipe +[0-9a-f]{64}\n/);
    expect(text).toContain("This bundle can be run.");
  });

  it("shows the threshold of each phase as it is applied", async () => {
    const { text } = await inspect(join(DETECTOR, "1.2.0"));
    expect(text).toMatch(/ground +2\.5969720840454067\n/);
    expect(text).toMatch(/cruise +2\.5190629215240445\n/);
    expect(text).toMatch(/approach +2\.5969720840454067\n +landing +2\.648911525726315\n/);
  });

  it("shows warnings and every error, and says that the bundle cannot be run", async () => {
    const parts = { signature: "# Signature", thresholds: "{}", scaler: "junk" };
    const { exitCode, text } = await inspect(await makeBundle(parts));
    expect(exitCode).toBe(2);
    expect(text).toMatch(/Warnings\n {2}signature\.json: is not a JSON object/);
    expect(text).toMatch(/Errors: this bundle cannot be run\n( {2}.*\n){3}$/);
    expect(text).not.toContain("can be run.");
  });

  it.each([false, true])("lets no control character of a file through (json: %s)", async (json) => {
    const recipe = RECIPE.replaceAll("name: a", 'name: "a\\e[2J\\x9b31m\\u202e\\a"').replace(
      "[vib]",
      '["vib\\e]0;title\\a"]',
    );
    const { text } = await inspect(await makeBundle({ recipe, signature: "\u001b[31mred" }), json);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("[2J");
    if (json) expect(JSON.parse(text).feature_order[0]).toBe("a\u001b[2J\u009b31m\u202e\u0007");
  });
});
