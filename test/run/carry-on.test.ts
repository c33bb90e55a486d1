import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../dist/index.js";
import { detector, digestOfRows, fixture, scratch } from "../support/run.ts";

const FLIGHT = fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");

/** A fleet of copies of one flight: 24 files under 24 names, about 6 MB in all, in 24 tasks. */
function fleet(folder: string): string {
  const data = join(folder, "fleet");
  mkdirSync(data);
  for (let hour = 0; hour < 24; hour++)
    copyFileSync(FLIGHT, join(data, `AC001_20251012_${String(hour).padStart(2, "0")}0000.parquet`));
  return data;
}

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  return {
    model: detector("1.0.0"),
    data: [join(folder, "fleet")],
    output: join(folder, "results.parquet"),
    workers: 2,
    ...more,
  };
}

/** Processes of this one's, by what the kernel says. */
function childPids(): number[] {
  return readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

let undisturbed: string;
beforeAll(async () => {
  const folder = scratch();
  fleet(folder);
  undisturbed = await digestOfRows((await runBatch(options(folder))).output);
  expect(Number(undisturbed.split(":")[0])).toBe(24 * 47);
});

describe("a run that is disturbed", () => {
  it("replaces a worker that is killed, tries its task again, and gives the same bits", async () => {
    const folder = scratch();
    fleet(folder);
    const warnings: string[] = [];
    let killed = false;
    const fileDone = () => {
      if (killed) return;
      killed = true;
      process.kill(childPids()[0]!, "SIGKILL");
    };
    const { failures, output } = await runBatch(options(folder), {
      observer: { fileDone, warning: (message) => warnings.push(message) },
    });
    expect(warnings.join("\n")).toMatch(/worker died/);
    expect(failures).toEqual([]);
    expect(await digestOfRows(output)).toBe(undisturbed);
  });

  it("finishes the tasks in flight when it is stopped, leaves nothing under the output's name, and carries on", async () => {
    const folder = scratch();
    fleet(folder);
    const stop = new AbortController();
    const stopped = await runBatch(options(folder), {
      stop: stop.signal,
      observer: { filesReported: () => stop.abort() },
    });
    expect(stopped.end).toBe("stopped");
    expect(existsSync(stopped.output)).toBe(false);
    let reused = 0;
    const { output } = await runBatch(options(folder), {
      observer: {
        planned: (_, parts) => {
          reused = parts;
        },
      },
    });
    expect(reused).toBeGreaterThan(0);
    expect(reused).toBeLessThan(24);
    expect(await digestOfRows(output)).toBe(undisturbed);
  });

  it("carries on after it was killed, and takes no part whose input has changed", async () => {
    const folder = scratch();
    const data = fleet(folder);
    const { model, output } = options(folder);
    const bin = new URL("../../bin/run-batch", import.meta.url).pathname;
    const child = spawn(
      process.execPath,
      [bin, "--model", model, "--data", data, "--output", output, "--workers", "1"],
      { cwd: folder },
    );
    const parts = join(folder, "results.run/parts");
    while (
      child.exitCode === null &&
      (!existsSync(parts) || readdirSync(parts).filter((name) => name.endsWith("report.json")).length < 3)
    )
      await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.on("close", resolve));
    expect(existsSync(output)).toBe(false);
    utimesSync(join(data, "AC001_20251012_000000.parquet"), 1, 1);
    const before = readdirSync(parts).filter((name) => name.endsWith("report.json")).length;
    let reused = 0;
    const again = await runBatch(options(folder), {
      observer: {
        planned: (_, standing) => {
          reused = standing;
        },
      },
    });
    expect(before).toBeGreaterThan(2);
    expect(reused).toBe(before - 1);
    expect(await digestOfRows(again.output)).toBe(undisturbed);
  });

  it("takes no part of another filter, model or option", async () => {
    const folder = scratch();
    fleet(folder);
    const stop = new AbortController();
    await runBatch(options(folder), { stop: stop.signal, observer: { filesReported: () => stop.abort() } });
    for (const more of [{ filter: "flight_phase == cruise" }, { model: detector("1.1.0") }, { explain: true }]) {
      const stopAtOnce = new AbortController();
      let reused = -1;
      stopAtOnce.abort();
      await runBatch(options(folder, more), {
        stop: stopAtOnce.signal,
        observer: {
          planned: (_, parts) => {
            reused = parts;
          },
        },
      });
      expect(reused, JSON.stringify(more)).toBe(0);
    }
  });
});

describe("a run of the same output once more", () => {
  it("scores only what is new or changed, and says what it does again and why", async () => {
    const folder = scratch();
    const data = fleet(folder);
    await runBatch(options(folder));
    utimesSync(join(data, "AC001_20251012_050000.parquet"), 1, 1);
    rmSync(join(data, "AC001_20251012_230000.parquet"));
    copyFileSync(FLIGHT, join(data, "AC001_20251012_233000.parquet"));
    const warnings: string[] = [];
    const files: string[] = [];
    let reused = 0;
    const observer = {
      planned: (_: unknown, standing: number) => {
        reused = standing;
      },
      warning: (message: string) => warnings.push(message),
      filesReported: (reports: readonly { path: string }[]) =>
        files.push(...reports.map(({ path }) => path.slice(-14))),
    };
    const { output } = await runBatch(options(folder), { observer });
    expect(reused).toBe(22);
    expect(files.sort()).toEqual(["050000.parquet", "233000.parquet"].map((name) => name.padStart(14, "_")));
    expect(warnings.join("\n")).toMatch(/050000\.parquet has changed.*230000\.parquet is gone/s);
    const anew = await runBatch(options(folder, { output: join(folder, "anew.parquet") }));
    expect(await digestOfRows(output)).toBe(await digestOfRows(anew.output));
    const other = await runBatch(options(folder, { filter: "date == 2025-10-12" }), {
      observer: { warning: (message) => warnings.push(message) },
    });
    expect(other.report.tasks.reused).toBe(0);
    expect(warnings.at(-1)).toMatch(/all parts of the run before: the filter changed/);
    expect((await runBatch(options(folder, { filter: "date == 2025-10-12" }))).report.tasks.reused).toBe(24);
    expect((await runBatch(options(folder, { filter: "date == 2025-10-12", fresh: true }))).report.tasks.reused).toBe(
      0,
    );
  });
});

