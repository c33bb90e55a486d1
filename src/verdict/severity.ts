import type { Thresholds } from "./thresholds.ts";

/** Severity of a window: 0 none, 1 minor, 2 moderate, 3 severe. */
export type Severity = 0 | 1 | 2 | 3;

/**
 * Severity of a finite score: 0 below the threshold, else the highest level whose lowest score it reaches, at least 1.
 * The float32 score is compared as the float64 that a number is; at the threshold itself it is an anomaly.
 */
export function severityOf(score: number, threshold: number, severity: Thresholds["severity"]): Severity {
  if (score < threshold) return 0;
  if (score >= severity.severe) return 3;
  if (score >= severity.moderate) return 2;
  return 1;
}
