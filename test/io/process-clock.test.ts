import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { offsetBetween, type ProcessClock, processClock } from "../../src/io/process-clock.ts";

const MODULE = new URL("../../dist/io/process-clock.js", import.meta.url).href;

it("puts a moment of another process where it was by this one's clock", () => {
  const own = processClock();
  const before = performance.now();
  const script = `const { processClock } = await import(${JSON.stringify(MODULE)});
const now = performance.now(); console.log(JSON.stringify({ clock: processClock(), now }))`;
  const answer = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const after = performance.now();
  const { clock, now } = JSON.parse(answer) as { clock: ProcessClock; now: number };
  const at = now + offsetBetween(own, clock);
  expect(at).toBeGreaterThan(before);
  expect(at).toBeLessThan(after);
  // Its beginning lies after it was asked for, too.
  expect(offsetBetween(own, clock)).toBeGreaterThan(before);
});

it("finds the same zero again, to some microseconds", () => {
  const zeros = Array.from({ length: 20 }, () => processClock().monotonicMs).sort((a, b) => a - b);
  // The middle half: any reading may be interrupted.
  expect(zeros[15]! - zeros[5]!).toBeLessThan(0.05);
});

it("goes by the time of day between machines", () => {
  const own = { ...processClock(), wallMs: 1000 };
  expect(offsetBetween(own, { ...own, machine: "another", monotonicMs: 5, wallMs: 1750 })).toBe(750);
});
