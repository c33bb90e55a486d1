import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FeatureOp, FeatureSpec, Recipe, SignalSpec } from "../../src/features/recipe.ts";
import type { Thresholds } from "../../src/verdict/thresholds.ts";
import { COVERED, type WindowFeatures } from "../../src/windows/series.ts";
import { isUsable, oracleClean, type RawRow } from "./clean.ts";
import { oracleDecide } from "./decide.ts";
import { type ListRow, oracleLists } from "./lists.ts";
import { oracleWindows } from "./windows.ts";

// The cases come from scripts/make_oracle_cases.py: recordings of signals a, b and n, with another author's answers.

interface RecipeFile {
  window: { length_s: number; hop_s: number; min_coverage: number };
  signals: Record<string, { range?: [number, number]; fill: SignalSpec["fill"]; max_gap_s?: number }>;
  features: {
    name: string;
    op: FeatureOp;
    signal: string;
    seconds?: number;
    speed?: string;
    order?: number;
    rated_rpm?: number;
  }[];
}
/** Numbers in one text, `-` for none. */
type Cells = string;
interface Case {
  seed: number;
  recipe: RecipeFile;
  byPhase: Record<string, number>;
  windows: { start: number; values: Cells | null; phase: number | null }[];
}
interface SeriesRows {
  timestamp: Cells;
  a: Cells;
  b: Cells;
  n: Cells;
  b_quality: string;
  flight_phase: Cells;
}
type ListRowFile = { start: number; end: number | null; phase: number | null } & Record<"a" | "b" | "n", Cells | null>;
interface CaseFile {
  series: (Case & { originNs: string; rows: SeriesRows })[];
  lists: (Case & { rows: ListRowFile[] })[];
  decisions: {
    byPhase: Record<string, number>;
    /** Score, phase set, phase, whether an anomaly, severity. */
    cases: Cells[];
  }[];
}

const file: CaseFile = JSON.parse(readFileSync(new URL("reference-cases.json", import.meta.url), "utf8"));

function cells(text: Cells): (number | null)[] {
  return text === "" ? [] : text.split(" ").map((cell) => (cell === "-" ? null : Number(cell)));
}

function recipeOf(raw: RecipeFile): Recipe {
  const signals = Object.entries(raw.signals).map(([name, spec]): SignalSpec => {
    const { range = null, fill, max_gap_s: maxGapSeconds = 10 } = spec;
    return { name, columns: [name], range, fill, maxGapSeconds };
  });
  const features = raw.features.map(({ rated_rpm, ...rest }): FeatureSpec => {
    const spec: FeatureSpec = { ...rest, onMissing: "skip" };
    if (rated_rpm !== undefined) spec.ratedRpm = rated_rpm;
    return spec;
  });
  const { length_s: lengthSeconds, hop_s: hopSeconds, min_coverage: minCoverage } = raw.window;
  return { window: { lengthSeconds, hopSeconds, minCoverage }, clipSigma: null, signals, features };
}

function thresholdsOf(byPhase: Record<string, number>): Thresholds {
  return { default: 0.5, byPhase, severity: { minor: 0.4, moderate: 0.8, severe: 1.5 } };
}

function seriesOf(rows: SeriesRows, origin: bigint, recipe: Recipe) {
  const signals = [cells(rows.a), cells(rows.b), cells(rows.n)];
  const qualities = rows.b_quality.split(" ").map((word) => (word === "-" ? null : word));
  const phases = cells(rows.flight_phase);
  const raw = cells(rows.timestamp).map((offset, i): RawRow => {
    const timeNs = offset === null ? null : origin + BigInt(offset);
    return { timeNs, values: signals.map((x) => x[i]), qualities: [null, qualities[i], null], phase: phases[i] };
  });
  return oracleClean(raw, recipe);
}

function listRowOf(row: ListRowFile, recipe: Recipe): ListRow {
  const lists = recipe.signals.map((spec) => {
    const list = row[spec.name as "a" | "b" | "n"];
    return list === null ? null : cells(list).map((v) => (isUsable(v, spec) ? v : null));
  });
  return { startNs: row.start, endNs: row.end, phase: row.phase, lists };
}

/**
 * Both sides sum in another order, so values agree to 1e-9 of the value, or of 1 (every signal has a size of 1 to 100,
 * and a result that cancels to nothing has no digits of its own).
 */
function expectAnswers(got: WindowFeatures, { windows, recipe, byPhase }: Case): void {
  expect(got.count).toBe(windows.length);
  windows.forEach((expected, w) => {
    const where = `window ${w}`;
    expect(got.starts[w], where).toBe(expected.start);
    expect(oracleDecide(0, got.phaseSets[w], thresholdsOf(byPhase)).phase, where).toBe(expected.phase);
    expect(got.coverage[w] === COVERED, where).toBe(expected.values !== null);
    const values = expected.values === null ? [] : cells(expected.values);
    values.forEach((value, f) => {
      const found = got.features[f][w];
      const label = `${where}, ${recipe.features[f].name}: ${found} for ${value}`;
      if (value === null) expect(found, label).toBeNaN();
      else expect(Math.abs(found - value), label).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
    });
  });
}

describe("the oracle against the reference's answers", () => {
  it.each(file.series)("cuts and computes series $seed as the reference does", (given) => {
    const recipe = recipeOf(given.recipe);
    const clean = seriesOf(given.rows, BigInt(given.originNs), recipe);
    expect(clean.originNs).toBe(BigInt(given.originNs));
    expect(clean.counts).toMatchObject({ noTime: 1, timeImplausible: 2, duplicateTime: 3 });
    expectAnswers(oracleWindows(clean.input, recipe), given);
  });

  it.each(file.lists)("computes the lists of $seed as the reference does", (given) => {
    const recipe = recipeOf(given.recipe);
    expectAnswers(
      oracleLists(
        given.rows.map((row) => listRowOf(row, recipe)),
        recipe,
      ),
      given,
    );
  });

  it.each(file.decisions)("decides as the reference does with thresholds $byPhase", ({ byPhase, cases }) => {
    for (const [score, set, phase, anomaly, severity] of cases.map(cells)) {
      const decision = oracleDecide(score!, set!, thresholdsOf(byPhase));
      expect(decision).toMatchObject({ phase, isAnomaly: anomaly === 1, severity });
    }
  });
});
