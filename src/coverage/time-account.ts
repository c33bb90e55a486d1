import type { Reasons } from "./reasons.ts";

/** A part of a flight's recorded time. */
export interface TimeEntry {
  /** Code of the flight phase; null where it is not known. */
  phase: number | null;
  /** `scored`, or why not; a reason may name the signal or feature after a colon. */
  reason: string;
  /** Whole nanoseconds. */
  ns: number;
}

const PHASES = 8;

/** Adds up time by phase and reason: whole nanoseconds in doubles, exact below 104 days. */
export class TimeAccount {
  readonly #reasons: Reasons;
  readonly #sums: Float64Array;

  constructor(reasons: Reasons) {
    this.#reasons = reasons;
    this.#sums = new Float64Array((PHASES + 1) * reasons.names.length);
  }

  /** Enters a stretch of time. */
  add(ns: number, reason: number, phase: number | null): void {
    this.#sums[(phase ?? PHASES) * this.#reasons.names.length + reason]! += ns;
  }

  /** All that was entered, by phase, then in the order of the reasons, `scored` last. */
  get entries(): TimeEntry[] {
    const { names } = this.#reasons;
    const entries: TimeEntry[] = [];
    this.#sums.forEach((ns, i) => {
      if (ns === 0) return;
      const phase = Math.floor(i / names.length);
      entries.push({ phase: phase === PHASES ? null : phase, reason: names[i % names.length]!, ns });
    });
    return entries;
  }
}
