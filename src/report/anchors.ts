import { createHash } from "node:crypto";
import type { FlightName } from "./collect-events.ts";

/** Id of a flight's place in a page: of its names alone, so that a link to it stays valid. */
export function flightAnchor({ aircraftId, flightId }: FlightName): string {
  return `flight-${createHash("sha256")
    .update(JSON.stringify([aircraftId, flightId]))
    .digest("hex")
    .slice(0, 12)}`;
}
