import { type ChildProcess, fork, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import type { Redis } from "ioredis";
import type { ModelBundle } from "../src/model/bundle.ts";
import type { FileReport, FlightReport } from "../src/results/reports.ts";
import { redisAddress } from "../src/run/engines/redis/redis-address.ts";
import { RedisEngine } from "../src/run/engines/redis/redis-engine.ts";
import { openRedis, parseInfo } from "../src/run/engines/redis/redis-server.ts";
import { RedisWatch } from "../src/run/engines/redis/redis-watch.ts";
import { RunBoard } from "../src/run/engines/redis/run-board.ts";
import { openQueue } from "../src/run/engines/redis/run-queue.ts";
import { checkedTask, type RunRecord } from "../src/run/engines/redis/run-record.ts";
import { TaskSource } from "../src/run/engines/redis/task-source.ts";
import { queueTiming } from "../src/run/engines/redis/timing.ts";
import type { Task, TaskOptions, TaskReport } from "../src/task/messages.ts";
import { partReportPath, readPartReport } from "../src/task/part-files.ts";

/** What the queue costs by itself: tasks that take no time, with real Redis, workers' fetching and parts, and nothing scored. */

const RUN = "0123456789ab";
const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "20000" },
    files: { type: "string", default: "1" },
    workers: { type: "string", default: "3" },
    keep: { type: "boolean", default: false },
    worker: { type: "string" },
    parts: { type: "string", default: "" },
  },
});

function taskOf(index: number): Task {
  const files = Array.from({ length: Number(values.files) }, (_, i) => {
    const name = `aircraft_id=AC${index % 250}/AC${index % 250}_20251012_${String(index)}_${i}.parquet`;
    const path = `/archive/raw/engine_vibration/2025-10/${name}`;
    return {
      path,
      name,
      sizeBytes: 2_800_000,
      modifiedNs: "1764000000000000000",
      format: "parquet" as const,
      sidecarStamp: null,
    };
  });
  return { index, fingerprint: createHash("md5").update(String(index)).digest("hex"), files };
}

/** A report as large as that of real flights. */
function reportOf({ index, fingerprint, files }: Task): TaskReport {
  return {
    ...{
      index,
      fingerprint,
      files: files.map(({ path, sizeBytes, modifiedNs }) => fileReport({ path, sizeBytes, modifiedNs })),
    },
    stages: { read: 1, decode: 10, compute: 10, infer: 5, write: 3 },
    inference: { windows: 999 * files.length, milliseconds: 5 },
    worker: { pid: process.pid, peakMemoryBytes: 2e8 },
    part: { name: `${fingerprint}.000000000000`, bytes: [1, 1] },
  };
}

function fileReport(of: Pick<FileReport, "path" | "sizeBytes" | "modifiedNs">): FileReport {
  const counts = {
    windows: 1000,
    scored: 999,
    anomalies: 12,
    maxScore: 0.7,
    bySeverity: [987, 6, 4, 2] as FlightReport["bySeverity"],
  };
  const time = ["climb", "cruise", "descent"].map((phase) => ({ phase, reason: "scored", ns: 1_600_000_000_000 }));
  const flight = {
    ...{ aircraftId: "AC001", flightId: "F20251012", ...counts, skipped: { "low_coverage:vib_fan": 1 }, imputed: {} },
    ...{
      days: { "2025-10-12": { windows: 999, anomalies: 12 } },
      firstNs: "1760248800000000000",
      lastNs: "1760253800000000000",
    },
    ...{ repeatsIds: false, time },
  };
  return {
    ...{
      ...of,
      contentHash: "0".repeat(64),
      kind: "raw",
      flights: [flight],
      counts: null,
      quality: [],
      warnings: [],
      failure: null,
    },
    ...{ fromCache: false, passedOver: false, elapsedMs: 30, rowsDigest: "0".repeat(64) },
    time: { aircraftId: "AC001", flightId: "F20251012", lengthNs: 5e12, absentNs: 0, absentRows: 0, verified: null },
  };
}

