import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { compareResults } from "../../src/compare/compare-results.ts";
import { findEvents } from "../../src/eventfiles/events-of-results.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { readThresholds } from "../../src/model/read-thresholds.ts";
import { retuneResults } from "../../src/retune/retune-results.ts";
import { FLIGHT_PHASES } from "../../src/verdict/thresholds.ts";
import { query } from "../support/read-parquet.ts";
import { writeExplained, writeYaml, yamlOf } from "../support/retune-cases.ts";
import { detector, digestOfRows, fixture, scratch } from "../support/run.ts";
import { writeResults } from "../support/write-results.ts";

let folder = "";
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = scratch();
  await runBatch({ model: detector("1.0.0"), data: [fixture("data/raw")], output: at("plain.parquet") });
}, 60_000);

it("counts the alerts that the commands events and compare count", async () => {
  const results = [at("plain.parquet")];
  const { overall, by_aircraft } = await retuneResults({ thresholds: detector("1.0.0"), results });
  const { events } = await findEvents({ results });
  const raised = events.filter(({ status }) => status === "raised");
  expect(raised.length).toBeGreaterThan(0);
  expect(raised.length).toBeLessThan(events.length);
  expect(overall.before.events).toBe(raised.length);
  const comparison = await compareResults({ a: results[0]!, b: results[0]! });
  expect(comparison.a.warnings).toEqual([]);
  expect(comparison.overall.workload.a).toEqual(overall.before);
  for (const [aircraft, { workload }] of Object.entries(comparison.by_aircraft))
    expect(workload.b).toEqual(by_aircraft[aircraft]!.before);
});

describe("thresholds for a wanted rate", () => {
  it.each([
    ["windows", 2000],
    ["events", 300],
  ] as const)(
    "give at most that many %s, and nearly so many, and are a file that a bundle may have",
    async (counted, targetRate) => {
      const own = scratch();
      const windows = Array.from({ length: 4000 }, (_, i) => ({
        score: Math.abs(Math.sin(i * 0.71) * Math.cos(i * 0.013)) * 10 + (i % 97) / 100,
        phases: [FLIGHT_PHASES[Math.floor(i / 100) % 8]!],
      }));
      await writeExplained(join(own, "r.parquet"), windows, 800);
      const given = `# kept\n${yamlOf({ approach_landing: 4, cruise: 5 })}`;
      const thresholds = writeYaml(given);
      const write = join(own, "new.yaml");
      const results = [join(own, "r.parquet")];
      const { proposal } = await retuneResults({ thresholds, results, targetRate, counted, write });
      const rate = counted === "events" ? "events_per_100_hours" : "anomalies_per_100_hours";
      expect(proposal).toMatchObject({ target_rate: targetRate, counted, is_reached: true });
      expect(proposal!.load[rate]!).toBeLessThanOrEqual(targetRate);
      expect(proposal!.load[rate]!).toBeGreaterThan(0.8 * targetRate);
      expect(Object.keys(proposal!.thresholds).sort()).toEqual(
        ["approach_landing", "climb", "cruise", "descent", "ground", "takeoff", "taxi"].sort(),
      );
      expect(readFileSync(write, "utf8")).toContain("# kept");
      const written = await readThresholds(write);
      expect(written.thresholds.byPhase).toEqual(proposal!.thresholds);
      const applied = await retuneResults({ thresholds: write, results });
      expect(applied.overall.after).toEqual(proposal!.load);
    },
  );

  it("of 0 leave no alert, and of more than there can be are said to", async () => {
    const results = [at("plain.parquet")];
    const none = await retuneResults({ thresholds: detector("1.0.0"), results, targetRate: 0, counted: "windows" });
    expect(none.proposal!.load.anomalies).toBe(0);
    const all = await retuneResults({ thresholds: detector("1.0.0"), results, targetRate: 1e9, counted: "windows" });
    expect(all.proposal!.is_reached).toBe(false);
  });

  it("make a bundle that can be run, and the run decides as retune said", async () => {
    const own = join(scratch(), "detector", "2");
    mkdirSync(own, { recursive: true });
    for (const name of ["model.onnx", "scaler.pkl", "signature.json", "preprocess.yaml"])
      writeFileSync(join(own, name), readFileSync(join(detector("1.0.0"), name)));
    const results = [at("plain.parquet")];
    const write = join(own, "thresholds.yaml");
    const output = at("again.parquet");
    await retuneResults({ thresholds: detector("1.0.0"), results, targetRate: 1000, counted: "windows", write });
    await retuneResults({ thresholds: write, results, output });
    expect((await loadBundle(own)).warnings).toEqual([]);
    await runBatch({ model: own, data: [fixture("data/raw")], output: at("run.parquet") });
    expect(await digestOfRows(output)).toBe(await digestOfRows(at("run.parquet")));
  });
});

