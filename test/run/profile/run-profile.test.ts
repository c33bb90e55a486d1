import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processClock } from "../../../src/io/process-clock.ts";
import { MemorySampler } from "../../../src/run/memory-sampler.ts";
import { RunProfile } from "../../../src/run/profile/run-profile.ts";
import { Thinned } from "../../../src/run/profile/thinned.ts";
import type { Task, TaskReport } from "../../../src/task/messages.ts";
import { type Span, TaskRecorder } from "../../../src/task/task-trace.ts";
import { scratch } from "../../support/run.ts";
import { traceFaults } from "../../support/trace.ts";

const OWN = processClock();

/** A task of files that each took 4 ms, as a worker reports it with so many of them noted. */
function report(index: number, files: number, every: number): TaskReport {
  const begin = 1000 + index * files * 4;
  const spans = Array.from({ length: files }, (_, file) => file)
    .filter((file) => (index + file) % every === 0)
    .flatMap((file) =>
      [0, 1, 2, 3].map((stage): Span => [file, stage, begin + file * 4 + stage, begin + file * 4 + stage + 1]),
    );
  const trace = {
    clock: { ...OWN, pid: 7, monotonicMs: OWN.monotonicMs + 1 },
    worker: { bootedMs: 10, readyMs: 20, modelMs: [30, 40] as [number, number] },
    beginMs: begin,
    endMs: begin + files * 4,
    spans,
  };
  const ofFile = { path: "a/b.parquet", sizeBytes: 1, flights: [], failure: null };
  return { index, files: Array(files).fill(ofFile), inference: { windows: 1 }, trace } as unknown as TaskReport;
}

function tasks(count: number, files: number): Task[] {
  return Array.from({ length: count }, (_, index) => ({ index, fingerprint: "", files: Array(files).fill({}) }));
}

function traceOf(write: (profile: RunProfile) => void, most: number) {
  const path = join(scratch(), "p.json");
  const sampler = new MemorySampler();
  const profile = new RunProfile(path, sampler, most);
  write(profile);
  sampler.end();
  expect(profile.end()).toBeNull();
  return JSON.parse(readFileSync(path, "utf8"));
}

describe("the size of a trace", () => {
  it.each([
    { count: 100, files: 1000 },
    { count: 5000, files: 1 },
  ])("is bounded for $count tasks of $files files, and the trace says so", ({ count, files }) => {
    const trace = traceOf((profile) => {
      const { every } = profile.traceOptions(tasks(count, files));
      expect(every).toBeGreaterThan(1);
      for (let i = 0; i < count; i++) profile.taskDone(report(i, files, every));
    }, 2000);
    expect(traceFaults(trace.traceEvents)).toEqual([]);
    expect(trace.traceEvents.length).toBeLessThan(2100);
    // Evenly to the end, and not only of the beginning.
    const ends = trace.traceEvents
      .filter(({ cat }: { cat: string }) => cat === "task")
      .map(({ args }: { args: { task: number } }) => args.task);
    expect(Math.max(...ends)).toBeGreaterThan(0.95 * (count - 1));
    expect(trace.otherData.note).toMatch(/^of \d+ files about every \d+th is shown/);
    expect(trace.traceEvents.some(({ name }: { name: string }) => name.startsWith("note: of "))).toBe(true);
  });

  it("is cut where there are more events than was foreseen, and the trace says so", () => {
    const trace = traceOf((profile) => {
      for (let i = 0; i < 10; i++) profile.taskDone(report(i, 100, 1));
    }, 1000);
    expect(trace.traceEvents.length).toBeLessThan(1100);
    expect(trace.otherData.note).toMatch(/^\d+ events beyond 1000 are left out$/);
  });

  it("is not cut for few files, and there is no note", () => {
    const trace = traceOf((profile) => {
      expect(profile.traceOptions(tasks(10, 10))).toEqual({ every: 1 });
    }, 1000);
    expect(trace.otherData.note).toBeUndefined();
  });
});

it("hands a report back without its trace", () => {
  traceOf((profile) => {
    expect(profile.taskDone(report(0, 1, 1))).not.toHaveProperty("trace");
  }, 100);
});

it("says when a worker died", () => {
  const { traceEvents } = traceOf((profile) => profile.workerDied("gone"), 100);
  expect(traceEvents).toContainEqual(
    expect.objectContaining({ ph: "i", name: "a worker died", args: { message: "gone" } }),
  );
});

it("thins a long series out evenly", () => {
  const series = new Thinned<number>(8);
  for (let i = 0; i < 1000; i++) series.add(i);
  expect(series.samples).toEqual([0, 256, 512, 768]);
});

describe("what a task's recorder notes", () => {
  it("takes a stage that is entered twice in turn for one, and parts files", () => {
    const recorder = new TaskRecorder(0, 1);
    recorder.note("read", 1, 2);
    recorder.enterFile(0);
    recorder.note("read", 2, 3);
    recorder.note("decode", 3, 4);
    recorder.enterFile(1);
    recorder.note("decode", 4, 5);
    recorder.enterFile(-1);
    recorder.note("write", 5, 6);
    expect(recorder.trace([0, 0]).spans).toEqual([
      [0, 0, 1, 3],
      [0, 1, 3, 4],
      [1, 1, 4, 5],
      [-1, 4, 5, 6],
    ]);
  });

  it("is of every so many-th file only", () => {
    const recorder = new TaskRecorder(1, 3);
    for (let file = 0; file < 7; file++) {
      recorder.enterFile(file);
      recorder.note("read", file, file + 1);
    }
    expect(recorder.trace([0, 0]).spans.map(([file]) => file)).toEqual([2, 5]);
  });
});
