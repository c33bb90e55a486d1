import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import type { Attribution, ExplainedFlip } from "./attribution.ts";
import type { Swaps } from "./bundle-parts.ts";
import type { TellingWindow } from "./comparison.ts";
import type { FlightName } from "./flip-explainer.ts";
import type { Flip } from "./hybrid-decisions.ts";
import { Tally } from "./tally.ts";
import { flipKind } from "./telling.ts";

/** What was found out of the flips; `missing` says why nothing was. */
export interface FoundAttribution {
  attribution: Attribution | null;
  missing: string | null;
  /** The shares of a window's flip by part, null where it was not attributed. */
  sharesOf(window: TellingWindow): Record<string, number> | null;
}

const MOST_PROBLEMS = 10;
const ALL = "all";
const PHASE_ORDER: readonly string[] = [...FLIGHT_PHASES, "unknown"];

/** Nothing was found out, and why. */
export function notAttributed(missing: string): FoundAttribution {
  return { attribution: null, missing, sharesOf: () => null };
}

/** Gathers the shares of flips. */
export class FlipTotals {
  readonly #swaps: Swaps;
  readonly #parts: string[];
  readonly #all: Tally;
  readonly #byAircraft: Tally;
  readonly #byPhase: Tally;
  readonly #shown: Map<string, Record<string, number> | null>;
  readonly #problems: string[] = [];
  #attributed = 0;
  #withoutRecording = 0;
  #notReproduced = 0;
  #hasPhases = false;

  constructor(swaps: Swaps, topWindows: readonly TellingWindow[]) {
    this.#swaps = swaps;
    this.#parts = swaps.players.map(({ name }) => name);
    this.#all = new Tally(this.#parts);
    this.#byAircraft = new Tally(this.#parts);
    this.#byPhase = new Tally(this.#parts);
    this.#shown = new Map(topWindows.map((window) => [keyOf(window), null]));
  }

  /** A flip and how it was shared out. */
  add({ aircraftId, flightId }: FlightName, flip: Flip, explained: ExplainedFlip): void {
    const kind = flipKind(flip.anomalyA, flip.anomalyB)!;
    this.#attributed++;
    this.#all.add(ALL, kind, explained);
    this.#byAircraft.add(aircraftId, kind, explained);
    if (flip.phase !== null) {
      this.#hasPhases = true;
      this.#byPhase.add(flip.phase, kind, explained);
    }
    const key = keyOf({ aircraft_id: aircraftId, flight_id: flightId, window_id: flip.windowId });
    if (this.#shown.has(key))
      this.#shown.set(key, Object.fromEntries(this.#parts.map((part, i) => [part, explained.shares[i]!])));
  }

  /** Flips of a flight that were not explained: of a recording that was read, or of none. */
  unexplained(flips: number, wasRead: boolean): void {
    if (wasRead) this.#notReproduced += flips;
    else this.#withoutRecording += flips;
  }

  /** Why a recording was not used. */
  problem(words: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(words);
  }

  /** All that was gathered, of `flips` in all. */
  finish(flips: number, models: Attribution["models"]): FoundAttribution {
    const seen = this.#attributed + this.#withoutRecording + this.#notReproduced;
    const attribution: Attribution = {
      models,
      parts: this.#parts,
      taken_together: this.#swaps.takenTogether,
      flips,
      attributed: this.#attributed,
      flips_in_flights_left_out: flips - seen,
      flips_without_recording: this.#withoutRecording,
      flips_not_reproduced: this.#notReproduced,
      problems: this.#problems,
      totals: this.#all.totals(ALL),
      by_aircraft: this.#byAircraft.byGroup(),
      by_phase: this.#hasPhases ? inFlightOrder(this.#byPhase.byGroup()) : null,
    };
    return { attribution, missing: null, sharesOf: (window) => this.#shown.get(keyOf(window)) ?? null };
  }
}

/** Phases in the order of a flight. */
function inFlightOrder<T>(byPhase: Record<string, T>): Record<string, T> {
  const place = (name: string) => PHASE_ORDER.indexOf(name);
  return Object.fromEntries(Object.entries(byPhase).sort(([x], [y]) => place(x) - place(y)));
}

function keyOf(window: Pick<TellingWindow, "aircraft_id" | "flight_id" | "window_id">): string {
  return JSON.stringify([window.aircraft_id, window.flight_id, window.window_id]);
}
