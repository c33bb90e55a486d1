import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Manifest, writeManifest } from "../../src/dataset/manifest.ts";
import { findDataSetFile, foreignFile, settleDataSet } from "../../src/dataset/settle.ts";
import { scratch } from "../support/run.ts";

const hash = (digit: string) => digit.repeat(32);
const place = (aircraft: string, digit: string) =>
  `date=2025-10-12/aircraft_id=${aircraft}/part-${hash(digit)}.parquet`;
const staged = (aircraft: string, digit: string) => `_staging/${place(aircraft, digit)}.staged`;

function put(folder: string, ...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}

function filesIn(folder: string): string[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true }) as {
      name: string;
      parentPath: string;
      isFile(): boolean;
    }[]
  )
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

function manifestOf(...paths: string[]): Manifest {
  return {
    format: "flightbatch data set",
    layout: 1,
    coverage: null,
    files: paths.map((path) => ({ path })),
  } as unknown as Manifest;
}

describe("settleDataSet", () => {
  it("brings a run to its end that was killed after its manifest: what waits goes to its place, what is not named goes", async () => {
    const folder = scratch();
    put(folder, place("A", "1"), place("B", "2"), staged("A", "3"), staged("C", "4"), "notes.txt");
    await writeManifest(folder, manifestOf(place("A", "3"), place("B", "2"), place("C", "4")));
    expect(await findDataSetFile(folder, place("A", "3"))).toBe(join(folder, staged("A", "3")));
    await settleDataSet(folder);
    const settled = ["_manifest.json", "notes.txt", place("A", "3"), place("B", "2"), place("C", "4")].sort();
    expect(filesIn(folder)).toEqual(settled);
    expect(existsSync(join(folder, "_staging"))).toBe(false);
    expect(await findDataSetFile(folder, place("A", "3"))).toBe(join(folder, place("A", "3")));
    await settleDataSet(folder);
    expect(filesIn(folder)).toEqual(settled);
  });

  it("removes what a run staged that was killed before its manifest, and leaves the rest as it is", async () => {
    const folder = scratch();
    put(folder, place("A", "1"), staged("A", "3"));
    await writeManifest(folder, manifestOf(place("A", "1")));
    await settleDataSet(folder);
    expect(filesIn(folder)).toEqual(["_manifest.json", place("A", "1")].sort());
  });

  it("removes folders that it empties, and no file that is not its own", async () => {
    const folder = scratch();
    put(folder, place("A", "1"), "date=2025-10-12/aircraft_id=B/own.parquet");
    await writeManifest(folder, manifestOf());
    await settleDataSet(folder);
    expect(filesIn(folder)).toEqual(["_manifest.json", "date=2025-10-12/aircraft_id=B/own.parquet"]);
    expect(existsSync(join(folder, "date=2025-10-12/aircraft_id=A"))).toBe(false);
  });
});

describe("foreignFile", () => {
  it("finds files that are not a data set's in a folder without a manifest", async () => {
    const folder = scratch();
    put(folder, place("A", "1"), staged("A", "3"), ".hidden", "_SUCCESS");
    expect(await foreignFile(folder, null)).toBeNull();
    put(folder, "sub/results.parquet");
    expect(await foreignFile(folder, null)).toBe(join(folder, "sub/results.parquet"));
    expect(await foreignFile(join(folder, "nowhere"), null)).toBeNull();
  });
});
