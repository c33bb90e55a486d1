import { createHash } from "node:crypto";

/** Id of a flight's place in a page: of its names alone, so that a link to it stays valid. */
export function flightAnchor({ aircraftId, flightId }: { aircraftId: string; flightId: string }): string {
  return `flight-${createHash("sha256")
    .update(JSON.stringify([aircraftId, flightId]))
    .digest("hex")
    .slice(0, 12)}`;
}
