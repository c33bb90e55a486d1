import { formatInstant, formatNumber } from "../page/number-format.ts";
import { type Block, type Choice, type Part, severityCell } from "../page/page.ts";
import { flightAnchor } from "./anchors.ts";
import { MOST } from "./caps.ts";
import { eventTable, featuresCell } from "./event-table.ts";
import { contributionChart, scoreChart, signalChart } from "./flight-charts.ts";
import type { FlightInDepth, Report } from "./model.ts";
import { epochMs, many } from "./words.ts";

/** One flight in depth, and some more to choose from. */
export function flightPart(report: Report): Part {
  const { flights, events } = report;
  const title = flights.length > 1 ? "One flight in depth, and more to choose" : "One flight in depth";
  if (flights.length === 0)
    return {
      id: "flight",
      title,
      blocks: [{ kind: "note", tone: "missing", text: "No flight has a scored window, so there is none to show." }],
    };
  const top = new Set(events.top.map(({ eventId }) => eventId));
  const options = flights.map((flight) => optionOf(flight, { report, top }));
  const choice: Choice = {
    kind: "choice",
    label: "Flights with the strongest events; one is shown at a time",
    options,
  };
  return { id: "flight", title, blocks: [choice] };
}

function optionOf(
  flight: FlightInDepth,
  { report, top }: { report: Report; top: ReadonlySet<string> },
): Choice["options"][number] {
  const [event] = flight.events;
  const id = flightAnchor(flight);
  return {
    id,
    title: `${flight.aircraftId}, flight ${flight.flightId}`,
    short: `${flight.aircraftId} \u00b7 ${flight.flightId}`,
    detail:
      event === undefined
        ? "no event"
        : `${severityCell(event.severity).text}, ${formatInstant(epochMs(event.startTimeNs))}`,
    blocks: [
      { kind: "text", text: summaryOf(flight) },
      ...flight.notes.map((text): Block => ({ kind: "note", tone: "neutral", text })),
      { kind: "chart", chart: scoreChart(flight, `${id}-score`) },
      ...contributionBlocks(flight, id),
      ...signalBlocks(flight, id),
      ...otherEvents(flight, { report, top, id }),
    ],
  };
}

function summaryOf({ windows, anomalies, events, eventCount }: FlightInDepth): string {
  const counts = `${formatNumber(anomalies)} of ${many(windows, "scored window")} are anomalous.`;
  const [event] = events;
  if (event === undefined) return `${counts} No event was raised.`;
  const { text, detail } = featuresCell(event);
  const what = text === "-" ? "" : ` What stands out: ${text}${detail === undefined ? "" : ` ${detail}`}.`;
  const phases = event.flightPhases.length === 0 ? "" : ` in ${event.flightPhases.join(", ")}`;
  return `${counts} ${many(eventCount, "event")} ${eventCount === 1 ? "was" : "were"} raised, the strongest at ${formatInstant(epochMs(event.startTimeNs))} UTC${phases} (${event.rule}).${what}`;
}

function contributionBlocks(flight: FlightInDepth, id: string): Block[] {
  if (flight.contributions.length === 0) return [];
  return [{ kind: "chart", chart: contributionChart(flight, `${id}-parts`) }];
}

function signalBlocks(flight: FlightInDepth, id: string): Block[] {
  if (flight.signals.length === 0) return [];
  const blocks: Block[] = [
    {
      kind: "text",
      text: `Read again from the recording: the least and the greatest value of each stretch of time are drawn, at most ${MOST.signalPoints} points a signal. Gaps are gaps, and values that are none are left out.`,
    },
    ...flight.signals.map(
      (signal, i): Block => ({ kind: "chart", chart: signalChart(flight, signal, `${id}-signal-${i}`) }),
    ),
  ];
  return [
    {
      kind: "group",
      title: flight.events.length > 0 ? "Signals around the strongest event" : "Signals around the highest score",
      blocks,
    },
  ];
}

/** Events of the flight; those that the table of top events lists are targets of their links there. */
function otherEvents(
  flight: FlightInDepth,
  { report, top, id }: { report: Report; top: ReadonlySet<string>; id: string },
): Block[] {
  if (flight.events.length < 2) return [];
  const table = eventTable(report, { id: `${id}-events`, events: flight.events, total: flight.eventCount });
  const rows = table.rows.map((row, i) => {
    if (!top.has(flight.events[i]!.eventId)) return row;
    const { id: _, ...without } = row;
    return without;
  });
  return [
    { kind: "table", table: { ...table, caption: `Events of flight ${flight.flightId}, the strongest first`, rows } },
  ];
}
