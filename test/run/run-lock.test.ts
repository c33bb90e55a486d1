import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lockRun } from "../../src/run/run-lock.ts";
import { scratch } from "../support/run.ts";

describe("lockRun", () => {
  it("lets one run at a time have a folder, and the next one after it", () => {
    const folder = join(scratch(), "r.run");
    const unlock = lockRun(folder);
    expect(() => lockRun(folder)).toThrow(/a run that is under way \(process \d+ on .*one run at a time/);
    unlock();
    expect(existsSync(join(folder, "lock"))).toBe(false);
    lockRun(folder)();
  });

  it.each([
    ["a dead process", JSON.stringify({ pid: 2 ** 30, host: hostname() })],
    ["a process that was killed while it wrote", ""],
    [
      "a process whose number another has by now",
      JSON.stringify({ pid: process.ppid, host: hostname(), started: "1" }),
    ],
  ])("takes over the lock of %s", (_, content) => {
    const folder = scratch();
    writeFileSync(join(folder, "lock"), content);
    lockRun(folder)();
  });

  it.each([
    ["a living process", { pid: process.ppid, host: hostname() }],
    ["a process of another machine", { pid: 2 ** 30, host: "elsewhere" }],
  ])("respects the lock of %s", (_, holder) => {
    const folder = join(scratch(), "r.run");
    mkdirSync(folder);
    writeFileSync(join(folder, "lock"), JSON.stringify(holder));
    expect(() => lockRun(folder)).toThrow(/under way/);
  });
});