describe("failed files", () => {
  it("end the run once there are more than may be, and what is done is kept", async () => {
    const folder = scratch();
    const data = [fleet(folder), fixture("data/faulty/unreadable")];
    const ended = await runBatch(options(folder, { data, maxFailed: "5%", workers: 1 }));
    expect(ended.end).toBe("too-many-failed");
    expect(existsSync(ended.output)).toBe(false);
    expect(ended.failures.length).toBeGreaterThan(1);
    expect((await runBatch(options(folder, { data, maxFailed: 8, workers: 1 }))).end).toBe("too-many-failed");
    const whole = await runBatch(options(folder, { data, maxFailed: 9 }));
    expect(whole.end).toBe("whole");
    expect(whole.report.tasks.reused).toBeGreaterThan(0);
    expect(whole.failures).toHaveLength(9);
  });

  it("are put aside with their reasons", async () => {
    const folder = scratch();
    const quarantine = join(folder, "aside");
    await runBatch(options(folder, { data: [fixture("data/faulty/unreadable")], quarantineDirectory: quarantine }));
    const names = Array.from({ length: 9 }, (_, i) => `AC091_20251012_00000${i + 1}.parquet`);
    expect(readdirSync(quarantine).sort()).toEqual(names.flatMap((name) => [name, `${name}.reason.json`]));
    for (const name of names)
      expect(readFileSync(join(quarantine, name))).toEqual(readFileSync(fixture(`data/faulty/unreadable/${name}`)));
    expect(JSON.parse(readFileSync(join(quarantine, `${names[1]}.reason.json`), "utf8"))).toMatchObject({
      code: "FILE_EMPTY",
      hint: expect.any(String),
    });
  });
});

describe("the feature cache", () => {
  it("spares reading flights again, for another model with the same recipe too, and gives the same bits", async () => {
    const folder = scratch();
    fleet(folder);
    const cached = { cacheFeatures: true, cacheDirectory: join(folder, "cache"), fresh: true };
    const fromCache = (result: { files: { fromCache: boolean }[] }) =>
      result.files.filter((file) => file.fromCache).length;
    const first = await runBatch(options(folder, cached));
    expect([fromCache(first), await digestOfRows(first.output)]).toEqual([0, undisturbed]);
    const second = await runBatch(options(folder, cached));
    expect([fromCache(second), await digestOfRows(second.output)]).toEqual([24, undisturbed]);
    const other = await runBatch(options(folder, { ...cached, model: detector("2.0.0") }));
    expect(fromCache(other)).toBe(24);
    const plain = await runBatch(options(folder, { model: detector("2.0.0"), output: join(folder, "plain.parquet") }));
    expect(await digestOfRows(other.output)).toBe(await digestOfRows(plain.output));
  });
});

describe("one flight in two files", () => {
  it("is counted where both give the same scores, and a failure that names both where they do not", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "fleet/a"), { recursive: true });
    mkdirSync(join(folder, "fleet/b"));
    copyFileSync(FLIGHT, join(folder, "fleet/a/AC001_20251012_060000.parquet"));
    copyFileSync(FLIGHT, join(folder, "fleet/b/AC001_20251012_060000.parquet"));
    const same = await runBatch(options(folder));
    expect(same.failures).toEqual([]);
    expect(same.summary).toMatchObject({ repeated_windows: 47, total_windows: 94, total_flights: 1 });
    rmSync(join(folder, "fleet/b/AC001_20251012_060000.parquet"));
    copyFileSync(
      fixture("data/raw/engine_vibration/2025-10/AC001_20251011_060000.parquet"),
      join(folder, "fleet/b/other.parquet"),
    );
    const identity = { aircraft_id: "AC001", flight_id: "AC001_20251012_060000" };
    writeFileSync(join(folder, "fleet/b/other.parquet.meta.json"), JSON.stringify(identity));
    expect((await runBatch(options(folder))).failures).toEqual([]);
    copyFileSync(fixture("data/jittered/AC001_20251011_060000.parquet"), join(folder, "fleet/b/other.parquet"));
    const { failures } = await runBatch(
      options(folder, {
        data: [
          join(folder, "fleet"),
          fixture("data/features/AC001_20251012_060000.parquet"),
          fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet"),
        ],
      }),
    );
    expect(failures.map(({ code }) => code)).toEqual(["DUPLICATE_KEY"]);
    expect(failures[0]!.path).toContain("data/features/AC001_20251012_060000.parquet, ");
    expect(failures[0]!.path).toContain("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");
  });
});
