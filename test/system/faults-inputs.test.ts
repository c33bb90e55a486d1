import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  childrenOf,
  flightOf,
  isAlive,
  makeFleet,
  partsDone,
  rowsOf,
  runToEnd,
  startRun,
} from "../support/fault-run.ts";
import { query } from "../support/read-parquet.ts";
import { fixture, scratch } from "../support/run.ts";

const OTHER = fixture("data/raw/engine_vibration/2025-10/AC001_20251011_060000.parquet");
const base = scratch();
const data = join(base, "fleet");
let undisturbed: string;

beforeAll(async () => {
  makeFleet(data);
  const output = join(base, "undisturbed.parquet");
  expect((await runToEnd({ data: [data], output })).code).toBe(0);
  undisturbed = await rowsOf(output);
});

/** Rows of each flight, all of them as one digest. */
async function rowsByFlight(output: string): Promise<Map<string, string>> {
  const rows = await query(
    `SELECT flight_id, md5(string_agg(window_id || anomaly_score::DOUBLE::VARCHAR, ',' ORDER BY window_id)) AS rows FROM read_parquet('${output}') GROUP BY flight_id`,
  );
  return new Map(rows.map((row) => [String(row.flight_id), String(row.rows)]));
}

function failuresOf(output: string): Map<string, string> {
  const text = readFileSync(join(output.replace(".parquet", ".run"), "failures.jsonl"), "utf8");
  const failures = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { path: string; code: string });
  return new Map(failures.map(({ path, code }) => [path, code]));
}

describe("inputs that change under a run", () => {
  it("fail alone where they disappeared, changed or were cut off after they were listed, and are done by the same command afterwards", async () => {
    const folder = scratch();
    const own = makeFleet(join(folder, "fleet"));
    const output = join(folder, "results.parquet");
    const spec = { data: [own], output };
    const run = startRun(spec);
    while (run.process.exitCode === null && !existsSync(join(folder, "results.run/plan.json"))) await sleep(1);
    rmSync(flightOf(own, 19));
    truncateSync(flightOf(own, 20), 100_000);
    appendFileSync(flightOf(own, 21), "more");
    copyFileSync(OTHER, join(folder, "other"));
    renameSync(join(folder, "other"), flightOf(own, 22));
    utimesSync(flightOf(own, 23), 1, 1);
    const { code, stderr } = await run.done;
    expect(code, stderr).toBe(1);
    expect(failuresOf(output)).toEqual(
      new Map([19, 20, 21, 22, 23].map((hour) => [flightOf(own, hour), hour === 19 ? "FILE_MISSING" : "FILE_CHANGED"])),
    );
    const rows = await rowsByFlight(output);
    const whole = await rowsByFlight(join(base, "undisturbed.parquet"));
    expect(rows.size).toBe(19);
    for (const [flight, digest] of rows) expect(digest, flight).toBe(whole.get(flight));
    makeFleet(own);
    expect((await runToEnd(spec)).code).toBe(0);
    expect(await rowsOf(output)).toBe(undisturbed);
  });

  it("are never scored from two states: a file that is rewritten all the time has the rows of one of them, or none", async () => {
    const folder = scratch();
    const own = makeFleet(join(folder, "fleet"), 4);
    const victim = flightOf(own, 3);
    const states = [readFileSync(victim), readFileSync(OTHER)];
    const expected: (string | undefined)[] = [undefined];
    for (const [i, state] of states.entries()) {
      writeFileSync(victim, state);
      const output = join(folder, `state-${i}.parquet`);
      expect((await runToEnd({ data: [victim], output })).code).toBe(0);
      expected.push([...(await rowsByFlight(output)).values()][0]);
    }
    expect(new Set(expected).size).toBe(3);
    const seen = new Map<string, number>();
    for (let n = 0; n < 8; n++) {
      const output = join(folder, `results-${n}.parquet`);
      const run = startRun({ data: [own], output });
      for (let i = n; run.process.exitCode === null; i++) {
        const state = states[i % 2]!;
        if (i % 3 === 0) truncateSync(victim, (i * 7919) % state.length);
        writeFileSync(victim, state);
        await sleep(n);
      }
      expect([0, 1]).toContain((await run.done).code);
      const rows = await rowsByFlight(output);
      const id = "AC001_20251012_030000";
      expect(expected).toContain(rows.get(id));
      const code = failuresOf(output).get(victim) ?? "scored";
      expect(["scored", "FILE_CHANGED", "FILE_UNREADABLE", "FILE_EMPTY"]).toContain(code);
      seen.set(code, (seen.get(code) ?? 0) + 1);
      rows.delete(id);
      expect(rows.size).toBe(3);
    }
    expect(seen.get("FILE_CHANGED")).toBeGreaterThan(0);
  });
});

