import type { TrendPeriod } from "../aggregate/options.ts";
import type { GroupSummary, ModelSummary } from "../aggregate/summary.ts";
import type { RateTrend } from "../aggregate/trend.ts";
import type { FlightEvent } from "../events/event.ts";
import type { FaultDetail } from "../faults/fault.ts";
import type { Summary } from "../results/summary.ts";
import type { Point } from "./decimate.ts";

/** All numbers of a report, before any page is made of them. */
export interface Report {
  resultsPath: string;
  model: string | null;
  /** What could not be found beside the results, and what is lacking for it: in words. */
  missing: string[];
  coverage: CoverageFacts;
  fleet: Fleet;
  events: EventList;
  flights: FlightInDepth[];
  making: Making;
}

/** What was looked at, and what not. */
export interface CoverageFacts {
  /** As the run summed it up; null where the run's `summary.json` is not there. */
  summary: Pick<Summary, "coverage" | "quality" | "files" | "windows_of_grid" | "windows_skipped"> | null;
  /** The first failures, and how many there are; null where `failures.jsonl` is not there. */
  failures: { shown: FaultDetail[]; total: number } | null;
  /** The first findings in the data, and how many there are; null where `quality.parquet` is not there. */
  findings: { shown: Finding[]; total: number } | null;
}

/** What is odd in the data of a file. */
export interface Finding {
  path: string;
  check: string;
  signal: string | null;
  example: string;
}

/** What was found in the fleet. */
export interface Fleet {
  summary: ModelSummary;
  period: TrendPeriod;
  /** The worst first; those of which nothing was scored last. */
  aircraft: AircraftFacts[];
  /** Aircraft in all. */
  aircraftCount: number;
  /** Periods in order; the last that are shown, and how many come before them. */
  periods: string[];
  earlierPeriods: number;
  /** By the heat map's aircraft (the first of `aircraft`), then by period. */
  cells: (FleetCell | null)[][];
  trends: TrendLine[];
}

/** An aircraft and what is said of it. */
export interface AircraftFacts {
  id: string;
  summary: GroupSummary;
  trend: RateTrend | null;
  /** Seconds recorded and scored, null where the run's summary is not there. */
  time: { recordedSeconds: number; scoredSeconds: number; unknownFiles: number } | null;
}

/** An aircraft in a period. */
export interface FleetCell {
  flights: number;
  windows: number;
  anomalies: number;
  /** Flights and files of which nothing was scored. */
  unexamined: number;
  /** Share of the recorded time that was not scored, null where it is not known. */
  notScored: number | null;
}

/** The anomaly rate of an aircraft over the periods, and its robust line. */
export interface TrendLine {
  id: string;
  trend: RateTrend;
}

/** Events of the whole results. */
export interface EventList {
  /** The strongest that were raised. */
  top: FlightEvent[];
  raised: number;
  suppressed: number;
  /** Raised events by aircraft. */
  byAircraft: Map<string, number>;
}

/** A stretch of time, milliseconds since 1970 UTC. */
export interface Stretch {
  from: number;
  to: number;
  label: string;
}

/** A flight as the results and its recording have it. */
export interface FlightInDepth {
  aircraftId: string;
  flightId: string;
  /** The strongest of its raised events, the strongest first, and how many there are. */
  events: FlightEvent[];
  eventCount: number;
  windows: number;
  anomalies: number;
  maxScore: number | null;
  scores: Point[];
  anomalousScores: Point[];
  /** Threshold at each change of it; empty where nothing says it. */
  thresholds: Point[];
  phases: Stretch[];
  /** Time of the recording that no scored window covers. */
  unexamined: Stretch[];
  /** How much of the squared error each feature has over the windows of the first event; empty where nothing says it. */
  contributions: Contribution[];
  signals: SignalTrace[];
  /** In words, why there is less than there could be. */
  notes: string[];
}

/** The part of a feature in an event's squared error. */
export interface Contribution {
  feature: string;
  share: number;
  /** The bundle's words where the share is at least `moderate`. */
  level: "high" | "moderate" | null;
  interpretation: string | null;
}

/** A signal of the recording around an event. */
export interface SignalTrace {
  name: string;
  unit: string | null;
  points: Point[];
}

/** How results and report were made: names and values in words. */
export interface Making {
  facts: { name: string; value: string }[];
  madeAt: string;
  flightbatch: string;
}
