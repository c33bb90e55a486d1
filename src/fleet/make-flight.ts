import { type Blemish, drawBlemish, withBlemish } from "./blemish.ts";
import { simulateFlight } from "./flight.ts";
import { encodeFlight } from "./parquet.ts";
import type { PlannedFlight } from "./plan-fleet.ts";
import { createRandom, mixSeed } from "./random.ts";

/** A planned flight, made. */
export interface MadeFlight {
  /** The Parquet file. */
  bytes: Uint8Array;
  rows: number;
  blemish: Blemish | null;
}

/** Simulates and encodes one flight; the same plan gives the same bytes. Pure. */
export function makeFlight(flight: PlannedFlight, withBlemishes: boolean): MadeFlight {
  const random = createRandom(flight.seed);
  let signals = simulateFlight({ seconds: flight.seconds, rateHz: flight.rateHz, wear: flight.wear, random });
  // Blemishes have their own draws: without them the rest of the flight stays as it is.
  const chance = createRandom(mixSeed(flight.seed, 1));
  const blemish = withBlemishes ? drawBlemish(chance) : null;
  if (blemish !== null) signals = withBlemish(signals, blemish, chance);
  return { bytes: encodeFlight(signals, flight.startNanos), rows: signals.ticks.length, blemish };
}
