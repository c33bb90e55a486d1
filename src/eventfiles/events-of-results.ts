import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FlightEvent } from "../events/event.ts";
import { asFault, Fault } from "../faults/fault.ts";
import { compareCodePoints } from "../filter/text-order.ts";
import { rulesOf } from "./find-rules.ts";
import { withEvents } from "./open-events.ts";
import type { EventOptions } from "./options.ts";
import { EventFile, eventFormat } from "./write-events.ts";

/** Events of results, all in memory. */
export interface FoundEvents {
  /** By aircraft, flight, start and model. */
  events: FlightEvent[];
  /** Scored time, overlap counted once. */
  scoredHours: number;
  warnings: string[];
}

/** What came of looking for events. */
export interface EventTotals {
  raised: number;
  suppressed: number;
  /** Raised events by their severity, 0 to 3. */
  bySeverity: [number, number, number, number];
  /** Flights with a raised event, and aircraft. */
  flights: number;
  aircraft: number;
  windows: number;
  /** Scored time, overlap counted once. */
  scoredHours: number;
  /** The raised events of the highest severity and score, at most {@link MOST_WORST}. */
  worst: FlightEvent[];
  warnings: string[];
}

/** Events that are named one by one. */
export const MOST_WORST = 10;

/**
 * The events of results of runs (docs/events.md), in memory: as many as there are.
 * @throws Fault for what cannot be read, rows without a value, a window with two scores
 */
export async function findEvents(options: EventOptions): Promise<FoundEvents> {
  return withEvents({ ...options, beside: join(tmpdir(), `events-${randomUUID()}`) }, async (open) => {
    const events: FlightEvent[] = [];
    for await (const event of open.events) events.push(event);
    return { events: events.sort(inOrder), scoredHours: open.scoredHours, warnings: open.warnings };
  });
}

/**
 * Writes the events of results of runs to `output`: `.parquet`, `.csv` or `.json`, whole or not at all. In bounded memory, whatever their number.
 * `bundle` is the one that made them, where the caller has it.
 * @throws Fault as {@link findEvents}, and where the output cannot be written
 */
export async function writeEvents(
  options: EventOptions & { output: string; bundle?: Parameters<typeof rulesOf>[0]; stop?: AbortSignal },
): Promise<EventTotals> {
  eventFormat(options.output);
  const file = openFile(options.output);
  try {
    const rules = options.bundle === undefined ? {} : { bundleRules: rulesOf(options.bundle) };
    const totals = await withEvents({ ...options, ...rules, beside: options.output }, async (open) => {
      const sum = new Totals();
      for await (const event of open.events) {
        file.add(event);
        sum.add(event);
      }
      const { windows, scoredHours, warnings } = open;
      return { ...sum.totals, windows, scoredHours, warnings };
    });
    await file.finish();
    return totals;
  } finally {
    file.close();
  }
}

function openFile(output: string): EventFile {
  try {
    mkdirSync(dirname(output), { recursive: true });
    return new EventFile(output);
  } catch (error) {
    throw new Fault(
      {
        code: "OUTPUT_UNWRITABLE",
        path: output,
        found: asFault(error).detail.found,
        expected: "a place where the events can be written",
        hint: "Choose another --output, or ask for permission.",
      },
      { cause: error },
    );
  }
}

/** Events come flight after flight; of those that are raised sums are kept, and the worst. */
class Totals {
  readonly totals = {
    raised: 0,
    suppressed: 0,
    bySeverity: [0, 0, 0, 0] as EventTotals["bySeverity"],
    flights: 0,
    aircraft: 0,
    worst: [] as FlightEvent[],
  };
  readonly #aircraft = new Set<string>();
  #flight = "";

  add(event: FlightEvent): void {
    const { totals } = this;
    if (event.status === "suppressed") {
      totals.suppressed++;
      return;
    }
    totals.raised++;
    totals.bySeverity[event.severity]++;
    const flight = JSON.stringify([event.model, event.aircraftId, event.flightId]);
    if (flight !== this.#flight) totals.flights++;
    this.#flight = flight;
    totals.aircraft = this.#aircraft.add(event.aircraftId).size;
    totals.worst = [...totals.worst, event].sort(worstFirst).slice(0, MOST_WORST);
  }
}

function worstFirst(a: FlightEvent, b: FlightEvent): number {
  return b.severity - a.severity || b.peakScore - a.peakScore || inOrder(a, b);
}

function inOrder(a: FlightEvent, b: FlightEvent): number {
  return (
    compareCodePoints(a.aircraftId, b.aircraftId) ||
    compareCodePoints(a.flightId, b.flightId) ||
    Number(a.startTimeNs - b.startTimeNs) ||
    compareCodePoints(a.model ?? "", b.model ?? "")
  );
}
