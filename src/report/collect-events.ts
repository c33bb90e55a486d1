import type { FlightEvent } from "../events/event.ts";
import { MOST } from "./caps.ts";
import type { EventList } from "./model.ts";

/** Events that are held before the weaker ones are let go. */
const KEPT = 4 * MOST.events;

/** A flight as a key of a map. */
export function flightKey({ aircraftId, flightId }: { aircraftId: string; flightId: string }): string {
  return JSON.stringify([aircraftId, flightId]);
}

/** Events as they come, of which only the strongest and some counts are kept. `asked`: a flight all of whose events are kept. */
export class EventCollector {
  #top: FlightEvent[] = [];
  #raised = 0;
  #suppressed = 0;
  readonly #byAircraft = new Map<string, number>();
  readonly #asked: string | null;
  readonly #ofAsked: FlightEvent[] = [];

  constructor(asked: string | null) {
    this.#asked = asked;
  }

  /** Takes the next event. */
  add(event: FlightEvent): void {
    if (event.status === "suppressed") {
      this.#suppressed++;
      return;
    }
    this.#raised++;
    this.#byAircraft.set(event.aircraftId, (this.#byAircraft.get(event.aircraftId) ?? 0) + 1);
    if (event.flightId === this.#asked && this.#ofAsked.length < KEPT) this.#ofAsked.push(event);
    this.#top.push(event);
    if (this.#top.length >= 2 * KEPT) this.#top = strongest(this.#top, KEPT);
  }

  /** What there was. */
  get list(): EventList {
    const top = strongest(this.#top, MOST.events);
    return { top, raised: this.#raised, suppressed: this.#suppressed, byAircraft: this.#byAircraft };
  }

  /** The strongest events of the flights that they are in, the flight asked for before all. */
  get flights(): FlightEvent[] {
    const ordered = [...strongest(this.#ofAsked, KEPT), ...strongest(this.#top, KEPT)];
    return ordered.filter((event, i) => ordered.findIndex((other) => flightKey(other) === flightKey(event)) === i);
  }

  /** The events of a flight that are known, the strongest first. */
  ofFlight(flight: { aircraftId: string; flightId: string }): FlightEvent[] {
    const all = new Set([...this.#ofAsked, ...this.#top]);
    const own = [...all].filter((event) => flightKey(event) === flightKey(flight));
    return strongest(own, MOST.marks);
  }
}

/** By severity, then by how far above the threshold, then by score; of equal ones the earlier. */
export function byStrength(a: FlightEvent, b: FlightEvent): number {
  if (a.severity !== b.severity) return b.severity - a.severity;
  const ratio = (b.peakRatio ?? 0) - (a.peakRatio ?? 0);
  if (ratio !== 0) return ratio;
  if (a.peakScore !== b.peakScore) return b.peakScore - a.peakScore;
  return a.startTimeNs < b.startTimeNs ? -1 : 1;
}

function strongest(events: readonly FlightEvent[], most: number): FlightEvent[] {
  return [...events].sort(byStrength).slice(0, most);
}
