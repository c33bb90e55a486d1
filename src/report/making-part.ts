import type { Part } from "../page/page.ts";
import { MOST } from "./caps.ts";
import type { Report } from "./model.ts";

/** How results and report were made, so that both can be made again. */
export function makingPart({ making, fleet }: Report): Part {
  const limits = `At most ${MOST.heatRows} aircraft and ${MOST.heatColumns} ${fleet.period}s in the map, ${MOST.trends} trend lines, ${MOST.aircraft} aircraft and ${MOST.events} events in the tables, ${MOST.flights} flights in depth of ${MOST.scorePoints} points each, ${MOST.signals} signals of ${MOST.signalPoints} points, ${MOST.failures} failures and ${MOST.findings} findings.`;
  return {
    id: "making",
    title: "How it was made",
    blocks: [
      { kind: "facts", facts: [...making.facts, { name: "Limits of this page", value: limits }] },
      {
        kind: "text",
        text: `A window is anomalous where its score reaches the threshold of its phase. Intervals are drawn by whole flights, as windows of a flight are not independent; slopes are Theil-Sen with Sen's interval, and rise where the whole interval is above 0. Severities are those of the bundle. Only what was scored is judged: what was not examined is never taken for healthy.`,
      },
    ],
  };
}
