import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flightName, madeFleet } from "../../bench/fleet-data.ts";

test("flights are named by aircraft in turn, two hours apart", () => {
  expect(flightName(0)).toBe("AC001_20251001_060000.parquet");
  expect(flightName(26)).toBe("AC002_20251003_100000.parquet");
});

test("a fleet is made once, eight flights of it distinct and the others links to them", async () => {
  const cache = await mkdtemp(join(tmpdir(), "bench-fleet-"));
  try {
    const size = { flights: 10, seconds: 30, rateHz: 10 };
    const made = await madeFleet(size, cache);
    const names = (await readdir(made.folder)).sort();
    expect(names).toHaveLength(10);
    expect(made).toMatchObject({ files: 10, title: "10 flights of 30 s at 10 Hz" });
    const inodes = await Promise.all(names.map(async (name) => (await stat(join(made.folder, name))).ino));
    expect(new Set(inodes).size).toBe(8);
    const before = (await stat(made.folder)).birthtimeMs;
    expect(await madeFleet(size, cache)).toEqual(made);
    expect((await stat(made.folder)).birthtimeMs).toBe(before);
    expect(await readdir(cache)).toHaveLength(1);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
