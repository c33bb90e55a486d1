import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { ModelBundle } from "../../src/model/bundle.ts";
import { thresholdOfPhase } from "../../src/verdict/thresholds.ts";
import { readRows } from "./read-parquet.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;

/** A case of the reference's answers: a folder of inputs and the version of the model. */
export interface GoldenCase {
  name: string;
  data: string;
  model: string;
}

/** Every case there is. */
export const GOLDEN_CASES: GoldenCase[] = [
  ["raw", "1.0.0"],
  ["raw", "1.1.0"],
  ["raw", "2.0.0"],
  ["raw", "3.0.0"],
  ["jittered", "1.0.0"],
  ["jittered", "3.0.0"],
  ["interim", "1.2.0"],
  ["csv", "1.2.0"],
  ["processed", "1.0.0"],
  ["features", "1.0.0"],
  ["faulty/odd_but_valid", "1.0.0"],
].map(([folder, version]) => ({
  name: `${folder!.split("/").pop()}-${version}`,
  data: `${FIXTURES}data/${folder}`,
  model: `${FIXTURES}models/engine_vibration_detector/${version}`,
}));

/** What the reference counts per file of a case. */
export function goldenCounts(golden: GoldenCase): {
  windows: number;
  skipped: number;
  files: Record<string, { windows: number; skipped: number }>;
} {
  return JSON.parse(readFileSync(`${FIXTURES}golden/${golden.name}.json`, "utf8"));
}

/** Expects results to agree with the reference: scores within rtol 1e-4 and atol 1e-5, all else exactly, but for decisions within that of a threshold. */
export async function expectGolden(golden: GoldenCase, resultsPath: string, bundle: ModelBundle): Promise<void> {
  const expected = await readRows(`${FIXTURES}golden/${golden.name}.parquet`);
  const actual = await readRows(resultsPath);
  expect(actual.length).toBe(expected.length);
  const limits = [
    bundle.thresholds.default,
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((phase) => thresholdOfPhase(bundle.thresholds, phase)),
    ...Object.values(bundle.thresholds.severity),
  ];
  for (const [i, want] of expected.entries()) {
    const got = actual[i]!;
    for (const key of ["window_id", "aircraft_id", "flight_id", "timestamp"])
      expect(got[key], `${key} of row ${i}`).toEqual(want[key]);
    const score = want.anomaly_score as number;
    const tolerance = 1e-5 + 1e-4 * Math.abs(score);
    expect(
      Math.abs((got.anomaly_score as number) - score),
      `score of row ${i} (${got.anomaly_score} for ${score})`,
    ).toBeLessThanOrEqual(tolerance);
    if (limits.some((limit) => Math.abs(score - limit) <= tolerance)) continue;
    for (const key of ["is_anomaly", "anomaly_severity"])
      expect(got[key], `${key} of row ${i}, score ${score}`).toEqual(want[key]);
  }
}
