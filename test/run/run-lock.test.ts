import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lockRun } from "../../src/run/run-lock.ts";
import { scratch } from "../support/run.ts";

describe("lockRun", () => {
  it("lets one run at a time have a folder, and the next one after it", async () => {
    const folder = join(scratch(), "r.run");
    const unlock = await lockRun(folder);
    await expect(lockRun(folder)).rejects.toThrow(/a run that is under way \(process \d+ on .*one run at a time/);
    unlock();
    expect(existsSync(join(folder, "lock"))).toBe(false);
    (await lockRun(folder))();
  });

  it.each([
    ["a dead process", JSON.stringify({ pid: 2 ** 30, host: hostname() })],
    ["a process that was killed while it wrote", ""],
    [
      "a process whose number another has by now",
      JSON.stringify({ pid: process.ppid, host: hostname(), started: "1" }),
    ],
  ])("takes over the lock of %s", async (_, content) => {
    const folder = scratch();
    writeFileSync(join(folder, "lock"), content);
    (await lockRun(folder))();
    mkdirSync(join(folder, "locks"));
    writeFileSync(join(folder, "locks/a.lock"), content);
    (await lockRun(folder))();
    expect(readdirSync(join(folder, "locks"))).toEqual([]);
  });

  it.each([
    ["a living process", { pid: process.ppid, host: hostname() }],
    ["a process of another machine", { pid: 2 ** 30, host: "elsewhere" }],
  ])("respects the lock of %s", async (_, holder) => {
    const folder = join(scratch(), "r.run");
    mkdirSync(folder);
    writeFileSync(join(folder, "lock"), JSON.stringify(holder));
    await expect(lockRun(folder, { patienceMs: 20 })).rejects.toThrow(/under way/);
    await expect(lockRun(folder, { share: "a", patienceMs: 20 })).rejects.toThrow(/under way/);
    expect(readdirSync(join(folder, "locks"))).toEqual([]);
  });
});

describe("lockRun with a name to share under", () => {
  it("lets several names have a folder at once, each name once, and nobody have it alone meanwhile", async () => {
    const folder = join(scratch(), "r.run");
    const first = await lockRun(folder, { share: "1-of-2" });
    const second = await lockRun(folder, { share: "2-of-2" });
    await expect(lockRun(folder, { share: "1-of-2" })).rejects.toThrow(/under way/);
    await expect(lockRun(folder)).rejects.toThrow(/under way/);
    expect(existsSync(join(folder, "lock"))).toBe(false);
    first();
    second();
    const alone = await lockRun(folder);
    await expect(lockRun(folder, { share: "1-of-2" })).rejects.toThrow(/under way/);
    alone();
  });

  it("takes over from a sharer on another machine that gives no sign of life, and not from one that does", async () => {
    const folder = scratch();
    const lock = join(folder, "locks/a.lock");
    mkdirSync(join(folder, "locks"));
    writeFileSync(lock, JSON.stringify({ pid: 1, host: "elsewhere" }));
    let seconds = 0;
    const beats = setInterval(() => utimesSync(lock, ++seconds, seconds), 10);
    await expect(lockRun(folder, { share: "a", patienceMs: 400 })).rejects.toThrow(/on elsewhere/);
    await expect(lockRun(folder, { patienceMs: 400 })).rejects.toThrow(/on elsewhere/);
    clearInterval(beats);
    (await lockRun(folder, { share: "a", patienceMs: 40 }))();
    expect(existsSync(lock)).toBe(false);
  });
});
