import type { FaultDetail } from "../faults/fault.ts";
import type { QualityFinding } from "../quality/finding.ts";
import type { InputKind, RecordingCounts } from "../recording/recording.ts";

/** Why a window of the grid has no score; a reason may name the signal or feature after a colon. */
export type SkipReason =
  | "filtered"
  | "no_extent"
  | `low_coverage:${string}`
  | `not_computable:${string}`
  | "score_not_finite";

/** A part of a flight's recorded time: which phase, what became of it, how much. */
export interface FlightTime {
  /** Name of the flight phase, or `unknown`. */
  phase: string;
  /** `scored`, or why not; a reason may name the signal or feature after a colon. */
  reason: string;
  /** Whole nanoseconds. */
  ns: number;
}

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
  /** Scored windows by severity, 0 none to 3 severe. */
  bySeverity: [number, number, number, number];
  /** By {@link SkipReason}; with `scored` they add up to `windows`. */
  skipped: Record<string, number>;
  /** Windows with an imputed value, by feature. */
  imputed: Record<string, number>;
  /** By UTC day of the windows' start. */
  days: Record<string, { windows: number; anomalies: number }>;
  /** Starts of the first and the last scored window, nanoseconds since 1970 UTC as digits. */
  firstNs: string | null;
  lastNs: string | null;
  /** Whether an id stands for several windows, as an input's own may. */
  repeatsIds: boolean;
  /** All of its recorded time, to the nanosecond; no part twice. */
  time: FlightTime[];
}

/** A file of which only the sidecar is there, and what that promises; null where it does not say. */
export interface AbsentFile {
  path: string;
  aircraftId: string;
  flightId: string;
  promisedNs: number | null;
  promisedRows: number | null;
}

/** What is known of a file's time and content beside its flights. */
export interface FileTime {
  /** Whose the file is as a whole; null where that was not looked at. */
  aircraftId: string | null;
  flightId: string | null;
  /**
   * Nanoseconds recorded: as read; of a file that could not be read, by its footer's statistics or its sidecar. Null: not known, which is
   * not the same as none.
   */
  lengthNs: number | null;
  /** What its sidecar promises and is not there: nanoseconds, and rows. */
  absentNs: number;
  absentRows: number;
  /** How it was held against its sidecar; null: not, or there was nothing to hold it against. */
  verified: "checksum" | "size" | null;
}

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
  /** What is odd in its data, in the order of the checks. */
  quality: QualityFinding[];
  warnings: string[];
  failure: FileFailure | null;
  fromCache: boolean;
  /** A results file of our own among the inputs: passed over, not scored. */
  passedOver: boolean;
  /** Wall time, milliseconds. */
  elapsedMs: number;
  time: FileTime;
  /** Digest of its rows in the results, latency aside; absent where it has none. */
  rowsDigest?: string;
}
