import type { FlightEvent } from "../events/event.ts";
import type { ThresholdExtras } from "../model/threshold-extras.ts";
import type { Contribution } from "./model.ts";
import type { FlightWindow } from "./read-flights.ts";

/** The part of each feature in the squared error of an event's anomalous windows, the largest first: `topFeatures` of the event in full. */
export function contributionsOf(
  event: Pick<FlightEvent, "startTimeNs" | "endTimeNs">,
  windows: readonly FlightWindow[],
  of: { features: readonly string[]; levels: ThresholdExtras["featureContribution"] },
): Contribution[] {
  const sums = of.features.map(() => 0);
  for (const { startNs, endNs, isAnomaly, errors } of windows) {
    if (!isAnomaly || errors === null || startNs < event.startTimeNs || endNs > event.endTimeNs) continue;
    for (const [i, error] of errors.entries()) sums[i]! += error;
  }
  const total = sums.reduce((a, b) => a + b, 0);
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) return [];
  const parts = of.features.map((feature, i) => ({ feature, share: sums[i]! / total }));
  return parts.sort((a, b) => b.share - a.share).map((part) => ({ ...part, ...wordsFor(part, of.levels) }));
}

function wordsFor(
  { feature, share }: { feature: string; share: number },
  levels: ThresholdExtras["featureContribution"],
): Pick<Contribution, "level" | "interpretation"> {
  const rule = Object.hasOwn(levels, feature) ? levels[feature]! : null;
  const isHigh = rule?.high != null && share >= rule.high;
  const level = isHigh ? "high" : rule?.moderate != null && share >= rule.moderate ? "moderate" : null;
  return { level, interpretation: level === null ? null : rule!.interpretation };
}
