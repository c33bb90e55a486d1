import { timeText } from "../aggregate/page/looks.ts";
import type { FlightEvent } from "../events/event.ts";
import { formatInstant, formatNumber } from "../page/number-format.ts";
import { type Cell, type Row, severityCell, type Table } from "../page/page.ts";
import { flightAnchor } from "./anchors.ts";
import type { Report } from "./model.ts";
import { epochMs } from "./words.ts";

/** A table of events, the strongest first; `total`: how many there are in all. Each row is the target of its event's link. */
export function eventTable(
  { flights }: Pick<Report, "flights">,
  { id, events, total }: { id: string; events: readonly FlightEvent[]; total: number },
): Table {
  const anchors = new Set(flights.map(flightAnchor));
  return {
    id,
    caption: `Events, the strongest first`,
    columns: [
      { label: "Aircraft" },
      { label: "Flight" },
      { label: "Start (UTC)", room: "keep" },
      { label: "Lasts", format: { style: "number" } },
      { label: "Severity", room: "keep" },
      { label: "Peak score", format: { style: "number" } },
      { label: "What stands out", room: "wide" },
      { label: "Phases" },
      { label: "Event", room: "break" },
    ],
    rows: events.map((event) => eventRow(event, anchors)),
    more:
      total > events.length
        ? `${formatNumber(total - events.length)} more events were raised; flightbatch events writes them all.`
        : null,
    empty: "none was raised",
  };
}

function eventRow(event: FlightEvent, anchors: ReadonlySet<string>): Row {
  const anchor = flightAnchor(event);
  const seconds = event.durationSeconds;
  return {
    id: `event-${event.eventId}`,
    cells: [
      event.aircraftId,
      { text: event.flightId, ...(anchors.has(anchor) && { link: anchor }) },
      formatInstant(epochMs(event.startTimeNs)),
      { text: timeText(seconds), sort: seconds },
      {
        ...severityCell(event.severity),
        ...(event.confidence !== null && { detail: `confidence ${event.confidence}` }),
      },
      {
        text: formatNumber(event.peakScore),
        sort: event.peakScore,
        ...(event.peakRatio !== null && {
          detail: `${formatNumber(event.peakRatio, { style: "number", digits: 1 })} \u00d7 threshold`,
        }),
      },
      featuresCell(event),
      event.flightPhases.join(", "),
      { text: event.eventId, link: `event-${event.eventId}` },
    ],
  };
}

/** The bundle's words for the largest parts where it has some, else the names of the features. */
export function featuresCell({ topFeatures }: FlightEvent): Cell {
  const [first, ...others] = topFeatures;
  if (first === undefined) return { text: "-" };
  const named = ({ name, share }: { name: string; share: number }) =>
    `${name} ${formatNumber(share, { style: "percent", digits: 0 })}`;
  const detail = [first, ...others].map(named).join(", ");
  return first.interpretation === null ? { text: detail } : { text: first.interpretation, detail: `(${detail})` };
}
