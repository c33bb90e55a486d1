import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileFindings, type Findings } from "../../src/model/findings.ts";
import { parseSignature } from "../../src/model/signature.ts";
import { DETECTOR } from "./make-bundle.ts";

function parse(text: string) {
  const found: Findings = { errors: [], warnings: [] };
  return { signature: parseSignature(text, new FileFindings("signature.json", found)), ...found };
}

describe("parseSignature", () => {
  it("reads inputs, outputs and the order of the features", () => {
    const { signature } = parse(readFileSync(join(DETECTOR, "1.0.0", "signature.json"), "utf8"));
    expect(signature?.inputs).toEqual([{ name: "input_features", dtype: "float32", shape: [null, 9] }]);
    expect(signature?.outputs).toHaveLength(2);
    expect(signature?.featureOrder?.[8]).toBe("n1_rate_of_change");
  });

  it("warns of Markdown and has no order then", () => {
    const { signature, errors, warnings } = parse(readFileSync(join(DETECTOR, "1.1.0", "signature.json"), "utf8"));
    expect(signature).toBeNull();
    expect(errors).toEqual([]);
    expect(warnings[0]).toContain('begins with "# Model signature"');
  });

  it.each(['{"feature_order": []}', '{"feature_order": null}', "{}"])("has no order in %s", (text) => {
    expect(parse(text)).toEqual({
      signature: { inputs: [], outputs: [], featureOrder: null },
      errors: [],
      warnings: [],
    });
  });

  it("refuses an order that is no list of names, or repeats one", () => {
    expect(parse('{"feature_order": ["a", 2]}').errors[0]).toContain('feature_order is ["a",2], expected a list');
    expect(parse('{"feature_order": ["a", "b", "a"]}').errors[0]).toContain("feature_order lists a more than once");
  });
});