describe("what cannot be decided again", () => {
  it("is results that nothing explains", async () => {
    const path = await writeResults(join(scratch(), "r.parquet"), [{ at: "2025-01-01T00:00:00" }]);
    await expect(retuneResults({ thresholds: detector("1.0.0"), results: [path] })).rejects.toMatchObject({
      detail: { code: "USAGE", found: expect.stringContaining("windows.parquet") },
    });
  });

  it("is thresholds that contradict themselves, each fault named", async () => {
    const thresholds = writeYaml(yamlOf({ cruise: Number.NaN }, { moderate: 9 }));
    await expect(retuneResults({ thresholds, results: [at("plain.parquet")] })).rejects.toMatchObject({
      detail: { code: "BUNDLE_INVALID", items: expect.arrayContaining([expect.stringContaining("ascending")]) },
    });
  });

  it("is what would overwrite what is read, or asks for a file of no rate", async () => {
    const given = { thresholds: detector("1.0.0"), results: [at("plain.parquet")] };
    const before = readFileSync(at("plain.parquet"));
    for (const more of [
      { output: at("plain.parquet") },
      { write: at("x.yaml") },
      { output: at("x.csv") },
      { targetRate: -1 },
    ])
      await expect(retuneResults({ ...given, ...more })).rejects.toMatchObject({ detail: { code: "USAGE" } });
    expect(readFileSync(at("plain.parquet"))).toEqual(before);
    expect(existsSync(at("x.yaml"))).toBe(false);
  });

  it("is not results without a row: zeros, and no rate", async () => {
    const path = join(scratch(), "r.parquet");
    await writeExplained(path, [{ score: 1, phases: [] }], 1);
    const empty = join(scratch(), "none.parquet");
    await query(`COPY (FROM '${path}' LIMIT 0) TO '${empty}' (FORMAT parquet)`);
    const retuned = await retuneResults({ thresholds: detector("1.0.0"), results: [empty], targetRate: 5 });
    expect(retuned.identical).toBe(true);
    expect(retuned.overall.after).toEqual({
      windows: 0,
      scored_hours: 0,
      anomalies: 0,
      events: 0,
      anomalies_per_100_hours: null,
      events_per_100_hours: null,
    });
    expect(JSON.stringify(retuned)).not.toContain("NaN");
  });
});

it("counts the same window of two files once, and says that ties are not known of older results", async () => {
  const own = scratch();
  const windows = Array.from({ length: 40 }, (_, i) => ({ score: i % 7, phases: ["cruise"] }));
  await writeExplained(join(own, "a.parquet"), windows, 20);
  await query(
    `COPY (SELECT * EXCLUDE tied_phases FROM '${join(own, "a.parquet")}' LIMIT 30) TO '${join(own, "b.parquet")}' (FORMAT parquet)`,
  );
  const both = await retuneResults({ thresholds: detector("1.0.0"), results: [own] });
  const one = await retuneResults({ thresholds: detector("1.0.0"), results: [join(own, "a.parquet")] });
  expect([both.overall, both.repeated_windows]).toEqual([one.overall, 30]);
  expect(both.warnings.join("\n")).toContain("tied_phases");
});
