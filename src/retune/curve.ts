import type { Database } from "../aggregate/database.ts";
import { countEvents } from "../eventfiles/count-events.ts";
import type { EventRules } from "../events/event.ts";
import type { Thresholds } from "../verdict/thresholds.ts";
import { per100Hours } from "./alert-loads.ts";
import { anomaliesOf, decisionBy } from "./decide-sql.ts";
import type { CurvePoint } from "./retuned.ts";

/** What thresholds are multiplied by: from a half to the double, in even steps of the ratio. */
export const CURVE_FACTORS = Array.from({ length: 13 }, (_, i) => 2 ** ((i - 6) / 6));

/**
 * Workload against the thresholds, all times a factor. Anomalous windows never become more as thresholds rise; events may, where one falls into
 * two. A threshold of 0 or below stays as it is.
 */
export async function workloadCurve(
  db: Database,
  thresholds: Thresholds,
  { rules, hours }: { rules: Pick<EventRules, "persistence">; hours: number },
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const factor of CURVE_FACTORS) {
    const scaled = scaleThresholds(thresholds, factor);
    const decision = decisionBy(scaled);
    const [row] = await db.rows(`SELECT count(*)::DOUBLE AS anomalies FROM scored WHERE ${decision.anomaly}`);
    const anomalies = Number(row!.anomalies);
    const events = (await countEvents(db, anomaliesOf(decision), rules)).all;
    points.push({
      factor,
      default_threshold: scaled.default,
      anomalies,
      events,
      anomalies_per_100_hours: per100Hours(anomalies, hours),
      events_per_100_hours: per100Hours(events, hours),
    });
  }
  return points;
}

/** The lowest threshold that these thresholds, or the curve over them, hold a window to. */
export function lowestThreshold(thresholds: Thresholds): number {
  return Math.min(
    ...[1, ...CURVE_FACTORS].flatMap((factor) => {
      const scaled = scaleThresholds(thresholds, factor);
      return [scaled.default, ...Object.values(scaled.byPhase)];
    }),
  );
}

/** The same with all thresholds of anomalies above 0 times a factor; severities stay. */
export function scaleThresholds(thresholds: Thresholds, factor: number): Thresholds {
  const scale = (threshold: number) => (threshold > 0 ? threshold * factor : threshold);
  const byPhase = Object.entries(thresholds.byPhase).map(([phase, threshold]) => [phase, scale(threshold)]);
  return { ...thresholds, default: scale(thresholds.default), byPhase: Object.fromEntries(byPhase) };
}
