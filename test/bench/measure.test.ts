import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { parseTimes, runTimed, runWatched } from "../../bench/measure.ts";

const node = (script: string) => [process.execPath, "-e", script];
const BURN = "const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);";
/** Burns in a child of its own, and in a child of that. */
const NESTED = `const { execFileSync } = require("node:child_process");
  execFileSync(process.execPath, ["-e", process.argv[1]], { stdio: "inherit" }); ${BURN}`;

test("processor time covers the children of the command, and output is kept apart", async () => {
  const run = await runTimed([process.execPath, "-e", NESTED, `${BURN} console.log("child"); console.error("aside")`]);
  expect(run.stdout).toBe("child\n");
  expect(run.cpuSeconds).toBeGreaterThanOrEqual(0.6);
  expect(run.wallSeconds).toBeGreaterThanOrEqual(0.6);
});

test("a command that fails is an error with its exit code and what it said", async () => {
  const failing = runTimed(node('console.error("no such model"); process.exit(3)'));
  await expect(failing).rejects.toThrow(/ended with 3:\nno such model/);
});

test.runIf(existsSync("/proc/self/smaps_rollup"))("memory is that of all processes together at its peak", async () => {
  const hold = "const held = Buffer.alloc(80e6, 1); const end = Date.now() + 400; while (Date.now() < end);";
  const alone = await runWatched(node(hold));
  expect(alone.peakBytes).toBeGreaterThan(80e6);
  expect(alone.seenCpuSeconds).toBeLessThanOrEqual(1.05 * alone.cpuSeconds + 0.1);
  const spawning = `const { spawn } = require("node:child_process");
    spawn(process.execPath, ["-e", process.argv[1]]); ${hold}`;
  const together = await runWatched([process.execPath, "-e", spawning, hold]);
  expect(together.peakBytes).toBeGreaterThan(160e6);
});

test("the shell's times are read with a point or a comma", () => {
  expect(parseTimes("1.250 2.000 0.125\n")).toEqual([1.25, 2, 0.125]);
  expect(parseTimes("1,250 2,000 0,125\n")).toEqual([1.25, 2, 0.125]);
  expect(() => parseTimes("")).toThrow("no times");
});
