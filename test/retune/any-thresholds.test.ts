import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/aggregate/seeded-random.ts";
import { findEvents } from "../../src/eventfiles/events-of-results.ts";
import { retuneResults } from "../../src/retune/retune-results.ts";
import { FLIGHT_PHASES } from "../../src/verdict/thresholds.ts";
import { readRows } from "../support/read-parquet.ts";
import { writeExplained, writeYaml, yamlOf } from "../support/retune-cases.ts";
import { scratch } from "../support/run.ts";

/** A window's decision, in the words of the rules. */
function decideNaively(
  { score, phases }: { score: number; phases: string[] },
  thresholds: { fallback: number; byPhase: Record<string, number>; moderate: number; severe: number },
): { anomaly: boolean; severity: number } {
  const ofPhase = (phase: string) =>
    thresholds.byPhase[phase] ??
    (["approach", "landing"].includes(phase) ? thresholds.byPhase.approach_landing : undefined) ??
    thresholds.fallback;
  const threshold = phases.length === 0 ? thresholds.fallback : Math.min(...phases.map(ofPhase));
  if (!(score >= threshold)) return { anomaly: false, severity: 0 };
  return { anomaly: true, severity: score >= thresholds.severe ? 3 : score >= thresholds.moderate ? 2 : 1 };
}

const anyThreshold = fc.integer({ min: 0, max: 16 }).map((half) => half / 2);
const anyWindow = fc.record({
  score: anyThreshold,
  phases: fc.subarray([...FLIGHT_PHASES], { minLength: 0, maxLength: 3 }),
});
const anyThresholds = fc.record({
  fallback: anyThreshold,
  byPhase: fc.dictionary(fc.constantFrom(...FLIGHT_PHASES, "approach_landing"), anyThreshold),
  levels: fc.tuple(anyThreshold, anyThreshold, anyThreshold).map((three) => three.sort((a, b) => a - b)),
});

describe("any thresholds", () => {
  it("decide as the rules say, ties between phases and scores at a border too", { timeout: 60_000 }, async () => {
    const own = scratch();
    const anyWindows = fc.array(anyWindow, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(anyWindows, anyThresholds, async (windows, { fallback, byPhase, levels }) => {
        const [minor, moderate, severe] = levels as [number, number, number];
        await writeExplained(join(own, "r.parquet"), windows, 20);
        const thresholds = writeYaml(yamlOf(byPhase, { fallback, minor, moderate, severe }));
        const output = join(own, "again.parquet");
        const retuned = await retuneResults({ thresholds, results: [join(own, "r.parquet")], output });
        const found = (await readRows(output)).map(({ is_anomaly, anomaly_severity }) => ({
          anomaly: is_anomaly,
          severity: anomaly_severity,
        }));
        const expected = windows.map((window) => decideNaively(window, { fallback, byPhase, moderate, severe }));
        expect(found).toEqual(expected);
        expect(retuned.overall.after.anomalies).toBe(expected.filter(({ anomaly }) => anomaly).length);
        expect(retuned.changes.to_anomaly).toBe(retuned.overall.after.anomalies);
        // Events by the code that makes them, one by one.
        const events = await findEvents({ results: [output], model: thresholds });
        expect(retuned.overall.after.events).toBe(events.events.length);
        const anomalies = retuned.curve.map((point) => point.anomalies);
        expect(anomalies).toEqual([...anomalies].sort((a, b) => b - a));
        expect(retuned.curve[6]).toMatchObject({ factor: 1, anomalies: retuned.overall.after.anomalies });
      }),
      { numRuns: 15 },
    );
  });

  it("raise as many events as the code that makes them one by one, by aircraft and phase", async () => {
    const own = scratch();
    const random = seededRandom(7);
    const windows = Array.from({ length: 3000 }, () => ({
      score: random() / 2 ** 32 < 0.35 ? 6 : 1,
      phases: [FLIGHT_PHASES[random() % 8]!],
    }));
    await writeExplained(join(own, "r.parquet"), windows, 500);
    for (const rule of [
      "consecutive_anomalies: 3, within_s: 30, cooldown_s: 60",
      "consecutive_anomalies: 2, cooldown_s: 25",
      "within_s: 5",
    ]) {
      const thresholds = writeYaml(`${yamlOf({ climb: 7 })}persistence_filters: { ${rule} }\n`);
      const output = join(own, "again.parquet");
      const { by_aircraft, by_phase, overall } = await retuneResults({
        thresholds,
        results: [join(own, "r.parquet")],
        output,
      });
      const { events, scoredHours } = await findEvents({ results: [output], model: thresholds, raisedOnly: true });
      expect(overall.after.events).toBe(events.length);
      expect(overall.after.scored_hours).toBeCloseTo(scoredHours, 9);
      for (const [aircraft, { after }] of Object.entries(by_aircraft))
        expect(after.events).toBe(events.filter(({ aircraftId }) => aircraftId === aircraft).length);
      expect(Object.values(by_phase).reduce((sum, { after }) => sum + after.events, 0)).toBe(events.length);
    }
  });
});
