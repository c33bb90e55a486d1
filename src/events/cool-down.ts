/** Longer than any flight, and still a whole number of nanoseconds. */
const MOST_SECONDS = 1e9;

/** A duration of a rule in nanoseconds; below 0 counts as 0. */
export function ruleNs(seconds: number): bigint {
  return BigInt(Math.round(Math.min(Math.max(seconds, 0), MOST_SECONDS) * 1e9));
}

/** The anomalies that a rule of persistence needs, at least 1. */
export function neededAnomalies(consecutiveAnomalies: number | null | undefined): number {
  return Math.max(1, Math.ceil(consecutiveAnomalies ?? 1));
}

/** What becomes of a persistent candidate, and how long after the end of the last raised event it began; null outside of a cool-down. */
export interface Admission {
  isRaised: boolean;
  sinceNs: bigint | null;
}

/** The cool-down of one flight, whose candidates come in the order of time. */
export class CoolDown {
  readonly lengthNs: bigint;
  #raisedEndNs: bigint | null = null;

  constructor(seconds: number | null) {
    this.lengthNs = ruleNs(seconds ?? 0);
  }

  /** A candidate that begins in a cool-down and does not outlast it is suppressed; one that is raised begins the next. */
  admit(startNs: bigint, endNs: bigint): Admission {
    const sinceNs = this.#raisedEndNs === null ? this.lengthNs : startNs - this.#raisedEndNs;
    const isIn = sinceNs < this.lengthNs;
    const isRaised = !isIn || endNs > this.#raisedEndNs! + this.lengthNs;
    if (isRaised) this.#raisedEndNs = endNs;
    return { isRaised, sinceNs: isIn ? sinceNs : null };
  }
}
