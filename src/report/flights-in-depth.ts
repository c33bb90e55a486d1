import type { Database } from "../aggregate/database.ts";
import { type ExplainedFile, explainFile } from "../eventfiles/explained-rows.ts";
import { type FoundRules, findRules } from "../eventfiles/find-rules.ts";
import type { EventFlight } from "../events/candidate.ts";
import type { AnomalousWindow, FlightEvent } from "../events/event.ts";
import { eventsOfFlight } from "../events/flight-events.ts";
import { Fault } from "../faults/fault.ts";
import { AROUND_EVENT, MOST } from "./caps.ts";
import { byStrength, type EventCollector, type FlightName, flightKey } from "./collect-events.ts";
import { contributionsOf } from "./contributions.ts";
import { numberAt } from "./json-file.ts";
import type { FlightInDepth } from "./model.ts";
import { type FlightWindow, findFlight, highestFlight, readFlights } from "./read-flights.ts";
import type { RecordedFlight } from "./read-signals.ts";
import type { Recordings } from "./recordings.ts";
import type { ReportSource } from "./source.ts";
import { type Span, traceFlight } from "./trace-flight.ts";

/** What flights are taken from. */
export interface FlightSources {
  source: ReportSource;
  recordings: Recordings;
  events: EventCollector;
  /** Id of the flight that is shown first; null: that of the strongest event. */
  asked: string | null;
  /** A bundle, in place of the one that the run names. */
  model: string | undefined;
}

/** The flights of the strongest events, one after another as they are shown. @throws Fault `USAGE` for a flight that is not in the results */
export async function flightsInDepth(db: Database, sources: FlightSources): Promise<FlightInDepth[]> {
  const chosen = await chooseFlights(db, sources);
  const explained = await explainFile(sources.source.file);
  const windows = await readFlights(db, explained, chosen);
  const rules = await rulesOfRun(sources);
  const flights: FlightInDepth[] = [];
  // One after another: a recording may be large.
  for (const flight of chosen) {
    flights.push(await lookInto(flight, { ...sources, explained, rules, windows: windows.get(flightKey(flight))! }));
  }
  return flights;
}

async function rulesOfRun({ source, model }: FlightSources): Promise<FoundRules> {
  const label = "the run";
  const { byLabel } = await findRules([source.file], [label], model);
  return byLabel.get(label)!;
}

async function chooseFlights(db: Database, { events, asked, source }: FlightSources): Promise<FlightName[]> {
  const first = asked === null ? null : await findFlight(db, asked);
  if (asked !== null && first === null) {
    throw new Fault({
      code: "USAGE",
      path: `--flight ${asked}`,
      found: `no scored window of this flight in ${source.file.path}`,
      expected: "the flight_id of one of its flights",
      hint: "Leave the flag out for the flight of the strongest event.",
    });
  }
  const others = events.flights.filter((flight) => first === null || flightKey(flight) !== flightKey(first));
  const all = [...(first === null ? [] : [first]), ...others];
  if (all.length > 0) return all.slice(0, MOST.flights);
  const highest = await highestFlight(db);
  return highest === null ? [] : [highest];
}

interface LookedInto extends FlightSources {
  explained: ExplainedFile;
  rules: FoundRules;
  windows: FlightWindow[];
}

/** The events that were raised in a flight, the strongest first: the same as those of the whole results, by the same rules. */
function raisedEvents(flight: EventFlight, { explained, rules, windows }: LookedInto): FlightEvent[] {
  const anomalous = windows.flatMap((window, place): AnomalousWindow[] => {
    if (!window.isAnomaly) return [];
    const threshold = window.threshold ?? rules.onlyThreshold;
    const errors = window.errors === null ? null : { names: explained.features, values: window.errors };
    return [{ ...window, place, threshold, errors }];
  });
  const events = eventsOfFlight(flight, anomalous, rules.rules);
  return events.filter(({ status }) => status === "raised").sort(byStrength);
}

async function lookInto(flight: FlightName, of: LookedInto): Promise<FlightInDepth> {
  const { source, recordings, explained, windows } = of;
  const events = raisedEvents({ ...flight, model: source.file.model }, of);
  const around = aroundTime(events[0] ?? null, windows);
  const found = around === null ? "nothing of it was scored" : await recordings.read({ ...flight, around });
  const read: RecordedFlight | null = typeof found === "string" ? null : found;
  const { bundle } = recordings;
  const levels = typeof bundle === "string" ? {} : bundle.extras.featureContribution;
  const contributions =
    events.length === 0 ? [] : contributionsOf(events[0]!, windows, { features: explained.features, levels });
  return {
    ...flight,
    events: events.slice(0, MOST.marks),
    eventCount: events.length,
    ...traceFlight(windows, hopOf(source, windows), read?.recorded ?? null),
    contributions: contributions.slice(0, MOST.features),
    signals: read?.signals ?? [],
    notes: notesOf({ found, explained, events: events.length, contributions: contributions.length }),
  };
}

function notesOf(of: { found: unknown; explained: ExplainedFile; events: number; contributions: number }): string[] {
  return [
    ...(typeof of.found === "string" ? [`The recording is not shown: ${of.found}.`] : []),
    ...(of.explained.explainedBy === "nothing"
      ? [
          "Thresholds, phases and the part of each feature are not known: neither windows.parquet nor results of --explain are there.",
        ]
      : []),
    ...(of.explained.explainedBy !== "nothing" && of.events > 0 && of.contributions === 0
      ? ["The part of each feature is not known: the model gives no reconstruction."]
      : []),
  ];
}

/** The event with some time before and after; of a long one the time around its peak. Without an event, around the highest score. */
function aroundTime(
  event: { startTimeNs: bigint; endTimeNs: bigint; peakTimeNs: bigint } | null,
  windows: readonly FlightWindow[],
): Span | null {
  if (windows.length === 0) return null;
  const peak = windows.reduce((a, b) => (b.score > a.score ? b : a));
  const { startTimeNs, endTimeNs, peakTimeNs } = event ?? {
    startTimeNs: peak.startNs,
    endTimeNs: peak.endNs,
    peakTimeNs: peak.startNs,
  };
  const { beforeSeconds, afterSeconds, mostSeconds } = AROUND_EVENT;
  const ns = (seconds: number) => BigInt(seconds) * 1_000_000_000n;
  const span = { fromNs: startTimeNs - ns(beforeSeconds), toNs: endTimeNs + ns(afterSeconds) };
  if (span.toNs - span.fromNs <= ns(mostSeconds)) return span;
  const latest = span.toNs - ns(mostSeconds);
  const middle = peakTimeNs - ns(mostSeconds) / 2n;
  const fromNs = middle < span.fromNs ? span.fromNs : middle > latest ? latest : middle;
  return { fromNs, toNs: fromNs + ns(mostSeconds) };
}

/** From one window to the next, as the run says it; else the commonest step of the flight. */
function hopOf({ run }: ReportSource, windows: readonly FlightWindow[]): bigint {
  const seconds = numberAt(run, "window", "hopSeconds");
  if (seconds !== null && seconds > 0) return BigInt(Math.round(seconds * 1e9));
  const steps = windows.slice(1).map(({ startNs }, i) => startNs - windows[i]!.startNs);
  return steps.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[steps.length >> 1] ?? 0n;
}
