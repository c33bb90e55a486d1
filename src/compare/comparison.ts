import type { Attribution } from "./attribution.ts";
import type { Tolerance } from "./options.ts";

/** What two files of results have in common and what not, as `--json` has it. A number that there is none of is null, never NaN. */
export interface Comparison {
  a: SideFacts;
  b: SideFacts;
  tolerance: Tolerance;
  /** Whether nothing in `differences` is above 0. */
  equal: boolean;
  differences: Differences;
  only_in_a: UnmatchedWindows;
  only_in_b: UnmatchedWindows;
  overall: GroupComparison;
  by_aircraft: Record<string, GroupComparison>;
  /** By the phase in A, else in B; null where neither says the phases. The workload of each by its own phases. */
  by_phase: Record<string, GroupComparison> | null;
  /** Of matched windows. */
  score_distribution: ScoreDistribution;
  /** Flips first, then by the change of score / threshold, then of the score. */
  top_windows: TellingWindow[];
  /** By flips, then by the largest change. */
  top_flights: TellingFlight[];
  /** Which part of the bundle made the flips; null where that was not or could not be found out, and why. */
  attribution: Attribution | null;
  attribution_missing: string | null;
}

/** One of the two files. */
export interface SideFacts {
  path: string;
  /** `<detector>/<version>` and the bundle's sha256, where the file or its run says so. */
  model: string | null;
  bundle_sha256: string | null;
  windows: number;
  flights: number;
  /** Rows whose key stands more than once: matched in the order of their times and scores. */
  repeated_windows: number;
  window_seconds: number;
  /** Whether that is the usual length, as nothing says it. */
  window_seconds_assumed: boolean;
  /** What the counts of events do without or differ in, such as a bundle that is not there any more. */
  warnings: string[];
}

/** Windows that differ, by what differs. */
export interface Differences {
  only_in_a: number;
  only_in_b: number;
  /** Of matched windows: `is_anomaly`, `anomaly_severity`, scores beyond the tolerance, `timestamp`. */
  decisions: number;
  severities: number;
  scores: number;
  start_times: number;
}

/** Windows that the other file has not. */
export interface UnmatchedWindows {
  windows: number;
  flights: number;
  by_aircraft: Record<string, number>;
  /** The first hundred flights. */
  by_flight: { aircraft_id: string; flight_id: string; windows: number }[];
}

/** Matched windows of a group compared; the workload is of all windows. */
export interface GroupComparison {
  windows: number;
  /** Windows by severity: row 0 to 3 that of A, column 0 to 3 that of B. */
  agreement: number[][];
  normal_to_anomaly: number;
  anomaly_to_normal: number;
  /** Correlation of the scores; null for fewer than two windows, or where all scores of one file are equal. */
  pearson: number | null;
  spearman: number | null;
  /** Of score B - score A; quantiles by linear interpolation. */
  difference: { mean: number | null; largest_absolute: number | null; quantiles: Record<string, number | null> };
  distance: ScoreDistance;
  workload: { a: Workload; b: Workload };
}

/** How far apart the distributions of the scores are. */
export interface ScoreDistance {
  /** Kolmogorov-Smirnov statistic: largest difference of the two cumulative shares. */
  ks: number | null;
  /** Population stability index over ten bins between the deciles of A; a share counts as at least 0.0001. */
  psi: number | null;
  /** Wasserstein-1: area between the two cumulative shares, in units of the score. */
  wasserstein: number | null;
}

/** Windows by their scores in both files, over the same bins. */
export interface ScoreDistribution {
  /** Ascending. The first bin is below the first of them, the last at or above the last; a score at an edge is above it. */
  edges: number[];
  a: number[];
  b: number[];
}

/** What there is to look at. */
export interface Workload {
  windows: number;
  /** Time covered by scored windows, that of overlapping ones once. */
  scored_hours: number;
  anomalies: number;
  /** Those that the rules of the file's bundle raise (docs/events.md). In a phase: those that begin in it. */
  events: number;
  anomalies_per_100_hours: number | null;
  events_per_100_hours: number | null;
}

/** What one file says of a window. */
export interface WindowSide {
  anomaly_score: number;
  is_anomaly: boolean;
  anomaly_severity: number;
  flight_phase: string | null;
  threshold: number | null;
  score_ratio: number | null;
}

/** A matched window that differs much. */
export interface TellingWindow {
  aircraft_id: string;
  flight_id: string;
  window_id: string;
  /** ISO 8601, UTC, nine decimals. */
  timestamp: string;
  a: WindowSide;
  b: WindowSide;
  ratio_change: number | null;
  score_change: number;
  flip: FlipKind | null;
  /** The share of each part of the bundle in the flip; they add up to 1. Null where it was not attributed, or is none. */
  shares: Record<string, number> | null;
}

/** Which way a decision changed from A to B. */
export type FlipKind = "normal_to_anomaly" | "anomaly_to_normal";

/** A flight with matched windows that differ much. */
export interface TellingFlight {
  aircraft_id: string;
  flight_id: string;
  windows: number;
  normal_to_anomaly: number;
  anomaly_to_normal: number;
  largest_ratio_change: number | null;
  largest_score_change: number;
}
