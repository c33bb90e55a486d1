import type { Severity } from "../verdict/severity.ts";

/** Whether an event is for a person to look at, or was held back by a rule of the bundle. */
export type EventStatus = "raised" | "suppressed";

/** What a feature adds to an event. */
export interface EventFeature {
  name: string;
  /** Its part (0 to 1) of the squared error of all features, over the event's anomalous windows. */
  share: number;
  /** By the bundle's `feature_contribution_thresholds`; null below both, or where the bundle has none for it. */
  level: "high" | "moderate" | null;
  /** The bundle's words for it, where it has a level. Text of others: to be escaped where it is shown. */
  interpretation: string | null;
}

/** Anomalous windows of a flight that overlap or touch, as one. Times are nanoseconds since 1970 UTC. */
export interface FlightEvent {
  /** Of aircraft, flight and start alone ({@link eventId}): the same on every rerun and machine. */
  eventId: string;
  aircraftId: string;
  flightId: string;
  /** `<detector>/<version>`, null where nothing says it. */
  model: string | null;
  startTimeNs: bigint;
  /** End of the last anomalous window. */
  endTimeNs: bigint;
  /** From start to end: overlap is counted once. */
  durationSeconds: number;
  /** Scored windows from the first to the last anomalous one, and how many of them are anomalous. */
  windowCount: number;
  anomalousWindowCount: number;
  /** The window of the highest score (of equal ones the first): its score, score over threshold (null where that is not known or 0), and start. */
  peakScore: number;
  peakRatio: number | null;
  peakTimeNs: bigint;
  /** The highest of its windows. */
  severity: Severity;
  /** Phases of the anomalous windows in the order they were crossed, `unknown` among them; empty where nothing says the phases. */
  flightPhases: string[];
  /** The largest shares first, at most {@link MOST_TOP_FEATURES}; empty where the run has no squared errors. */
  topFeatures: EventFeature[];
  /** The bundle's level whose scores hold the peak (`confidence_levels`), or null. */
  confidence: string | null;
  status: EventStatus;
  /** Which rule raised or suppressed it, in words, with its numbers. */
  rule: string;
  /** Ids of the first and the last anomalous window. */
  windowIds: [string, string];
}

/** Features that an event names at most. */
export const MOST_TOP_FEATURES = 3;

/** What `thresholds.yaml` says of events. */
export interface EventRules {
  /** By feature: the share of the squared error that is high or moderate, and what that means. */
  featureContribution: Record<string, { high: number | null; moderate: number | null; interpretation: string | null }>;
  /** By level, in the file's order: the scores it spans, from `min` on and below `max`. */
  confidence: Record<string, { min: number | null; max: number | null }>;
  /** An event is so many anomalies within so many seconds; the next may begin after the cool-down. */
  persistence: {
    consecutiveAnomalies: number | null;
    withinSeconds: number | null;
    cooldownSeconds: number | null;
  } | null;
}

/** No rules: every candidate is an event. */
export const NO_EVENT_RULES: EventRules = { featureContribution: {}, confidence: {}, persistence: null };

/** An anomalous window, as events are made of it. */
export interface AnomalousWindow {
  windowId: string;
  startNs: bigint;
  endNs: bigint;
  /** Its number among the flight's scored windows in the order of time, from any number on. */
  place: number;
  score: number;
  /** What decided; null where nothing says it. */
  threshold: number | null;
  severity: Severity;
  /** Name of its flight phase or `unknown`; null where nothing says it. */
  phase: string | null;
  /** Squared error of each feature, null where there is none. */
  errors: { names: readonly string[]; values: ArrayLike<number> } | null;
}
