import { createHash } from "node:crypto";

/**
 * The id of an event: 16 hexadecimal digits of the sha256 of its aircraft, flight and start. Whatever else is known of it (its end, score,
 * severity, model, rule) may change without changing the id; another start makes another event.
 */
export function eventId(aircraftId: string, flightId: string, startTimeNs: bigint): string {
  const key = JSON.stringify([aircraftId, flightId, String(startTimeNs)]);
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
