import type { FaultDetail } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { QualityCheck } from "../quality/finding.ts";
import type { InputKind } from "../recording/recording.ts";
import type { FileReport, FileStage } from "../results/reports.ts";
import type { TaskTrace } from "./task-trace.ts";
import type { VerifyLevel } from "./verify.ts";

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
  /** Whether the part is for a data set: a row group for each flight and UTC day of a file, without the aircraft's id. */
  partitioned?: boolean;
  /** Checks of the data's quality whose findings fail a file; absent: none. */
  strict?: readonly QualityCheck[];
  /** Whether files are read and checked only: nothing is scored, and no part written. */
  checkOnly?: boolean;
  /** How far files are held against their sidecars; absent: by size. */
  verify?: VerifyLevel;
  /** When what was done is noted, of every so many-th file; absent: of none. */
  trace?: { every: number };
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
  /** Paths of files that workers have died of: they are reported, not read. */
  fatalFiles?: string[];
}

/** Milliseconds spent per stage. */
export type StageTimes = Record<FileStage | "write", number>;

/** What came of a task: written beside its part, and sent to the coordinator. */
export interface TaskReport {
  index: number;
  fingerprint: string;
  files: FileReport[];
  stages: StageTimes;
  /** Windows and milliseconds of inference calls, for the mean latency. */
  inference: { windows: number; milliseconds: number };
  worker: { pid: number; peakMemoryBytes: number };
  /** The part's files: what their names begin with, and their sizes (results, windows); null where none were written. */
  part: { name: string; bytes: [number, number] } | null;
  /** Where the options ask for it; not in the report beside the part. */
  trace?: TaskTrace;
}

/** Sent by a worker when it has done a file, so that progress moves inside a task. */
export interface FileDone {
  bytes: number;
  windows: number;
  anomalies: number;
  failed: boolean;
}

/** Memory that each file of a task may take beyond what its process has anyway, bytes, and whether more could be had. */
export interface GrantedMemory {
  bytes: number;
  isAll: boolean;
}

/**
 * What a worker answers to a task: its report, and whether the worker should be replaced since it has grown; why the task as a whole could
 * not be done; or how many bytes a file of it needs.
 */
export type TaskAnswer = { report: TaskReport; retire: boolean } | { fault: FaultDetail } | { needsBytes: number };