describe("a worker that dies", () => {
  const groups: string[] = [];
  afterAll(() => {
    for (const group of groups) rmdirSync(group);
  });

  /** Puts a process under a limit of memory that its next allocation breaks; the version of control groups that did, or null. */
  function starve(pid: number, name: string): { how: string; kills: () => number } | null {
    const versions = [
      { root: "/sys/fs/cgroup", probe: "cgroup.controllers", limit: "memory.max", events: "memory.events" },
      {
        root: "/sys/fs/cgroup/memory",
        probe: "cgroup.procs",
        limit: "memory.limit_in_bytes",
        events: "memory.oom_control",
      },
    ];
    for (const { root, probe, limit, events } of versions) {
      if (!existsSync(join(root, probe))) continue;
      const group = join(root, name);
      try {
        mkdirSync(group);
        writeFileSync(join(group, limit), "1048576");
        writeFileSync(join(group, "cgroup.procs"), String(pid));
        const kills = () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(group, events), "utf8"))?.[1]);
        groups.push(group);
        return { how: `${group}/${limit}`, kills };
      } catch {
        // Not ours to limit: the next version, or none.
      }
    }
    return null;
  }

  it("because the kernel kills it for its memory costs a warning and a second try, and no bit of the results", async () => {
    const folder = scratch();
    const output = join(folder, "results.parquet");
    const run = startRun({ data: [data], output });
    while (run.process.exitCode === null && partsDone(output) < 3) await sleep(1);
    const victim = childrenOf(run.process.pid!)[0]!;
    const starved = starve(victim, `flightbatch-test-${process.pid}`);
    // Where no control group can be made, a SIGKILL stands in: it is what the kernel sends.
    if (starved === null) process.kill(victim, "SIGKILL");
    const { code, stderr } = await run.done;
    expect(isAlive(victim)).toBe(false);
    if (starved !== null) expect(starved.kills(), starved.how).toBeGreaterThan(0);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Warning: a worker died .*tried again/);
    expect(await rowsOf(output)).toBe(undisturbed);
  });

  it("whenever it is given a file costs that file, and the run tells", async () => {
    const folder = scratch();
    const output = join(folder, "results.parquet");
    const run = startRun({ data: [makeSlowFile(folder)], output });
    const killed = new Set<number>();
    while (run.process.exitCode === null && killed.size < 2) {
      const workers = existsSync(join(folder, "results.run/plan.json")) ? childrenOf(run.process.pid!) : [];
      const busy = workers.find((pid) => hasOpened(pid) && !killed.has(pid));
      if (busy !== undefined) process.kill(busy, "SIGKILL");
      if (busy !== undefined) killed.add(busy);
      await sleep(5);
    }
    const { code, stderr } = await run.done;
    expect(stderr).toMatch(/a worker died while it had .*; the file is left out/);
    expect(code).toBe(1);
    expect([...failuresOf(output).values()]).toEqual(["WORKER_CRASHED"]);
  });
});

describe("a clock that jumps", () => {
  const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

  it("back and forth by months changes no bit, loses no task, and leaves sensible times", async () => {
    expect(existsSync(library), "these tests need Debian's package faketime").toBe(true);
    const folder = scratch();
    const clock = join(folder, "clock");
    const output = join(folder, "results.parquet");
    const jumps = ["+0", "-90d", "+400d", "-1d", "+3650d"];
    writeFileSync(clock, jumps[0]!);
    const env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    };
    const run = startRun({ data: [data], output, env });
    for (let i = 1; run.process.exitCode === null; i++) {
      await sleep(40);
      writeFileSync(clock, jumps[i % jumps.length]!);
    }
    const { code, stderr } = await run.done;
    expect(code, stderr).toBe(0);
    expect(await rowsOf(output)).toBe(undisturbed);
    const { elapsedMs } = JSON.parse(readFileSync(join(folder, "results.run/run.json"), "utf8"));
    expect(elapsedMs).toBeGreaterThan(0);
    expect(elapsedMs).toBeLessThan(300_000);
    const again = await runToEnd({ data: [data], output, env });
    expect(again.stderr).toMatch(/Resumed: 24 of 24 tasks/);
  });
});

/** Whether a worker has been at work for a while: it has used more processor time than it takes to begin. */
function hasOpened(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[11]) > 70;
  } catch {
    return false;
  }
}

/** A file that takes a worker some seconds. */
function makeSlowFile(folder: string): string {
  const path = join(folder, "slow.csv");
  const [header, ...rows] = readFileSync(fixture("data/csv/AC001_20251011_060000.csv"), "utf8").split("\n");
  writeFileSync(path, `${header}\n${rows.join("\n").repeat(150)}`);
  return path;
}
