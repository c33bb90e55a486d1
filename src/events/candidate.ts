import type { Severity } from "../verdict/severity.ts";
import {
  type AnomalousWindow,
  type EventFeature,
  type EventRules,
  type FlightEvent,
  MOST_TOP_FEATURES,
} from "./event.ts";
import { eventId } from "./event-id.ts";

/** The flight whose windows are looked at, as one model sees it. */
export interface EventFlight {
  aircraftId: string;
  flightId: string;
  model: string | null;
}

/** What was decided on a candidate, and why. */
export type Decision = Pick<FlightEvent, "status" | "rule">;

/** Anomalous windows that overlap or touch, as they come; only sums are kept. */
export class Candidate {
  readonly startNs: bigint;
  endNs: bigint;
  /** Start of its last window. */
  lastStartNs: bigint;
  /** Anomalies: windows of other starts. What stands twice in the results is one. */
  anomalies = 0;
  /** The most anomalies of the flight, some of them of this candidate, within the time that the persistence rule looks at. */
  mostWithin = 0;
  readonly #first: AnomalousWindow;
  #last: AnomalousWindow;
  #peak: AnomalousWindow;
  #severity: Severity;
  #windows = 0;
  readonly #phases: string[] = [];
  readonly #errors = new Map<string, number>();

  constructor(first: AnomalousWindow) {
    this.#first = first;
    this.#last = first;
    this.#peak = first;
    this.#severity = first.severity;
    this.startNs = first.startNs;
    this.lastStartNs = first.startNs;
    this.endNs = first.endNs;
    this.add(first);
  }

  /** Whether a window that comes after those so far overlaps or touches them. */
  reaches({ startNs }: AnomalousWindow): boolean {
    return startNs <= this.endNs;
  }

  add(window: AnomalousWindow): void {
    if (this.anomalies === 0 || window.startNs !== this.lastStartNs) this.anomalies++;
    this.#windows++;
    this.#last = window;
    this.lastStartNs = window.startNs;
    if (window.endNs > this.endNs) this.endNs = window.endNs;
    if (window.score > this.#peak.score) this.#peak = window;
    if (window.severity > this.#severity) this.#severity = window.severity;
    if (window.phase !== null && window.phase !== this.#phases.at(-1)) this.#phases.push(window.phase);
    for (const [i, name] of window.errors?.names.entries() ?? [])
      this.#errors.set(name, (this.#errors.get(name) ?? 0) + window.errors!.values[i]!);
  }

  /** The event that it is, by a decision. */
  close(flight: EventFlight, rules: EventRules, decision: Decision): FlightEvent {
    const { score, threshold, startNs: peakTimeNs } = this.#peak;
    return {
      eventId: eventId(flight.aircraftId, flight.flightId, this.startNs),
      ...flight,
      startTimeNs: this.startNs,
      endTimeNs: this.endNs,
      durationSeconds: Number(this.endNs - this.startNs) / 1e9,
      windowCount: this.#last.place - this.#first.place + 1,
      anomalousWindowCount: this.#windows,
      peakScore: score,
      peakRatio: threshold === null || threshold === 0 ? null : score / threshold,
      peakTimeNs,
      severity: this.#severity,
      flightPhases: this.#phases,
      topFeatures: topFeatures(this.#errors, rules.featureContribution),
      confidence: confidenceOf(score, rules.confidence),
      ...decision,
      windowIds: [this.#first.windowId, this.#last.windowId],
    };
  }
}

/** The largest shares, of equal ones in the model's order; nothing where there is no error to have a share of. */
function topFeatures(errors: ReadonlyMap<string, number>, levels: EventRules["featureContribution"]): EventFeature[] {
  const total = [...errors.values()].reduce((sum, error) => sum + error, 0);
  if (!(total > 0 && total < Infinity)) return [];
  return [...errors]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_TOP_FEATURES)
    .filter(([, error]) => error > 0)
    .map(([name, error]) => {
      const rule = Object.hasOwn(levels, name) ? levels[name]! : null;
      const level = levelOf(error / total, rule);
      return { name, share: error / total, level, interpretation: level === null ? null : rule!.interpretation };
    });
}

function levelOf(share: number, rule: EventRules["featureContribution"][string] | null): EventFeature["level"] {
  if (rule?.high != null && share >= rule.high) return "high";
  return rule?.moderate != null && share >= rule.moderate ? "moderate" : null;
}

/** The first level, in the file's order, that holds the score: from its `min` on, below its `max`. */
function confidenceOf(score: number, levels: EventRules["confidence"]): string | null {
  const found = Object.entries(levels).find(
    ([, { min, max }]) => score >= (min ?? -Infinity) && score < (max ?? Infinity),
  );
  return found?.[0] ?? null;
}