/** A worker that does nothing with its tasks but put their parts there. */
async function work(url: string): Promise<void> {
  const { redis } = await openRedis(redisAddress(url));
  const board = new RunBoard(redis, queueTiming());
  const source = await TaskSource.open(
    { id: RUN, record: {} as RunRecord, fit: { taskOptions: {} as TaskOptions, remarks: [] } },
    { redis, timing: queueTiming() },
  );
  for (let n = 0; ; n++) {
    const token = `${process.pid}:${n}`;
    const job = await source.take(token);
    if (job === null) {
      await sleep(20);
      continue;
    }
    const report = reportOf(checkedTask(job.data)!);
    for (const kind of ["results", "windows"])
      writeFileSync(join(values.parts, `${report.part!.name}.${kind}.parquet`), "x");
    writeFileSync(partReportPath(values.parts, report.fingerprint), JSON.stringify(report));
    await board.noteDone(RUN, {
      fingerprint: report.fingerprint,
      files: 1,
      failedFiles: 0,
      bytes: 1,
      windows: 1,
      anomalies: 0,
    });
    await job.moveToCompleted(null, token, false);
    source.leave(job);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function residentBytes(pid: number): number {
  return 4096 * Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
}

/** Looks ten times a second at the memory of Redis and of this process. */
function watchMemory(redis: Redis): { peaks: { redis: number; own: number }; end: () => void } {
  const peaks = { redis: 0, own: 0 };
  const timer = setInterval(() => {
    peaks.own = Math.max(peaks.own, residentBytes(process.pid));
    redis.info("memory").then(
      (info) => {
        peaks.redis = Math.max(peaks.redis, Number(parseInfo(info).used_memory));
      },
      () => {},
    );
  }, 100);
  return { peaks, end: () => clearInterval(timer) };
}

function engineOver(redis: Redis, url: string, parts: string): RedisEngine {
  const timing = queueTiming();
  return new RedisEngine({
    ...{ id: RUN, record: {} as RunRecord, coordinator: "bench", timing },
    board: new RunBoard(redis, timing),
    queue: openQueue(RUN, redis),
    watch: new RedisWatch({ redis, shown: url, patienceMs: timing.patienceMs, stop: undefined, tell: console.error }),
    queueBytes: 32 << 20,
    readReports: (wanted) => Promise.all(wanted.map(({ fingerprint }) => readPartReport(parts, fingerprint))),
  });
}

/** Takes all tasks through the queue, and says what that took. */
async function measure(url: string, parts: string): Promise<void> {
  const { redis } = await openRedis(redisAddress(url));
  const tasks = Array.from({ length: Number(values.tasks) }, (_, index) => taskOf(index));
  const memory = watchMemory(redis);
  const begun = performance.now();
  const kept: TaskReport[] = [];
  let done = 0;
  const options = { bundle: {} as ModelBundle, partsDirectory: parts } as TaskOptions;
  const listener = { fileDone: () => {}, workerDied: console.error };
  for await (const report of engineOver(redis, url, parts).run(tasks, options, { listener })) {
    done++;
    if (values.keep) kept.push(report);
  }
  const seconds = (performance.now() - begun) / 1000;
  memory.end();
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({
      ...{ tasks: done, filesPerTask: Number(values.files), workers: Number(values.workers), reportsKept: kept.length },
      ...{ seconds, msPerTask: (1000 * seconds) / done, coordinatorCpuMsPerTask: (user + system) / 1000 / done },
      ...{ redisPeakMb: memory.peaks.redis / 1e6, coordinatorPeakMb: memory.peaks.own / 1e6 },
    }),
  );
}

async function coordinate(): Promise<void> {
  // As the coordinator of a run does.
  setFlagsFromString("--heap-growing-percent=20");
  const folder = mkdtempSync(join(tmpdir(), "flightbatch-queue-"));
  const parts = join(folder, "r.run/parts");
  mkdirSync(parts, { recursive: true });
  const port = await freePort();
  const flags = ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--save", ""];
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const server = spawn("redis-server", [...place, ...flags], { stdio: "ignore" });
  const workers: ChildProcess[] = [];
  try {
    await sleep(500);
    const url = `redis://127.0.0.1:${port}`;
    for (let n = 0; n < Number(values.workers); n++)
      workers.push(fork(process.argv[1]!, ["--worker", url, "--parts", parts]));
    await measure(url, parts);
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

await (values.worker === undefined ? coordinate() : work(values.worker));
process.exit(0);
