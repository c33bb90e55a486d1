import { Fault } from "../faults/fault.ts";
import { createRandom, mixSeed } from "./random.ts";
import { severityOnDay, type WearState, wearOfAircraft } from "./wear.ts";

/** What a sample fleet is made of. Everything has a default; see {@link FLEET_DEFAULTS}. */
export interface FleetPlanOptions {
  aircraft?: number;
  days?: number;
  flightsPerDay?: number;
  flightSeconds?: number;
  /** Rows per second of the recordings: 10 or a multiple of it that divides a nanosecond clock (10, 100, 1000). */
  rateHz?: number;
  seed?: number;
  /** First day of the period, `YYYY-MM-DD` (UTC). */
  firstDay?: string;
  /** Whether wear grows on some of the aircraft; false: all are healthy. */
  withFaults?: boolean;
}

/** The small fleet that the quickstart makes. */
export const FLEET_DEFAULTS: Required<FleetPlanOptions> = {
  aircraft: 4,
  days: 5,
  flightsPerDay: 1,
  flightSeconds: 1200,
  rateHz: 100,
  seed: 1,
  firstDay: "2025-10-06",
  withFaults: true,
};

/** One flight to make. */
export interface PlannedFlight {
  aircraftId: string;
  flightId: string;
  /** Path below the raw folder, `/` between its parts. */
  path: string;
  startNanos: bigint;
  seconds: number;
  rateHz: number;
  seed: number;
  wear: WearState;
}

const DAY_SECONDS = 86_400;
/** Flying time of a day: from five in the morning on. */
const FIRST_DEPARTURE_SECONDS = 5 * 3600;
const FLYING_SECONDS = 18 * 3600;
/** A departure is up to so much later than its slot. */
const LATEST_DELAY_SECONDS = 1800;

/**
 * The flights of a fleet, day by day: data only, nothing is made yet. A flight's seed rests on its own place in the
 * fleet, so that a longer period or a larger fleet leaves the flights of the smaller one where they were.
 *
 * @throws Fault `USAGE`, with everything that is wrong with the options.
 */
export function planFleet(options: FleetPlanOptions = {}): PlannedFlight[] {
  const fleet = { ...FLEET_DEFAULTS, ...options };
  refuseNonsense(fleet);
  const firstDaySeconds = Date.parse(`${fleet.firstDay}T00:00:00Z`) / 1000;
  const flights: PlannedFlight[] = [];
  for (let day = 0; day < fleet.days; day++) {
    for (let aircraft = 0; aircraft < fleet.aircraft; aircraft++) {
      for (let leg = 0; leg < fleet.flightsPerDay; leg++) {
        const daySeconds = firstDaySeconds + day * DAY_SECONDS;
        flights.push(planFlight(fleet, { day, aircraft, leg, daySeconds }));
      }
    }
  }
  return flights;
}

function planFlight(
  fleet: Required<FleetPlanOptions>,
  place: { day: number; aircraft: number; leg: number; daySeconds: number },
): PlannedFlight {
  const { day, aircraft, leg, daySeconds } = place;
  const seed = mixSeed(fleet.seed, aircraft, day, leg);
  const slotSeconds = Math.floor(FLYING_SECONDS / fleet.flightsPerDay);
  const latestDelay = Math.min(LATEST_DELAY_SECONDS, slotSeconds - fleet.flightSeconds);
  const delay = Math.floor(createRandom(seed).uniform() * latestDelay);
  const startSeconds = daySeconds + FIRST_DEPARTURE_SECONDS + leg * slotSeconds + delay;
  const aircraftId = `AC${String(aircraft + 1).padStart(3, "0")}`;
  const [date, time] = new Date(startSeconds * 1000).toISOString().split(/[T.]/) as [string, string];
  const stamp = `${date.replaceAll("-", "")}_${time.replaceAll(":", "")}`;
  const number = String(aircraft * fleet.flightsPerDay + leg + 1).padStart(3, "0");
  return {
    aircraftId,
    flightId: `FL${stamp.slice(0, 8)}-${number}`,
    path: `engine_vibration/${date.slice(0, 7)}/${aircraftId}_${stamp}.parquet`,
    startNanos: BigInt(startSeconds) * 1_000_000_000n,
    seconds: fleet.flightSeconds,
    rateHz: fleet.rateHz,
    seed,
    wear: fleet.withFaults
      ? { wear: wearOfAircraft(aircraft), severity: severityOnDay(day, fleet.days) }
      : { wear: "healthy", severity: 0 },
  };
}

function refuseNonsense(fleet: Required<FleetPlanOptions>): void {
  const found: string[] = [];
  const atLeastOne = ["aircraft", "days", "flightsPerDay"] as const;
  for (const name of atLeastOne) {
    if (!(Number.isSafeInteger(fleet[name]) && fleet[name] >= 1)) found.push(`${name} ${fleet[name]}`);
  }
  if (!Number.isSafeInteger(fleet.seed)) found.push(`seed ${fleet.seed}`);
  if (![10, 100, 1000].includes(fleet.rateHz)) found.push(`rateHz ${fleet.rateHz}`);
  const slotSeconds = Math.floor(FLYING_SECONDS / fleet.flightsPerDay);
  if (!(fleet.flightSeconds >= 1 && fleet.flightSeconds <= slotSeconds)) {
    found.push(`flights of ${fleet.flightSeconds} s, ${fleet.flightsPerDay} a day`);
  }
  if (!/^\d{4}-\d\d-\d\d$/.test(fleet.firstDay) || Number.isNaN(Date.parse(fleet.firstDay))) {
    found.push(`first day "${fleet.firstDay}"`);
  }
  if (found.length === 0) return;
  throw new Fault({
    code: "USAGE",
    found: `a fleet with ${found.join(", ")}`,
    expected:
      "whole numbers of 1 or more, a rate of 10, 100 or 1000 Hz, flights from 1 s to what fits 18 hours a day, a day as YYYY-MM-DD",
    hint: "Change these values.",
  });
}
