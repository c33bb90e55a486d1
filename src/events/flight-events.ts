import { Candidate, type Decision, type EventFlight } from "./candidate.ts";
import { CoolDown, neededAnomalies, ruleNs } from "./cool-down.ts";
import { type AnomalousWindow, type EventRules, type FlightEvent, NO_EVENT_RULES } from "./event.ts";

/** An anomaly that the persistence rule still looks at. */
interface Recent {
  startNs: bigint;
  candidate: Candidate;
}

/**
 * Makes events of the anomalous windows of one flight, which come in the order of their starts; events come in that order too. Kept are the
 * candidates and anomalies of the time that the persistence rule looks at, whatever the length of the flight. The rules: docs/events.md.
 */
export class FlightEvents {
  readonly #flight: EventFlight;
  readonly #rules: EventRules;
  readonly #needed: number;
  /** Null: no limit of time, the candidate's own anomalies count. */
  readonly #withinNs: bigint | null;
  readonly #coolDown: CoolDown;
  /** Those not decided yet; the last may still grow. */
  #candidates: Candidate[] = [];
  #recent: Recent[] = [];
  #raisedId = "";

  constructor(flight: EventFlight, rules: EventRules) {
    const { consecutiveAnomalies, withinSeconds, cooldownSeconds } = rules.persistence ?? {};
    this.#flight = flight;
    this.#rules = rules;
    this.#needed = neededAnomalies(consecutiveAnomalies);
    this.#withinNs = withinSeconds == null ? null : ruleNs(withinSeconds);
    this.#coolDown = new CoolDown(cooldownSeconds ?? null);
  }

  /** Takes the next window, and gives the events that it can change no more. */
  add(window: AnomalousWindow): FlightEvent[] {
    const last = this.#candidates.at(-1);
    const candidate = last?.reaches(window) ? last : new Candidate(window);
    const before = candidate.anomalies;
    if (candidate === last) candidate.add(window);
    else this.#candidates.push(candidate);
    if (candidate !== last || candidate.anomalies > before) this.#count(window, candidate);
    return this.#decide((pending) => pending !== candidate && this.#isSettled(pending));
  }

  /** The flight has no more windows. */
  end(): FlightEvent[] {
    return this.#decide(() => true);
  }

  /** How many anomalies begin within the time that ends with the start of this one; that is so for every candidate that has one of them. */
  #count({ startNs }: AnomalousWindow, candidate: Candidate): void {
    if (this.#withinNs === null) {
      candidate.mostWithin = candidate.anomalies;
      return;
    }
    const since = startNs - this.#withinNs;
    this.#recent.push({ startNs, candidate });
    this.#recent = this.#recent.slice(-this.#needed).filter((recent) => recent.startNs >= since);
    const count = this.#recent.length;
    for (const recent of this.#recent) recent.candidate.mostWithin = Math.max(recent.candidate.mostWithin, count);
  }

  /** Once none of its anomalies is looked at any more. */
  #isSettled(candidate: Candidate): boolean {
    return this.#recent.every((recent) => recent.candidate !== candidate);
  }

  #decide(isReady: (candidate: Candidate) => boolean): FlightEvent[] {
    const waiting = this.#candidates.findIndex((candidate) => !isReady(candidate));
    const ready = this.#candidates.splice(0, waiting === -1 ? this.#candidates.length : waiting);
    return ready.map((candidate) => {
      const event = candidate.close(this.#flight, this.#rules, this.#judge(candidate));
      if (event.status === "raised") this.#raisedId = event.eventId;
      return event;
    });
  }

  #judge(candidate: Candidate): Decision {
    const found = this.#foundInWords(candidate);
    if (candidate.mostWithin < this.#needed)
      return { status: "suppressed", rule: `persistence: ${found}, ${this.#needed} needed` };
    const { isRaised, sinceNs } = this.#coolDown.admit(candidate.startNs, candidate.endNs);
    if (sinceNs === null) return { status: "raised", rule: found };
    const cooling = `began ${seconds(sinceNs)} after the end of event ${this.#raisedId}, cool-down ${seconds(this.#coolDown.lengthNs)}`;
    if (isRaised) return { status: "raised", rule: `${found}; ${cooling}, but outlasted it` };
    return { status: "suppressed", rule: `cool-down: ${cooling}` };
  }

  #foundInWords({ mostWithin }: Candidate): string {
    if (this.#rules.persistence?.consecutiveAnomalies == null)
      return "every candidate is an event: no persistence rule";
    const count = `${mostWithin} ${mostWithin === 1 ? "anomaly" : "anomalies"}`;
    return this.#withinNs === null ? `${count} in a row` : `${count} within ${seconds(this.#withinNs)}`;
  }
}

/** The events of the anomalous windows of one flight, which are in the order of their starts. */
export function eventsOfFlight(
  flight: EventFlight,
  windows: Iterable<AnomalousWindow>,
  rules: EventRules = NO_EVENT_RULES,
): FlightEvent[] {
  const finder = new FlightEvents(flight, rules);
  const events: FlightEvent[] = [];
  for (const window of windows) events.push(...finder.add(window));
  return [...events, ...finder.end()];
}

function seconds(ns: bigint): string {
  return `${Number(ns) / 1e9} s`;
}
