import type { FileStage } from "../results/reports.ts";

/** What is tried. */
export interface Setting {
  workers: number;
  batchSize: number;
}

/** The stages that are told of, and each file as a whole; `write` is of a part, all others of a file. */
export const TIMED = ["read", "decode", "compute", "infer", "file", "write"] as const satisfies readonly (
  | FileStage
  | "file"
  | "write"
)[];

/** A name of {@link TIMED}. */
export type TimedStage = (typeof TIMED)[number];

/** How long a stage takes, milliseconds; null of no file. */
export interface Latency {
  p50: number;
  p95: number;
  p99: number;
}

/** One pass over the sample, in processes that were warm. */
export interface Pass {
  windows: number;
  bytes: number;
  seconds: number;
  /** Milliseconds of the workers together, by stage. */
  stagesMs: Record<FileStage | "write", number>;
  /** Milliseconds of each file, or of each part. */
  latenciesMs: Record<TimedStage, number[]>;
  inferenceMs: number;
  /** The most memory of all processes while these were alive, their warming up included. */
  memoryBytes: number;
}

/** What came of a setting. */
export interface SettingResult {
  setting: Setting;
  /** Of a pass. */
  windows: number;
  /** By round, in their order; null where the round has none. */
  windowsPerSecond: (number | null)[];
  median: number;
  lowest: number;
  highest: number;
  latencyMs: Record<TimedStage, Latency | null>;
  inferenceMsPerWindow: number;
  memoryBytes: number;
  /** Of the time of all workers: by stage, and with nothing to do. */
  shares: Record<FileStage | "write" | "idle", number>;
  bytesPerSecond: number;
}
