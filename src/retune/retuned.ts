/** What alerts count: events, held to persistence and cool-down, or anomalous windows. */
export type AlertKind = "events" | "windows";

/** What there is to look at in some windows. A rate that there is none of is null. */
export interface AlertLoad {
  windows: number;
  /** Overlap counted once. */
  scored_hours: number;
  /** Anomalous windows. */
  anomalies: number;
  /** Raised events, where they begin. */
  events: number;
  anomalies_per_100_hours: number | null;
  events_per_100_hours: number | null;
}

/** The same windows under the thresholds that decided them, and under others. */
export interface BeforeAfter {
  before: AlertLoad;
  after: AlertLoad;
}

/** A point of the curve: all thresholds above 0 times `factor`. */
export interface CurvePoint {
  factor: number;
  default_threshold: number;
  anomalies: number;
  events: number;
  anomalies_per_100_hours: number | null;
  events_per_100_hours: number | null;
}

/** Thresholds for a wanted number of alerts. */
export interface Proposal {
  /** What was asked for, per 100 scored hours. */
  target_rate: number;
  counted: AlertKind;
  /** Threshold of each key of `flight_phase_thresholds`, and `default` where windows of no phase were scored. */
  thresholds: Record<string, number>;
  /** What they give. */
  load: AlertLoad;
  by_phase: Record<string, AlertLoad>;
  /** Whether the wanted rate could be come near to: as many windows as that are not there, else. */
  is_reached: boolean;
}

/** What other thresholds come to, as `--json` has it. */
export interface Retuned {
  thresholds: { path: string; sha256: string };
  inputs: { path: string; explained_by: "windows.parquet" | "results" }[];
  model: string | null;
  /** Whether no window is decided otherwise: no threshold, phase, anomaly or severity. */
  identical: boolean;
  changes: { to_anomaly: number; to_normal: number; severities: number; phases: number; thresholds: number };
  overall: BeforeAfter;
  by_aircraft: Record<string, BeforeAfter>;
  /** Each by its own phases. */
  by_phase: Record<string, BeforeAfter>;
  /** Of the given thresholds. */
  curve: CurvePoint[];
  proposal: Proposal | null;
  /** Windows that several inputs hold, counted once. */
  repeated_windows: number;
  warnings: string[];
}
