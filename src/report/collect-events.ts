import type { FlightEvent } from "../events/event.ts";
import { MOST } from "./caps.ts";
import type { EventList } from "./model.ts";

/** Events that are held before the weaker ones are let go. */
const KEPT = 4 * MOST.events;

/** Whose flight it is, and which. */
export interface FlightName {
  aircraftId: string;
  flightId: string;
}

/** A flight as a key of a map. */
export function flightKey({ aircraftId, flightId }: FlightName): string {
  return JSON.stringify([aircraftId, flightId]);
}

/** Events as they come, of which only the strongest and some counts are kept. */
export class EventCollector {
  #top: FlightEvent[] = [];
  #raised = 0;
  #suppressed = 0;
  readonly #byAircraft = new Map<string, number>();

  /** Takes the next event. */
  add(event: FlightEvent): void {
    if (event.status === "suppressed") {
      this.#suppressed++;
      return;
    }
    this.#raised++;
    this.#byAircraft.set(event.aircraftId, (this.#byAircraft.get(event.aircraftId) ?? 0) + 1);
    this.#top.push(event);
    if (this.#top.length >= 2 * KEPT) this.#top = strongest(this.#top, KEPT);
  }

  /** What there was. */
  get list(): EventList {
    const top = strongest(this.#top, MOST.events);
    return { top, raised: this.#raised, suppressed: this.#suppressed, byAircraft: this.#byAircraft };
  }

  /** The flights of the strongest events: first the strongest of each aircraft, then the second of each, and so on. */
  get flights(): FlightName[] {
    const flights = new Map(strongest(this.#top, KEPT).map((event) => [flightKey(event), event]));
    const taken = new Map<string, number>();
    const ranked = [...flights.values()].map(({ aircraftId, flightId }) => {
      const rank = taken.get(aircraftId) ?? 0;
      taken.set(aircraftId, rank + 1);
      return { rank, flight: { aircraftId, flightId } };
    });
    return ranked.sort((a, b) => a.rank - b.rank).map(({ flight }) => flight);
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
