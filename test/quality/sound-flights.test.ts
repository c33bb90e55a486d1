import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFleet } from "../../src/fleet/write-fleet.ts";
import { listInputs } from "../../src/io/list-inputs.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import type { FileReport } from "../../src/results/reports.ts";
import { scoreFile } from "../../src/task/score-file.ts";
import { Stopwatch } from "../../src/task/stopwatch.ts";
import { detector, fixture, scratch } from "../support/run.ts";

/** What is found in each file, without scoring it. */
async function check(version: string, data: string): Promise<FileReport[]> {
  const bundle = await loadBundle(detector(version));
  const { files } = await listInputs([data]);
  const reports: FileReport[] = [];
  for (const file of files) {
    const scorer = {
      ...{
        bundle,
        batchSize: 16,
        filter: null,
        inputKind: null,
        cache: null,
        stopwatch: new Stopwatch(),
        checkOnly: true,
      },
      run: () => Promise.reject(new Error("nothing is to be scored")),
    };
    reports.push((await scoreFile(file, scorer)).report);
  }
  return reports;
}

/** The files with findings, each as its name and its checks. */
function told(reports: FileReport[]): Record<string, string> {
  const odd = reports.filter(({ quality }) => quality.length > 0);
  const words = ({ quality }: FileReport) =>
    quality
      .map(({ check: name, signal, count }) => [name, signal, count].filter((part) => part !== null).join(" "))
      .join(", ");
  return Object.fromEntries(odd.map((report) => [report.path.slice(-11, -8), words(report)]));
}

describe("sound flights have no findings", () => {
  it.each([
    ["1.0.0", "raw"],
    ["1.1.0", "raw"],
    ["2.0.0", "raw"],
    ["3.0.0", "raw"],
    ["1.0.0", "jittered"],
    ["3.0.0", "jittered"],
    ["1.2.0", "interim"],
    ["1.2.0", "csv"],
    ["1.0.0", "processed"],
    ["1.0.0", "features"],
  ])("of %s in %s", async (version, form) => {
    const reports = await check(version, fixture(`data/${form}`));
    expect(reports.length).toBeGreaterThanOrEqual(2);
    expect(reports.map(({ failure }) => failure)).toEqual(reports.map(() => null));
    expect(told(reports)).toEqual({});
  });

  it("of a fleet, but for what its recorders lost", async () => {
    for (const [version, rateHz] of [
      ["1.0.0", 100],
      ["1.2.0", 10],
    ] as const) {
      const directory = join(scratch(), "fleet");
      const made = await writeFleet({ directory, aircraft: 6, days: 2, flightSeconds: 400, rateHz, seed: 5 });
      const reports = await check(version, directory);
      expect(reports).toHaveLength(made.length);
      const found = reports.flatMap(({ quality }) =>
        quality.map(({ check: name, signal, worst }) => ({ name, signal, worst })),
      );
      for (const finding of found) expect(finding).toEqual({ name: "out_of_range", signal: "n1", worst: -999 });
      expect(found.length).toBeLessThan(made.length / 3);
    }
  });
});

it("finds what is the matter with each of the odd ones, and nothing else", async () => {
  expect(told(await check("1.0.0", fixture("data/faulty/odd_but_valid")))).toEqual({
    "001": "time_backwards 12044",
    "002": "duplicate_time 4000, time_backwards 1",
    "013": "no_time 270",
    "015": "several_flights 2",
    "016": "time_implausible 2",
    "017": "out_of_range n1 400",
    "018": "rate vib_turbine 15000",
  });
});

it("finds recordings too slow for the order that the recipe tracks", async () => {
  const reports = await check("1.0.0", fixture("data/interim"));
  expect(reports.flatMap(({ quality }) => quality.map(({ check: name, signal }) => `${name} ${signal}`))).toEqual(
    Array(6).fill("rate vib_fan"),
  );
});
