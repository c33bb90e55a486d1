import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeFleet, partsDone, rowsOf, runToEnd, startRun } from "../support/fault-run.ts";
import { scratch } from "../support/run.ts";

const base = scratch();
const data = join(base, "fleet");
const undisturbed: Record<string, string> = {};
/** KiB that all files of a whole run take. */
const needed: Record<string, number> = {};
const mounted: string[] = [];

beforeAll(async () => {
  expect(process.getuid?.(), "these tests mount small disks: run them as root").toBe(0);
  makeFleet(data);
  for (const format of ["parquet", "csv"]) {
    const disk = mountDisk("size=64m");
    const output = join(disk, `results.${format}`);
    expect((await runToEnd({ data: [data], output })).code).toBe(0);
    undisturbed[format] = await rowsOf(output);
    const { blocks, bfree, bsize } = statfsSync(disk);
    needed[format] = ((blocks - bfree) * bsize) / 1024;
  }
});

afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync("umount", ["-l", folder]);
});

/** A disk of its own, in memory. */
function mountDisk(options: string): string {
  const folder = join(scratch(), "disk");
  mkdirSync(folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  mounted.push(folder);
  return folder;
}

function remount(folder: string, options: string): void {
  execFileSync("mount", ["-o", `remount,${options}`, folder]);
}

describe("a disk that is full ends the run with a clear error and nothing under the output's name; with room, the same command carries on", () => {
  // Shares of what is needed: from a disk on which not even the lock has room to one that is full while the results are put together.
  it.each([
    ["parquet", 0],
    ["parquet", 0.05],
    ["parquet", 0.25],
    ["parquet", 0.5],
    ["parquet", 0.75],
    ["parquet", 0.9],
    ["csv", 0.6],
    ["csv", 0.8],
    ["csv", 0.9],
  ])("%s with %d of the room", async (format, share) => {
    const disk = mountDisk(`size=${4 * Math.max(1, Math.floor((share * needed[format]!) / 4))}k`);
    const output = join(disk, `results.${format}`);
    const spec = { data: [data], output };
    const { code, stderr } = await runToEnd(spec);
    expect(stderr).toMatch(/no space left on device.*expected room for the results\. Make room; the same command/is);
    expect(stderr).not.toContain("This is a defect");
    expect(code).toBe(2);
    // Where only a report about the results found no room, they are there, and whole.
    if (existsSync(output)) expect(await rowsOf(output)).toBe(undisturbed[format]);
    if (share < 0.6) expect(existsSync(output)).toBe(false);
    const standing = partsDone(output);
    remount(disk, "size=64m");
    const again = await runToEnd(spec);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(disk, "results.run/run.json"), "utf8")).tasks.reused).toBe(standing);
    expect(await rowsOf(output)).toBe(undisturbed[format]);
    expect(readdirSync(disk).sort()).toEqual([`results.${format}`, "results.run"].sort());
  });

  it("also where the log lies on it", async () => {
    const disk = mountDisk("size=8k");
    const output = join(base, "log-full.parquet");
    const { code, stderr } = await runToEnd({
      data: [data],
      output,
      more: ["--log-file", join(disk, "deep/log.jsonl")],
    });
    expect(stderr).not.toMatch(/at .*node:|This is a defect/);
    expect([0, 2]).toContain(code);
    if (code === 0) expect(await rowsOf(output)).toBe(undisturbed.parquet);
  });
});

describe("an output that cannot be written", () => {
  it("is named before any work", async () => {
    const disk = mountDisk("size=8m");
    remount(disk, "ro");
    const output = join(disk, "results.parquet");
    const { code, stderr } = await runToEnd({ data: [data], output });
    expect(code).toBe(2);
    expect(stderr).toMatch(/read-only file system.*expected a place where the results can be written/is);
    expect(readdirSync(disk)).toEqual([]);
  });

  it("ends a run in the middle of which it becomes so, and the same command carries on", async () => {
    const disk = mountDisk("size=8m");
    const output = join(disk, "results.parquet");
    const spec = { data: [data], output };
    const run = startRun(spec);
    while (run.process.exitCode === null && partsDone(output) < 4) await sleep(2);
    for (let tries = 0; tries < 500; tries++) {
      try {
        execFileSync("mount", ["-o", "remount,ro", disk], { stdio: "ignore" });
        break;
      } catch {
        // A part is being written just now.
      }
    }
    const { code, stderr } = await run.done;
    expect(code).toBe(2);
    expect(stderr).toMatch(/read-only file system.*expected a place where the results can be written/is);
    expect(existsSync(output)).toBe(false);
    remount(disk, "rw");
    const again = await runToEnd(spec);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toMatch(/Resumed: \d+ of 24 tasks stand from before/);
    expect(await rowsOf(output)).toBe(undisturbed.parquet);
  });
});
