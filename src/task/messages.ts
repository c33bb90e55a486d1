import type { FaultDetail } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { InputKind, RecordingCounts } from "../recording/recording.ts";

/** What every task of a run shares. Plain data: it crosses processes and machines. */
export interface TaskOptions {
  bundle: ModelBundle;
  /** Windows of an inference call; a multiple of 16. */
  batchSize: number;
  /** As the user wrote it. */
  filter: string | null;
  inputKind: InputKind | null;
  /** Folder of the feature cache, or null without one. */
  cacheDirectory: string | null;
  /** Whether the explaining columns are in the results too. */
  explain: boolean;
  /** Folder that the parts are written to. */
  partsDirectory: string;
}

/** A unit of work: a group of files, one part. */
export interface Task {
  /** Place of its part in the results, from 0. */
  index: number;
  /** Name of its part: changes with anything that changes its rows. */
  fingerprint: string;
  files: InputFile[];
}

/** Why a window of the grid has no score; a reason may name the signal or feature after a colon. */
export type SkipReason =
  | "filtered"
  | "no_extent"
  | `low_coverage:${string}`
  | `not_computable:${string}`
  | "score_not_finite";

/** What came of one flight of one file. */
export interface FlightReport {
  aircraftId: string;
  flightId: string;
  /** Windows of the grid, or window rows. */
  windows: number;
  scored: number;
  anomalies: number;
  /** Highest score, null if nothing was scored. */
  maxScore: number | null;
  /** By {@link SkipReason}; with `scored` they add up to `windows`. */
  skipped: Record<string, number>;
  /** Windows with an imputed value, by feature. */
  imputed: Record<string, number>;
  /** By UTC day of the windows' start. */
  days: Record<string, { windows: number; anomalies: number }>;
  /** Starts of the first and the last scored window, nanoseconds since 1970 UTC as digits. */
  firstNs: string | null;
  lastNs: string | null;
  /** Whether the window ids are the input's own, and so may repeat. */
  hasOwnIds: boolean;
}

/** Milliseconds spent per stage. */
export type StageTimes = Record<FileStage | "write", number>;

/** How far a file came: reading its bytes, decoding them, computing its features, scoring them. */
export type FileStage = "read" | "decode" | "compute" | "infer";

/** Why a file has no windows in the results. */
export interface FileFailure extends FaultDetail {
  stage: FileStage;
}

/** What came of one file: its flights, or why it failed. */
export interface FileReport {
  path: string;
  sizeBytes: number;
  modifiedNs: string;
  /** sha256 of the Parquet footer, of CSV the first and last 64 KiB; null if it could not be read. */
  contentHash: string | null;
  kind: InputKind | null;
  flights: FlightReport[];
  counts: RecordingCounts | null;
  warnings: string[];
  failure: FileFailure | null;
  fromCache: boolean;
  /** A results file of our own among the inputs: passed over, not scored. */
  passedOver: boolean;
  /** Wall time, milliseconds. */
  elapsedMs: number;
}

/** What came of a task: written beside its part, and sent to the coordinator. */
export interface TaskReport {
  index: number;
  fingerprint: string;
  files: FileReport[];
  stages: StageTimes;
  /** Windows and milliseconds of inference calls, for the mean latency. */
  inference: { windows: number; milliseconds: number };
  worker: { pid: number; peakMemoryBytes: number };
}

/** Sent by a worker when it has done a file, so that progress moves inside a task. */
export interface FileDone {
  bytes: number;
  windows: number;
  anomalies: number;
  failed: boolean;
}
