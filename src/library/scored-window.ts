import { splitNames } from "../results/name-list.ts";
import type { ResultChunk } from "../results/result-chunk.ts";

/** One scored window: a row of the results, with what explains it. */
export interface ScoredWindow {
  windowId: string;
  aircraftId: string;
  flightId: string;
  /** Start of the window, nanoseconds since 1970 UTC. */
  startNs: bigint;
  /** float32. */
  anomalyScore: number;
  isAnomaly: boolean;
  /** 0 none, 1 minor, 2 moderate, 3 severe. */
  anomalySeverity: number;
  inferenceLatencyMs: number;
  /** 0 ground to 7 landing, null where unknown. */
  flightPhase: number | null;
  /** The threshold that decided. */
  threshold: number;
  /** Squared error of each feature's reconstruction, in the model's feature order; null if the model gives none. */
  squaredErrors: number[] | null;
  /** Names of the features that were imputed. */
  imputedFeatures: string[];
}

/** The windows of a chunk as objects. */
export function windowsOfChunk(chunk: ResultChunk): ScoredWindow[] {
  return chunk.windowIds.map((windowId, i) => ({
    windowId,
    aircraftId: chunk.aircraftId,
    flightId: chunk.flightId,
    startNs: chunk.timestamps[i]!,
    anomalyScore: chunk.scores[i]!,
    isAnomaly: chunk.severities[i]! > 0,
    anomalySeverity: chunk.severities[i]!,
    inferenceLatencyMs: chunk.latenciesMs[i]!,
    flightPhase: chunk.phases[i]!,
    threshold: chunk.thresholds[i]!,
    squaredErrors: chunk.squaredErrors?.map((errors) => errors[i]!) ?? null,
    imputedFeatures: splitNames(chunk.imputed[i]!),
  }));
}
