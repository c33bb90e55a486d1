import { linkSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeFleet, startRun } from "../support/fault-run.ts";
import { peakOfRun } from "../support/memory-of-run.ts";
import { digestOfRows, scratch } from "../support/run.ts";
import { python } from "./python.ts";

const MIB = 2 ** 20;
const NAME = "AC001_20251009_085320.parquet";
const DAY_WINDOWS = 17_279;

const base = scratch();
const data = (name: string) => join(base, name);

interface MemoryOfRun {
  options: { workers: number };
  memory: { limitBytes: number; peakBytes: number; method: string; workers: { pid: number }[] };
  tasks: { total: number };
}

/** Runs over a folder of `base`, with what it left and what it took. */
async function runOver(folder: string, name: string, more: string[]) {
  const output = join(base, `${name}.parquet`);
  const { code, stderr, peakBytes } = await peakOfRun(startRun({ data: [data(folder)], output, more }));
  expect(code, stderr).toBe(0);
  const report = JSON.parse(readFileSync(join(base, `${name}.run/run.json`), "utf8")) as MemoryOfRun;
  const summary = JSON.parse(readFileSync(join(base, `${name}.run/summary.json`), "utf8"));
  return { report, summary, peakBytes, digest: await digestOfRows(output) };
}

/** That the processes stayed below the limit, by our own measurement, and that the run says of itself no less than that. */
function expectWithin(limitMib: number, { report, peakBytes }: { report: MemoryOfRun; peakBytes: number }): void {
  expect(peakBytes / MIB).toBeLessThan(limitMib);
  expect(report.memory).toMatchObject({ limitBytes: limitMib * MIB, method: "sampled" });
  expect(report.memory.peakBytes / MIB).toBeLessThan(limitMib);
  // The two look at different moments.
  expect(report.memory.peakBytes).toBeGreaterThan(0.7 * peakBytes);
}

function makeFlight(folder: string, [hours, rowsPerGroup, ballast]: [number, number, number]): string {
  mkdirSync(data(folder));
  const path = join(data(folder), NAME);
  python("test/system/make_long_flight.py", [path, hours, rowsPerGroup, ballast].map(String));
  return path;
}

describe("a flight of 24 hours at 100 Hz, 8.64 million rows", () => {
  let unlimited: Awaited<ReturnType<typeof runOver>>;
  beforeAll(async () => {
    const path = makeFlight("day", [24, 200_000, 0]);
    mkdirSync(data("days"));
    for (const aircraft of ["AC001", "AC002"]) linkSync(path, join(data("days"), NAME.replace("AC001", aircraft)));
    unlimited = await runOver("day", "unlimited", []);
    expect(unlimited.summary).toMatchObject({ windows_of_grid: DAY_WINDOWS });
    expect(unlimited.summary.total_windows).toBeGreaterThan(0.9 * DAY_WINDOWS);
  });

  it("is scored within 2 GiB, to the last bit as without a limit", async () => {
    const limited = await runOver("day", "limited", ["--memory-limit", "2GiB"]);
    expectWithin(2048, limited);
    expect(limited.digest).toBe(unlimited.digest);
  });

  it("waits for another of its size where there is no room for both", async () => {
    const both = await runOver("days", "both", ["--memory-limit", "1.5GiB"]);
    expectWithin(1536, both);
    expect(both.summary.total_windows).toBe(2 * unlimited.summary.total_windows);
  });

  it("is scored within 2 GiB also where all of its rows are one row group", async () => {
    makeFlight("one-group", [24, 100_000_000, 0]);
    const oneGroup = await runOver("one-group", "one-group", ["--memory-limit", "2GiB"]);
    expectWithin(2048, oneGroup);
    expect(oneGroup.digest).toBe(unlimited.digest);
  });
});

it("scores a file that is larger than the limit", async () => {
  const path = makeFlight("large", [6, 100_000, 45]);
  expect(statSync(path).size / MIB).toBeGreaterThan(640);
  const limited = await runOver("large", "large", ["--memory-limit", "640MiB", "--workers", "1"]);
  expectWithin(640, limited);
  const narrow = makeFlight("narrow", [6, 100_000, 0]);
  expect(statSync(narrow).size / MIB).toBeLessThan(100);
  expect(limited.digest).toBe((await runOver("narrow", "narrow", [])).digest);
});

it("scores the small files of 64 workers with as many workers as fit", async () => {
  makeFleet(data("fleet"), 24);
  const limited = await runOver("fleet", "fleet", ["--memory-limit", "1GiB", "--workers", "64"]);
  expectWithin(1024, limited);
  expect(limited.report.options.workers).toBe(4);
  expect(limited.digest).toBe((await runOver("fleet", "fleet-unlimited", [])).digest);
});
