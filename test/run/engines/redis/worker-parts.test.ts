import { describe, expect, it } from "vitest";
import { metricsText } from "../../../../src/run/engines/redis/metrics.ts";
import { byFairness, type TaskSource } from "../../../../src/run/engines/redis/task-source.ts";
import { queueTiming } from "../../../../src/run/engines/redis/timing.ts";
import { asWorkerReport, type WorkerReport } from "../../../../src/run/engines/redis/worker-report.ts";
import { WorkerWatch } from "../../../../src/run/engines/redis/worker-watch.ts";

const RUN = "0123456789ab";
const WORKER: WorkerReport = {
  ...{ host: "h", pid: 1, version: "0.1.0", cpu: 'a "b" \\ c', lanes: 2, memoryBytes: 5, isDraining: false },
  done: { tasks: 1, files: 2, failedFiles: 0, bytes: 3, windows: 4 },
  ...{ failedTries: 0, deaths: 0, lostTasks: 0, rates: { bytesPerSecond: 1, windowsPerSecond: 0.5 } },
  ...{ tasks: [], refusals: {}, remarks: {} },
};

describe("the next task comes", () => {
  const source = (id: string, active: number, servedMs: number) => ({ id, active, servedMs }) as TaskSource;
  const order = (sources: TaskSource[], warm: string | null = null) => byFairness(sources, warm).map(({ id }) => id);

  it("from the run with the fewest tasks in work", () => {
    expect(order([source("a", 2, 0), source("b", 1, 9e9)])).toEqual(["b", "a"]);
  });

  it("else from the one that had the least work", () => {
    expect(order([source("a", 1, 500), source("b", 1, 400)])).toEqual(["b", "a"]);
  });

  it("but a warm model is kept for a while", () => {
    expect(order([source("a", 1, 500), source("b", 1, 400)], "a")).toEqual(["a", "b"]);
    expect(order([source("a", 1, 2500), source("b", 1, 400)], "a")).toEqual(["b", "a"]);
  });
});

describe("a coordinator that watches its workers", () => {
  function watch(graceMs: number): { watch: WorkerWatch; told: string[] } {
    const told: string[] = [];
    return { watch: new WorkerWatch({ run: RUN, graceMs, tell: (message) => told.push(message) }), told };
  }
  const present = (...workers: Partial<WorkerReport>[]) =>
    workers.map((worker, i) => ({ id: String(i), ageMs: 0, says: { ...WORKER, ...worker } }));

  it("says once that nobody is there", () => {
    const { watch: own, told } = watch(-1);
    own.look([]);
    own.look([]);
    expect(told).toEqual([expect.stringContaining("no worker is there yet")]);
  });

  it("ends the run where all refuse, with the reason of each, and not where one does not", () => {
    const refuses = { refusals: { [RUN]: "flightbatch 9 here" } };
    const { watch: own, told } = watch(-1);
    own.look(present(refuses, {}));
    expect(told).toEqual([expect.stringContaining("refuses the run: flightbatch 9 here")]);
    expect(() => own.look(present(refuses, { ...refuses, pid: 2 }))).toThrow(
      /2 workers, all of which refuse.*\n.*process 1\): flightbatch 9 here\n.*process 2/s,
    );
  });

  it("bears with a refusal for a while", () => {
    const { watch: own } = watch(60_000);
    expect(() => own.look(present({ refusals: { [RUN]: "x" } }))).not.toThrow();
  });

  it("says who has gone in the midst of a task, and what is odd about others", () => {
    const { watch: own, told } = watch(60_000);
    const tasks = [{ run: RUN, index: 0, file: "a", filesDone: 0, files: 1, seconds: 1 }];
    own.look(present({ tasks, remarks: { [RUN]: ["another processor\u001b[2J"] } }));
    own.look([]);
    expect(told).toEqual([
      "worker h (process 1): another processor?[2J",
      expect.stringContaining("gives no sign any more"),
    ]);
  });
});

it("a worker of a version that says other things is no worker that one can speak of", () => {
  expect(asWorkerReport(WORKER)).toEqual(WORKER);
  const { remarks: _, ...older } = WORKER;
  const wrong = [null, 1, "worker", [], {}, older, { ...WORKER, tasks: {} }, { ...WORKER, refusals: { [RUN]: 1 } }];
  for (const value of wrong) expect(asWorkerReport(value)).toBeNull();
});

it("metrics escape what is in a label", () => {
  expect(metricsText(WORKER)).toContain('flightbatch_build_info{version="0.1.0",cpu="a \\"b\\" \\\\ c"} 1\n');
});

describe("times of the queue", () => {
  it("follow from the lock", () => {
    expect(queueTiming({})).toMatchObject({
      lockMs: 60_000,
      stallCheckMs: 15_000,
      heartbeatMs: 2000,
      presenceMs: 10_000,
    });
    expect(queueTiming({ FLIGHTBATCH_QUEUE_LOCK_SECONDS: "2" })).toMatchObject({ lockMs: 2000, heartbeatMs: 500 });
  });

  it.each(["0", "x", "1e9", "-5"])("%s seconds are refused", (text) => {
    expect(() => queueTiming({ FLIGHTBATCH_QUEUE_LOCK_SECONDS: text })).toThrow(/seconds from 1/);
  });
});
