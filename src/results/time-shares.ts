import { compareCodePoints } from "../filter/text-order.ts";
import type { FileReport, FlightTime } from "./reports.ts";

/** Why recorded time was not scored, in the order in which reasons are looked for. */
export const TIME_REASONS = [
  "gap",
  "sensor_error",
  "out_of_range",
  "low_coverage",
  "not_computable",
  "score_not_finite",
  "filtered",
  "between_windows",
  "tail",
  "file_failed",
] as const;

/** A reason in two: what it is, and the signal or feature that it names, if it does. */
export function splitReason(reason: string): { reason: string; signal: string | null } {
  const colon = reason.indexOf(":");
  return colon === -1 ? { reason, signal: null } : { reason: reason.slice(0, colon), signal: reason.slice(colon + 1) };
}

/** The time of a file that was read in vain, if it is known: one entry without a flight's phase. */
export function failedTime({ failure, time }: FileReport): FlightTime[] {
  if (failure === null || time.lengthNs === null) return [];
  return [{ phase: "unknown", reason: "file_failed", ns: time.lengthNs }];
}

/** Whether nothing tells how long the recording in a file is. Results of our own are no recordings. */
export function hasUnknownLength({ passedOver, time }: FileReport): boolean {
  return !passedOver && time.lengthNs === null;
}

/** Recorded time in seconds, and what became of it. */
export interface TimeShares {
  recorded_seconds: number;
  scored_seconds: number;
  /** By reason, the largest first. */
  not_scored_seconds: Record<string, number>;
}

/** Adds up time by reason. In whole nanoseconds, beyond what doubles hold: a fleet's year is more than 104 days. */
export class TimeSum {
  readonly #byReason = new Map<string, bigint>();

  /** Enters all of these. */
  add(entries: readonly FlightTime[]): void {
    for (const { reason, ns } of entries) this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0n) + BigInt(ns));
  }

  /** The sums in seconds. */
  get shares(): TimeShares {
    const reasons = [...this.#byReason].filter(([reason]) => reason !== "scored");
    reasons.sort(([a, x], [b, y]) => (x === y ? compareCodePoints(a, b) : x < y ? 1 : -1));
    return {
      recorded_seconds: secondsOf([...this.#byReason.values()].reduce((a, b) => a + b, 0n)),
      scored_seconds: secondsOf(this.#byReason.get("scored") ?? 0n),
      not_scored_seconds: Object.fromEntries(reasons.map(([reason, ns]) => [reason, secondsOf(ns)])),
    };
  }
}

/** Seconds of whole nanoseconds. */
export function secondsOf(ns: bigint | number): number {
  return Number(ns) / 1e9;
}
