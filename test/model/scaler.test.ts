import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileFindings, type Findings } from "../../src/model/findings.ts";
import { settleScaler } from "../../src/model/scaler.ts";
import { readScalerFile, type ScalerFile } from "../../src/model/scaler-file.ts";

interface Answer {
  scaler?: string;
  center: number[];
  scale: number[];
  typical: number[];
  clip?: [number, number] | null;
  names?: string[] | null;
  feature_names?: string[] | null;
}

const VALID = "test/fixtures/scalers/valid";
const RARER = "test/fixtures/bundles/scalers";

function answersOf(folder: string): [string, Answer][] {
  return Object.entries(JSON.parse(readFileSync(join(folder, "answers.json"), "utf8")) as Record<string, Answer>);
}

function expectClose(found: number[], expected: number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-15 * Math.abs(expected[i]!));
  }
}

function settle(file: ScalerFile, order: string[] | null) {
  const found: Findings = { errors: [], warnings: [] };
  return { scaler: settleScaler(file, order, new FileFindings("scaler.pkl", found)), ...found };
}

const TABLE: ScalerFile = {
  kind: "dict",
  center: [1, 2],
  scale: [3, 4],
  clip: null,
  typical: [1, 2],
  names: ["a", "b"],
  byName: true,
  warnings: [],
};

describe("a scaler that scikit-learn wrote", () => {
  it("comes in 80 forms", () => {
    expect(
      answersOf(VALID)
        .map(([name]) => name)
        .sort(),
    ).toEqual(
      readdirSync(VALID)
        .filter((name) => name.endsWith(".pkl"))
        .sort(),
    );
    expect(answersOf(VALID)).toHaveLength(80);
  });

  it.each(answersOf(VALID))("%s gives the numbers that scikit-learn has", (name, answer) => {
    const file = readScalerFile(readFileSync(join(VALID, name)));
    expect(file.kind).toBe(answer.scaler);
    expectClose(file.center, answer.center);
    expectClose(file.scale, answer.scale);
    expectClose(file.typical, answer.typical);
    expect(file.clip).toEqual(answer.clip);
    expect(file.names).toEqual(answer.feature_names);
  });

  it.each(answersOf(RARER))("%s gives them too", (name, answer) => {
    const file = readScalerFile(readFileSync(join(RARER, name)));
    expectClose(file.center, answer.center);
    expectClose(file.scale, answer.scale);
    expectClose(file.typical, answer.typical);
    expect(file.names).toEqual(answer.names);
  });
});

describe("a scaler in JSON", () => {
  const read = (content: unknown) => readScalerFile(Buffer.from(JSON.stringify(content)));

  it("has its mean as center and typical, its std as scale", () => {
    const file = read({ scaler_type: "StandardScaler", num_features: 2, mean: [1, 2], std: [3, 0] });
    expect(file).toMatchObject({
      kind: "JSON",
      center: [1, 2],
      scale: [3, 0],
      typical: [1, 2],
      clip: null,
      names: null,
    });
    expect(file.warnings).toEqual([]);
  });

  it("may begin with a byte order mark and blanks", () => {
    expect(readScalerFile(Buffer.from('\uFEFF\n {"mean": [1], "std": [2]}')).center).toEqual([1]);
  });

  it("warns of a type whose numbers are not mean and std", () => {
    expect(read({ scaler_type: "MinMaxScaler", mean: [1], std: [2] }).warnings[0]).toContain('"MinMaxScaler"');
  });

  it.each([
    ["num_features is 3, but mean has 2", { num_features: 3, mean: [1, 2], std: [3, 4] }],
    ["2 numbers as mean and 1 as std", { mean: [1, 2], std: [3] }],
    ["std is not a list of numbers", { mean: [1, 2], std: [3, "4"] }],
    ["mean is not a list of numbers", { mean: [], std: [] }],
  ])("is refused when %s", (message, content) => {
    expect(() => read(content)).toThrow(message);
  });

  it("is refused when it only begins like JSON", () => {
    expect(() => readScalerFile(Buffer.from('{"mean": [NaN]}'))).toThrow("begins like JSON, but is not");
  });
});

describe("settleScaler", () => {
  it("counts a scale of exactly 0 as 1, with a warning that names the feature", () => {
    const { scaler, warnings } = settle({ ...TABLE, scale: [0, 1e-300] }, ["a", "b"]);
    expect(scaler?.scale).toEqual([1, 1e-300]);
    expect(warnings).toEqual(["scaler.pkl: scale is 0 for a; it counts as 1"]);
  });

  it.each(["center", "scale", "typical"] as const)("refuses a %s that is not finite", (list) => {
    const { scaler, errors } = settle({ ...TABLE, names: null, byName: false, [list]: [1, Number.NaN] }, null);
    expect(scaler).toBeNull();
    expect(errors).toEqual([`scaler.pkl: ${list} is not finite for input 2 (NaN)`]);
  });

  it("puts a dict into the model's order", () => {
    expect(settle(TABLE, ["b", "a"]).scaler).toMatchObject({ center: [2, 1], scale: [4, 3], typical: [2, 1] });
  });

  it("refuses a dict that lacks a feature, and warns of one too many", () => {
    expect(settle(TABLE, ["a", "c"]).errors[0]).toContain("its dict has no c");
    expect(settle(TABLE, ["b"]).warnings[0]).toContain("its dict has a, which the model does not take");
  });

  it("leaves the numbers of a scikit-learn scaler in their place", () => {
    expect(settle({ ...TABLE, byName: false }, ["b", "a"]).scaler?.center).toEqual([1, 2]);
  });
});
