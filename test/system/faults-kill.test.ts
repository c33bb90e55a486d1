import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  childrenOf,
  isAlive,
  makeFleet,
  partsDone,
  rowsOf,
  runToEnd,
  type StartedRun,
  seededRandom,
  startRun,
} from "../support/fault-run.ts";
import { scratch } from "../support/run.ts";

const FORMATS = ["parquet", "csv", "csv.gz", "jsonl", "json"];
/** Files of which each is a task. */
const FILES = 24;
/** Kills at least, over all formats, and runs of each format. */
const KILLS = 55;
const KILLS_PER_FORMAT = KILLS / FORMATS.length;

/** What a whole run leaves, but for times. */
interface Outcome {
  rows: string;
  windows: Buffer;
  summary: string;
  coverage: Buffer;
  failures: string;
}

async function outcomeOf(output: string, format: string): Promise<Outcome> {
  const run = output.replace(`.${format}`, ".run");
  return {
    rows: await rowsOf(output),
    windows: readFileSync(join(run, "windows.parquet")),
    summary: readFileSync(join(run, "summary.json"), "utf8"),
    coverage: readFileSync(join(run, "coverage.parquet")),
    failures: readFileSync(join(run, "failures.jsonl"), "utf8"),
  };
}

const base = scratch();
const data = join(base, "fleet");
const undisturbed: Record<string, Outcome> = {};
const durationMs: Record<string, number> = {};
let kills = 0;
const killedWhile = { starting: 0, scoring: 0, merging: 0, worker: 0 };

beforeAll(async () => {
  makeFleet(data, FILES);
  mkdirSync(join(base, "undisturbed"));
  for (const format of FORMATS) {
    const output = join(base, `undisturbed/${format.replace(".", "-")}.${format}`);
    const begun = performance.now();
    const { code, stderr } = await runToEnd({ data: [data], output });
    durationMs[format] = performance.now() - begun;
    expect(code, stderr).toBe(0);
    undisturbed[format] = await outcomeOf(output, format);
  }
});

/** Waits for a moment of a run: some part of its whole duration, or, of the time from its last part on, some milliseconds. */
async function waitForMoment(run: StartedRun, output: string, moment: { ms: number; merging: boolean }): Promise<void> {
  if (moment.merging) while (run.process.exitCode === null && partsDone(output) < FILES) await sleep(1);
  await sleep(moment.ms);
}

function noteMoment(output: string): void {
  const parts = partsDone(output);
  killedWhile[parts === 0 ? "starting" : parts < FILES ? "scoring" : "merging"]++;
}

describe("a run that is stopped by SIGKILL and begun again by the same command ends as the undisturbed one, bit for bit", () => {
  it.each(FORMATS)("%s", async (format) => {
    const random = seededRandom(1 + FORMATS.indexOf(format));
    const wanted = kills + KILLS_PER_FORMAT;
    for (let n = 0; kills < wanted; n++) {
      expect(n, "runs that ended before they could be killed").toBeLessThan(4 * KILLS_PER_FORMAT);
      const folder = join(base, `${format}-${n}`);
      mkdirSync(folder);
      const output = join(folder, `results.${format}`);
      const spec = { data: [data], output };
      // Four tenths while the parts are put together, one in five aims at a worker, the rest anywhere.
      const merging = random() < 0.4;
      const atWorker = !merging && random() < 0.3;
      const moment = { merging, ms: random() * (merging ? 0.3 : 1) * durationMs[format]! };
      const run = startRun(spec);
      await waitForMoment(run, output, moment);
      const workers = childrenOf(run.process.pid!);
      const victim = atWorker ? workers[Math.floor(random() * workers.length)] : run.process.pid;
      if (victim === undefined || run.process.exitCode !== null || !isAlive(victim)) {
        await run.done;
        // Faster by now than when it was measured.
        durationMs[format]! *= 0.9;
        continue;
      }
      process.kill(victim, "SIGKILL");
      const ended = await run.done;
      const label = `${format}, ${moment.ms.toFixed(0)} ms${merging ? " after the last part" : ""}, ${atWorker ? "a worker" : "the coordinator"}`;
      if (atWorker) killedWhile.worker++;
      else if (ended.signal !== "SIGKILL") continue;
      else {
        noteMoment(output);
        if (existsSync(output)) expect(await rowsOf(output), label).toBe(undisturbed[format]!.rows);
      }
      kills++;
      const again = atWorker ? ended : await runToEnd(spec);
      expect(again.code, `${label}\n${again.stderr}`).toBe(0);
      expect(await outcomeOf(output, format), label).toEqual(undisturbed[format]);
      expect(readdirSync(folder).sort(), label).toEqual([`results.${format}`, "results.run"].sort());
    }
  });

  it("was killed often enough, and at every stage", () => {
    expect(kills).toBeGreaterThanOrEqual(50);
    for (const [stage, count] of Object.entries(killedWhile)) expect(count, stage).toBeGreaterThan(0);
  });
});

describe("workers", () => {
  it("end by themselves within seconds when their coordinator is killed", async () => {
    const output = join(scratch(), "results.parquet");
    const run = startRun({ data: [data], output });
    while (run.process.exitCode === null && partsDone(output) < 2) await sleep(2);
    const workers = childrenOf(run.process.pid!);
    expect(workers.length).toBe(2);
    expect(workers.every(isAlive)).toBe(true);
    run.process.kill("SIGKILL");
    const deadline = performance.now() + 5000;
    while (workers.some(isAlive) && performance.now() < deadline) await sleep(20);
    expect(workers.filter(isAlive)).toEqual([]);
  });
});

describe("two runs of one output at once", () => {
  it("one has it, the other is told who", async () => {
    for (let n = 0; n < 3; n++) {
      const output = join(scratch(), "results.parquet");
      const ended = await Promise.all([0, 1].map(() => runToEnd({ data: [data], output, more: ["--quiet"] })));
      const [winner, loser] = ended.sort((a, b) => a.code - b.code);
      expect(winner!.code, winner!.stderr).toBe(0);
      expect(loser!.code).toBe(2);
      expect(loser!.stderr).toMatch(/a run that is under way \(process \d+ on .*expected one run at a time/);
      expect(await rowsOf(output)).toBe(undisturbed.parquet!.rows);
    }
  });
});
