import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { comparisonAsText } from "../../src/cli/compare-text.ts";
import { compareResults } from "../../src/compare/compare-results.ts";
import type { Comparison } from "../../src/compare/comparison.ts";
import { Fault } from "../../src/faults/fault.ts";
import { makeReport } from "../../src/report/make-report.ts";
import { query } from "../support/read-parquet.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";

const RAW = fixture("data/raw/engine_vibration/2025-10");
const folder = scratch();
const data = join(folder, "data");

type Changes = Record<string, (old: Buffer) => string | Buffer>;

/** A copy of the bundle 1.0.0 in which some files are changed. */
function variant(name: string, changes: Changes): string {
  const directory = join(folder, "models", name, "1.0.0");
  mkdirSync(join(folder, "models", name), { recursive: true });
  cpSync(detector("1.0.0"), directory, { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    const path = join(directory, file);
    writeFileSync(path, change(readFileSync(path)));
  }
  return directory;
}

const FILE_OF: Record<string, string> = { network: "model.onnx", scaler: "scaler.pkl" };
const of110 = (name: string) => () => readFileSync(join(detector("1.1.0"), name));

/** Replaces in a text, where there is something to replace. */
function replaced(from: RegExp, to: string) {
  return (old: Buffer) => {
    expect(old.toString("utf8")).toMatch(from);
    return old.toString("utf8").replace(from, to);
  };
}

const LOWER = replaced(/flight_phase_thresholds:[\s\S]*?(?=\n\w)/, "flight_phase_thresholds: {cruise: 0.4}");
const OTHER_OP = replaced(/op: peak,/, "op: peak_to_peak,");

const made = new Map<string, Promise<string>>();

/** The results of a bundle over the recordings, made once. */
function results(name: string, model: () => string): Promise<string> {
  const known = made.get(name) ?? makeResults(name, model());
  made.set(name, known);
  return known;
}

async function makeResults(name: string, model: string): Promise<string> {
  const output = join(folder, `${name}.parquet`);
  const flags = ["--model", model, "--data", data, "--output", output, "--workers", "1", "--quiet"];
  const { code, stderr } = await run(["run", ...flags], { cwd: folder });
  expect(code, stderr).toBe(0);
  return output;
}

const base = () => results("base", () => detector("1.0.0"));
const withLowerThresholds = () => results("thresholds", () => variant("thresholds", { "thresholds.yaml": LOWER }));

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function expectAllOn({ attribution, attribution_missing, differences, ...found }: Comparison, part: string): void {
  expect(attribution, attribution_missing ?? "").not.toBeNull();
  const flips = differences.decisions;
  expect(flips).toBeGreaterThan(0);
  expect(attribution).toMatchObject({ parts: [part], taken_together: null, flips, attributed: flips, problems: [] });
  const { normal_to_anomaly, anomaly_to_normal } = found.overall;
  expect(attribution!.totals).toEqual({
    [part]: { normal_to_anomaly, anomaly_to_normal, flips, share: 1, alone: flips },
  });
  expect(sum(Object.values(attribution!.by_aircraft).map((totals) => totals[part]!.flips))).toBe(flips);
  expect(sum(Object.values(attribution!.by_phase!).map((totals) => totals[part]!.flips))).toBe(flips);
  for (const { flip, shares } of found.top_windows) expect(shares).toEqual(flip === null ? null : { [part]: 1 });
}

beforeAll(() => {
  for (const name of ["AC001_20251011_060000.parquet", "AC002_20251011_073000.parquet"])
    for (const ending of ["", ".meta.json"]) cpSync(join(RAW, `${name}${ending}`), join(data, `${name}${ending}`));
});

describe("bundles that differ in one part", () => {
  it.each<[string, string, Changes]>([
    ["thresholds", "lower thresholds", { "thresholds.yaml": LOWER }],
    ["scaler", "the scaler of another version", { "scaler.pkl": of110("scaler.pkl") }],
    ["network", "the network of another version", { "model.onnx": of110("model.onnx") }],
    ["recipe", "another op", { "preprocess.yaml": OTHER_OP }],
  ])("gives all flips to the %s, for %s", async (part, _what, changes) => {
    const other = await results(part, () => variant(part, changes));
    expectAllOn(await compareResults({ a: await base(), b: other }), part);
  });
});

describe("bundles that differ in several parts", () => {
  it("shares each flip out so that its shares add up to 1, and leaves out what is the same", async () => {
    const found = await compareResults({ a: await base(), b: await results("1.1.0", () => detector("1.1.0")) });
    const { parts, totals, attributed, by_aircraft } = found.attribution!;
    const against = { ...totals.network!, flips: -0.5, normal_to_anomaly: -0.5 };
    const odd = { ...found, attribution: { ...found.attribution!, totals: { ...totals, network: against } } };
    expect(comparisonAsText(odd)).toContain("below 0: the part was, in sum, against these flips");
    const plain = {
      ...found,
      attribution: { ...found.attribution!, totals: { network: { ...against, flips: 1, normal_to_anomaly: 1 } } },
    };
    expect(comparisonAsText(plain)).not.toContain("below 0");
    expect(parts).toEqual(["network", "scaler", "thresholds"]);
    expect(attributed).toBe(found.differences.decisions);
    expect(sum(Object.values(totals).map(({ share }) => share))).toBeCloseTo(1, 8);
    expect(sum(Object.values(totals).map(({ flips }) => flips))).toBeCloseTo(attributed, 6);
    const perAircraft = Object.values(by_aircraft).map((group) => sum(Object.values(group).map(({ flips }) => flips)));
    expect(perAircraft.length).toBeGreaterThan(1);
    for (const flips of perAircraft) expect(flips).toBeCloseTo(Math.round(flips), 6);
    const flipped = found.top_windows.filter(({ flip }) => flip !== null);
    expect(flipped.length).toBeGreaterThan(0);
    for (const { shares } of flipped) expect(sum(Object.values(shares!))).toBeCloseTo(1, 9);
  });

  it.each(["network", "scaler"])(
    "knows what the %s alone would flip: what a run with it in the other bundle flips",
    async (part) => {
      const [a, b] = [await base(), await results("1.1.0", () => detector("1.1.0"))];
      const swapped = await results(part, () => variant(part, { [FILE_OF[part]!]: of110(FILE_OF[part]!) }));
      const found = await compareResults({ a, b });
      const [row] =
        await query(`SELECT count(*)::INTEGER AS n FROM read_parquet('${a}') a JOIN read_parquet('${b}') b USING (window_id)
      JOIN read_parquet('${swapped}') s USING (window_id) WHERE a.is_anomaly <> b.is_anomaly AND s.is_anomaly = b.is_anomaly`);
      expect(row!.n).toBeGreaterThan(0);
      expect(found.attribution!.totals[part]!.alone).toBe(row!.n);
    },
  );

  it("takes network, scaler and recipe together where the features have other names", async () => {
    const found = await compareResults({ a: await base(), b: await results("renamed", renamed) });
    const { parts, taken_together, totals, flips } = found.attribution!;
    expect(parts).toEqual(["network+scaler+recipe", "thresholds"]);
    expect(taken_together).toContain("only A: vib_fan_peak; only B: vib_fan_top");
    expect(sum(Object.values(totals).map(({ flips: share }) => share))).toBeCloseTo(flips, 6);
  });
});

/** A bundle about a feature of another name, with lower thresholds. */
function renamed(): string {
  const rename = (old: Buffer) => old.toString("utf8").replaceAll("vib_fan_peak", "vib_fan_top");
  return variant("renamed", {
    "preprocess.yaml": (old) => OTHER_OP(Buffer.from(rename(old))),
    "signature.json": rename,
    "thresholds.yaml": (old) => LOWER(Buffer.from(rename(old))),
    "scaler.pkl": () => {
      const numbers = { mean: [] as number[], std: [] as number[] };
      for (let i = 0; i < 9; i++) {
        numbers.mean.push([1.95, 2.95, 1.55, 1.19, 0.72, 68.6, 87.3, 647, 0.04][i]!);
        numbers.std.push([0.28, 0.29, 0.21, 0.16, 0.03, 23.6, 11.1, 155, 1.5][i]!);
      }
      return JSON.stringify({ scaler_type: "StandardScaler", num_features: 9, ...numbers });
    },
  });
}

describe("what cannot be attributed", () => {
  it("attributes so many flights and says how many flips are in the others; or none where nobody asks", async () => {
    const files = { a: await base(), b: await withLowerThresholds() };
    const found = (await compareResults({ ...files, attributedFlights: 1 })).attribution!;
    expect(found.attributed).toBeGreaterThan(0);
    expect(found.flips_in_flights_left_out).toBe(found.flips - found.attributed);
    expect(found.flips_in_flights_left_out).toBeGreaterThan(0);
    const none = await compareResults({ ...files, attribution: false });
    expect(none).toMatchObject({ attribution: null, attribution_missing: "not asked for" });
  });

  it("wants to know the bundles of results that have no run beside them, and takes them from who says so", async () => {
    const files = { a: await base(), b: join(folder, "lone.parquet") };
    cpSync(await withLowerThresholds(), files.b);
    expect((await compareResults(files)).attribution_missing).toMatch(/nothing beside .*lone\.parquet says/);
    const changed = join(folder, "models/thresholds/1.0.0");
    const bare = await compareResults(files);
    expect(bare.a.warnings).toEqual([]);
    expect(bare.b.warnings).toEqual([
      expect.stringMatching(/nothing beside .*lone\.parquet says.*those of A are counted so too/),
    ]);
    const both = await compareResults({ a: files.b, b: files.b });
    expect(bare.overall.workload.b).toEqual(both.overall.workload.b);
    const copy = join(folder, "alone.parquet");
    cpSync(files.a, copy);
    const neither = await compareResults({ a: copy, b: files.b });
    expect(bare.overall.workload).toEqual(neither.overall.workload);
    const ruled = (await compareResults({ a: files.a, b: files.a })).overall.workload.a;
    expect(bare.overall.workload.a.events).toBeGreaterThan(ruled.events);
    const { attribution, differences } = await compareResults({ ...files, models: [detector("1.0.0"), changed] });
    expect(attribution!.attributed).toBe(differences.decisions);
    const swapped = compareResults({ ...files, models: [changed, detector("1.0.0")] });
    await expect(swapped).rejects.toThrow(Fault);
    await expect(swapped).rejects.toThrow(/expected the one that made .*base\.parquet/);
  });

  it("finds recordings from the folder the run was started in, though the results were moved", async () => {
    const home = join(folder, "home");
    const away = join(folder, "away");
    cpSync(data, join(home, "data"), { recursive: true, preserveTimestamps: true });
    const { code, stderr } = await run(
      ["run", "--model", detector("1.1.0"), "--data", "data", "--output", "r.parquet", "--workers", "1", "--quiet"],
      { cwd: home },
    );
    expect(code, stderr).toBe(0);
    for (const name of ["r.parquet", "r.run"]) {
      cpSync(join(home, name), join(away, name), { recursive: true });
    }
    const models = [detector("1.1.0"), detector("1.0.0")] as const;
    const { attribution, differences } = await compareResults({ a: join(away, "r.parquet"), b: await base(), models });
    expect(attribution!.problems).toEqual([]);
    expect(attribution!.attributed).toBe(differences.decisions);
    const { flights } = await makeReport({ results: join(away, "r.parquet"), beside: join(away, "r.html") });
    expect(flights[0]!.signals.length).toBeGreaterThan(0);
  });

  it("says that a recording, or a bundle, is no longer what it was", async () => {
    const files = { a: await base(), b: await withLowerThresholds() };
    utimesSync(join(data, "AC001_20251011_060000.parquet"), 1, 1);
    const { attribution } = await compareResults(files);
    expect(attribution!.flips_without_recording).toBeGreaterThan(0);
    expect(attribution!.attributed).toBe(attribution!.flips - attribution!.flips_without_recording);
    expect(attribution!.problems).toEqual([expect.stringMatching(/AC001_.*changed since it was scored/)]);
    cpSync(join(detector("1.0.0"), "thresholds.yaml"), join(folder, "models/thresholds/1.0.0/thresholds.yaml"));
    expect((await compareResults(files)).attribution_missing).toContain("is no longer the one that made");
  });
});
