import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { FeatureCache } from "../../src/task/feature-cache.ts";
import type { ScoredFile } from "../../src/task/score-file.ts";
import { type ScoringOptions, TestScorer } from "../support/scoring.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const DETECTOR = `${FIXTURES}models/engine_vibration_detector/`;
const INPUTS = {
  raw: `${FIXTURES}data/jittered/AC001_20251011_060000.parquet`,
  processed: `${FIXTURES}data/processed`,
  features: `${FIXTURES}data/features`,
  csv: `${FIXTURES}data/csv/AC001_20251012_060000.csv.gz`,
};

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.open(`${DETECTOR}1.0.0`);
});
afterAll(() => scorer.close());

let folder: string;
let cache: FeatureCache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flightbatch-cache-"));
  mkdirSync(join(folder, "data"));
  cache = new FeatureCache(join(folder, "cache"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A copy of an input under the given name. */
function copy(source = INPUTS.features, name = "AC001_20251011_060000.parquet"): string {
  const path = join(folder, "data", name);
  cpSync(source.endsWith("features") ? join(source, "AC001_20251011_060000.parquet") : source, path);
  return path;
}

async function score(path: string, options: ScoringOptions = {}, by = scorer): Promise<ScoredFile> {
  const { files } = await listInputs([path]);
  return by.score(files[0]!, { cache, ...options });
}

/** All of a result but what is a time. */
function lasting({ chunks, report }: ScoredFile) {
  const { elapsedMs, fromCache, ...rest } = report;
  return { report: rest, chunks: chunks.map(({ latenciesMs, ...chunk }) => chunk) };
}

function entries(): string[] {
  return readdirSync(join(folder, "cache"), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

describe("what comes from the cache is the same bit for bit", () => {
  it.each(Object.entries(INPUTS))("%s", async (_, input) => {
    const first = await score(input);
    const second = await score(input);
    expect([first.report.fromCache, second.report.fromCache]).toEqual([false, true]);
    expect(first.report.flights[0]!.scored).toBeGreaterThan(0);
    expect(lasting(second)).toEqual(lasting(first));
    const { files } = await listInputs([input]);
    expect(lasting(await scorer.score(files[0]!))).toEqual(lasting(first));
  });
});

describe("an entry serves for the same file, identity and recipe alone", () => {
  it.each<[string, (path: string) => void, ScoringOptions]>([
    ["another time of change", (path) => utimesSync(path, 1000, 1000), {}],
    ["a sidecar that names another aircraft", (path) => writeFileSync(`${path}.meta.json`, '{"aircraft_id": "X"}'), {}],
    ["another content", (path) => cpSync(`${INPUTS.features}/AC003_20251012_090000.parquet`, path), {}],
    ["another kind", () => {}, { kind: "features" }],
    ["another recipe", () => {}, { bundle: { digests: { recipe: "f".repeat(64) } } }],
  ])("%s", async (_, change, options) => {
    const path = copy();
    await score(path);
    expect((await score(path)).report.fromCache).toBe(true);
    change(path);
    const other = await score(path, options);
    expect(other.report.failure).toBeNull();
    expect(other.report.fromCache).toBe(false);
  });

  it("another flight of the same name, in its place", async () => {
    const path = copy();
    await score(path);
    cpSync(`${INPUTS.processed}/AC001_20251011_060000.parquet`, path);
    expect((await score(path)).report).toMatchObject({ kind: "processed", fromCache: false });
  });

  it("models of the same recipe share it, and others do not", async () => {
    await score(INPUTS.raw);
    const sameRecipe = await TestScorer.open(`${DETECTOR}2.0.0`);
    const otherRecipe = await TestScorer.open(`${DETECTOR}3.0.0`);
    const { files } = await listInputs([INPUTS.raw]);
    const shared = await score(INPUTS.raw, {}, sameRecipe);
    expect(shared.report.fromCache).toBe(true);
    expect(lasting(shared)).toEqual(lasting(await sameRecipe.score(files[0]!)));
    expect((await score(INPUTS.raw, {}, otherRecipe)).report.fromCache).toBe(false);
    await sameRecipe.close();
    await otherRecipe.close();
  });
});

describe("a damaged entry is made anew", () => {
  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["one bit", (bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))],
    ["cut short", (bytes) => bytes.subarray(0, bytes.length - 1)],
    ["empty", () => new Uint8Array(0)],
    ["something else", () => Buffer.from("not an entry at all, but longer than a digest of 32 bytes is")],
  ])("%s", async (_, damage) => {
    const path = copy();
    const first = await score(path);
    const [entry] = entries();
    const sound = readFileSync(entry!);
    writeFileSync(entry!, damage(Buffer.from(sound)));
    const second = await score(path);
    expect(second.report.fromCache).toBe(false);
    expect(lasting(second)).toEqual(lasting(first));
    expect(readFileSync(entry!).equals(sound)).toBe(true);
    expect((await score(path)).report.fromCache).toBe(true);
  });
});

it("a file that fails leaves no entry", async () => {
  const path = copy(`${FIXTURES}data/faulty/unreadable/AC091_20251012_000005.parquet`);
  expect((await score(path)).report.failure?.code).toBe("SIGNAL_MISSING");
  expect((await score(path)).report.failure?.code).toBe("SIGNAL_MISSING");
  expect(() => entries()).toThrow();
});

it("a cache that cannot be written costs the cache, not the file", async () => {
  writeFileSync(join(folder, "cache"), "a file where a folder should be");
  const scored = await score(copy());
  expect(scored.report.failure).toBeNull();
  expect(scored.report.warnings).toEqual([expect.stringContaining("feature cache cannot be written")]);
  expect(scored.report.flights[0]!.scored).toBeGreaterThan(0);
});
