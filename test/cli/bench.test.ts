import { spawn } from "node:child_process";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detector, fixture, scratch } from "../support/run.ts";

const LAUNCHER = new URL("../../bin/flightbatch", import.meta.url).pathname;

/** Runs `flightbatch bench` with a temporary place of its own; `onLine` is told of each line of progress. */
function bench(args: string[], onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  const place = scratch();
  const env = { ...process.env, TMPDIR: place };
  const child = spawn(process.execPath, [LAUNCHER, "bench", ...args], { cwd: place, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
    for (const line of String(text).split("\n")) onLine(line, (signal) => child.kill(signal));
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string; left: string[] }>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr, left: readdirSync(place) })),
  );
}

const FLIGHTS = fixture("data/raw/engine_vibration/2025-10");
const MODEL = ["--model", detector("1.0.0")];
const QUICK = ["--workers", "1,2", "--batch-size", "128", "--seconds", "5"];

describe("flightbatch bench", () => {
  it("shows rates, latencies, memory, what limits and what to type, and leaves nothing behind", async () => {
    const { code, stdout, stderr, left } = await bench([...MODEL, "--data", fixture("data/raw"), ...QUICK]);
    expect([code, left]).toEqual([0, []]);
    expect(stderr).toMatch(/--workers [12] --batch-size 128: round 1\n/);
    expect(stdout).toMatch(/^Sample: 6 of 6 files \(1\.6 MB of 1\.6 MB\), evenly over the list$/m);
    expect(stdout).toMatch(/^ +[12] +128 +[\d,]+ +[\d,]+ to [\d,]+ +\d+ +[\d.]+ MB$/m);
    expect(stdout).toMatch(/^ +[12] +128( +[\d.]+ \/ [\d.]+ \/ [\d.]+){6}$/m);
    expect(stdout).toMatch(/^Limited by [a-z ()]+\. The workers' time: read \d+%, decode \d+%/m);
    expect(stdout).toMatch(
      /^ {2}flightbatch run --model \S+ --data \S+ --output results\.parquet --workers [12] --batch-size 128$/m,
    );
  });

  it("gives the same as JSON, whose figures fit each other, and leaves files out that fail", async () => {
    const folder = scratch();
    for (const name of readdirSync(FLIGHTS)) copyFileSync(join(FLIGHTS, name), join(folder, name));
    copyFileSync(join(fixture("data/faulty/unreadable"), "AC091_20251012_000004.parquet"), join(folder, "AC0.parquet"));
    const { code, stdout } = await bench([...MODEL, "--data", folder, ...QUICK, "--json"]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.sample).toMatchObject({ files: 6, failed: 1, total: { files: 7 } });
    expect(report.sample.windows).toBe(282 * report.sample.repeats);
    const results = [report.workers.chosen, ...report.workers.others.map(({ result }: { result: unknown }) => result)];
    // On a machine that is very busy there is time for one of them only.
    for (const { setting } of results) expect([1, 2]).toContain(setting.workers);
    for (const { lowest, median, highest, latencyMs, shares, memoryBytes } of results) {
      expect(lowest).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(highest);
      expect(memoryBytes).toBeGreaterThan(50e6);
      for (const { p50, p95, p99 } of Object.values(latencyMs) as { p50: number; p95: number; p99: number }[]) {
        expect(p50).toBeGreaterThan(0);
        expect([p50, p95, p99]).toEqual([p50, p95, p99].sort((a, b) => a - b));
      }
      expect(Object.values(shares as Record<string, number>).reduce((a, b) => a + b)).toBeCloseTo(1, 1);
    }
    expect(report.command).toContain(`--workers ${report.suggestion.workers} `);
  });

  it.each([
    { signals: ["SIGINT"], code: 130 },
    { signals: ["SIGTERM"], code: 143 },
    { signals: ["SIGINT", "SIGINT"], code: 130 },
  ] as { signals: NodeJS.Signals[]; code: number }[])(
    "leaves nothing behind after $signals",
    async ({ signals, code }) => {
      const waiting = [...signals];
      const ended = await bench([...MODEL, "--data", fixture("data/raw"), "--seconds", "60"], (line, kill) => {
        if (/^(--workers .*: round|Stopping)/.test(line) && waiting.length > 0) kill(waiting.shift()!);
      });
      expect(ended).toMatchObject({ code, stdout: "", left: [] });
      expect(ended.stderr).toContain("Stopping: what is being scored is finished first.");
    },
  );

  it.each([
    { args: [...MODEL, "--data", "nowhere"], message: "nowhere: nothing there" },
    { args: [...MODEL, "--data", "."], message: "no flights" },
    { args: ["--model", "nowhere", "--data", "."], message: "nowhere" },
    { args: [...MODEL, "--data", ".", "--seconds", "2"], message: "--seconds: 2; expected 5 to 3600" },
    { args: [...MODEL, "--data", ".", "--workers", "0"], message: "--workers: 0" },
    { args: [...MODEL, "--data", ".", "--workers", "2,x"], message: "Not whole numbers" },
    { args: [...MODEL, "--data", fixture("data/faulty/unreadable")], message: "without any window that can be scored" },
  ])("refuses $args with a clear message", async ({ args, message }) => {
    const { code, stdout, stderr, left } = await bench(args);
    expect([code, stdout, left]).toEqual([2, "", []]);
    expect(stderr).toContain(message);
  });
});
