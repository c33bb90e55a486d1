import { joinPlace } from "../../io/storage/address.ts";
import { storageOf } from "../../io/storage/storage.ts";
import type { SettledOptions } from "../run-options.ts";
import type { RunReport } from "../run-report.ts";
import type { ForeseenFile } from "./foresee-file.ts";

/** A lowest and a highest value. */
export interface Range {
  low: number;
  high: number;
}

/** What a run may take. A rough model, so a range and no more: see docs/cli.md. */
export interface Estimate {
  /** What it rests on: what an earlier run of this output took, or constants measured on another machine. */
  basis: "earlier run" | "constants";
  /** Wall time, and peak of all processes together. */
  seconds: Range;
  memoryBytes: Range;
}

/** Measured on a busy machine of 2 cores with the fixtures and a simulated fleet. Milliseconds of a worker. */
const FILE_MS = 2;
const MS_PER_DECODED_BYTE = { parquet: 4e-6, csv: 40e-6, "csv.gz": 40e-6 };
/** From the command to the first result: processes start, models are opened, code grows warm. */
const START_MS = 800;
/** A process without files, bytes: the coordinator, and a worker with its session. */
const COORDINATOR_BYTES = 130e6;
const BYTES_PER_INPUT = 2048;
const WORKER_BYTES = 150e6;
/** How far off it may be, down and up. */
const CONSTANTS_SPREAD = { low: 0.5, high: 2.5 };
const EARLIER_SPREAD = { low: 0.7, high: 1.5 };
const MEMORY_SPREAD = { low: 0.8, high: 1.4 };
/** A file costs as much as so many bytes, as where tasks are cut. */
const FILE_COST_BYTES = 16 << 10;

/** Estimates time and memory of what is to be done. */
export async function estimate(
  files: readonly ForeseenFile[],
  { options, taskCount }: { options: SettledOptions; taskCount: number },
): Promise<Estimate> {
  const open = files.filter(({ source, passedOver }) => source !== "earlier run" && !passedOver);
  const { workers, limitBytes } = options.memory;
  const busy = Math.max(1, Math.min(workers, taskCount));
  const earlier = options.fresh ? null : await readThroughput(options.runDirectory);
  const workMs = earlier === null ? byConstants(open) : earlier.msPerByte * costOf(open);
  const spread = earlier === null ? CONSTANTS_SPREAD : EARLIER_SPREAD;
  const seconds = (START_MS + workMs / busy) / 1000;
  const largest = open.reduce((most, { decodedBytes }) => Math.max(most, decodedBytes ?? 0), 0);
  const workerBytes = earlier?.workerBytes ?? WORKER_BYTES + largest;
  const bytes = (earlier?.coordinatorBytes ?? COORDINATOR_BYTES + files.length * BYTES_PER_INPUT) + busy * workerBytes;
  return {
    basis: earlier === null ? "constants" : "earlier run",
    seconds: scale(seconds, spread),
    memoryBytes: atMost(limitBytes, scale(bytes, MEMORY_SPREAD)),
  };
}

function byConstants(files: readonly ForeseenFile[]): number {
  return files.reduce(
    (sum, { format, decodedBytes }) => sum + FILE_MS + MS_PER_DECODED_BYTE[format] * (decodedBytes ?? 0),
    0,
  );
}

function costOf(files: readonly { bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes + FILE_COST_BYTES, 0);
}

interface Throughput {
  msPerByte: number;
  workerBytes: number;
  coordinatorBytes: number;
}

/** What the run took that left its report in the folder; null where there is none to go by. */
async function readThroughput(runDirectory: string): Promise<Throughput | null> {
  const path = joinPlace(runDirectory, "run.json");
  try {
    const bytes = await (await storageOf(path)).read(path);
    const { inputs, stagesMs, memory } = JSON.parse(new TextDecoder().decode(bytes)) as RunReport;
    const { read, decode, compute, infer, write } = stagesMs;
    const workMs = read + decode + compute + infer + write;
    const msPerByte = workMs / costOf(inputs.map(({ sizeBytes }) => ({ bytes: sizeBytes })));
    const workerBytes = Math.max(...memory.workers.map(({ peakMemoryBytes }) => peakMemoryBytes));
    const found = { msPerByte, workerBytes, coordinatorBytes: memory.coordinatorPeakBytes };
    return Object.values(found).every((value) => Number.isFinite(value) && value > 0) ? found : null;
  } catch {
    // None, or of another version: then the constants have to do.
    return null;
  }
}

function atMost(limit: number, { low, high }: Range): Range {
  return { low: Math.min(limit, low), high: Math.min(limit, high) };
}

function scale(value: number, { low, high }: Range): Range {
  return { low: value * low, high: value * high };
}
