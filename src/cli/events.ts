import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EventTotals, writeEvents } from "../eventfiles/events-of-results.ts";
import type { FlightEvent } from "../events/event.ts";
import { printable } from "../model/printable.ts";
import type { Terminal } from "./output.ts";
import { significant, tableLines } from "./text-table.ts";
import { counted, duration, grouped } from "./words.ts";

/** The flags of `flightbatch events`, as the command line gives them. */
export interface EventsFlags {
  output?: string;
  model?: string;
  persistence?: { anomalies: number; withinSeconds: number } | null;
  cooldown?: number;
  raisedOnly?: boolean;
  quiet?: boolean;
}

const SEVERITIES = ["normal", "minor", "moderate", "severe"] as const;

/** Writes the events of results. Exit code 0, or 130 if interrupted. @throws Fault for what cannot be meant, read or written */
export async function eventsCommand(results: string[], flags: EventsFlags, terminal: Terminal): Promise<number> {
  const output = flags.output ?? defaultOutput(results);
  const { model, persistence, cooldown, raisedOnly } = flags;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const totals = await writeEvents({
      ...{ results, output, raisedOnly: raisedOnly === true, stop: stop.signal },
      ...(model !== undefined && { model }),
      ...(persistence !== undefined && { persistence }),
      ...(cooldown !== undefined && { cooldownSeconds: cooldown }),
    });
    for (const warning of totals.warnings) terminal.err.write(`Warning: ${printable(warning, 500)}\n`);
    if (flags.quiet !== true) terminal.out.write(describeEvents(totals, { output, raisedOnly: raisedOnly === true }));
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.err.write("Interrupted: no events were written.\n");
    return 130;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** In the folder of the run where there is one run, else here. */
function defaultOutput(results: readonly string[]): string {
  const folder = `${results[0]!.replace(/(?<=.)\/+$|\.(?:parquet|csv|csv\.gz|jsonl|json)$/i, "")}.run`;
  return results.length === 1 && existsSync(folder) ? join(folder, "events.parquet") : "events.parquet";
}

/** The counts, the worst events, and where all of them are. */
export function describeEvents(
  totals: EventTotals,
  { output, raisedOnly }: { output: string; raisedOnly: boolean },
): string {
  const { raised, suppressed, bySeverity, flights, aircraft, worst, windows, scoredHours } = totals;
  const severities = [3, 2, 1].filter((level) => bySeverity[level]! > 0);
  const split = severities.map((level) => `${grouped(bySeverity[level]!)} ${SEVERITIES[level]}`).join(", ");
  const rate = scoredHours > 0 ? `, ${significant((100 * raised) / scoredHours)} per 100 scored hours` : "";
  const lines = [
    `Windows: ${grouped(windows)} in ${significant(scoredHours)} scored hours`,
    `Events raised: ${grouped(raised)}${split === "" ? "" : ` (${split})`}${rate}`,
    ...(raised > 0 ? [`  in ${counted(flights, "flight")} of ${grouped(aircraft)} aircraft`] : []),
    ...(raisedOnly ? [] : [`Suppressed: ${grouped(suppressed)}`]),
    ...worstLines(worst, raised),
    `Events: ${printable(output, 1000)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function worstLines(worst: readonly FlightEvent[], raised: number): string[] {
  if (worst.length === 0) return [];
  const head = ["event", "aircraft", "flight", "start (UTC)", "length", "severity", "peak", "ratio", "top feature"];
  const rows = worst.map((event) => [
    event.eventId,
    event.aircraftId,
    event.flightId,
    startText(event.startTimeNs),
    duration(event.durationSeconds * 1000),
    SEVERITIES[event.severity],
    significant(event.peakScore),
    significant(event.peakRatio),
    topFeature(event),
  ]);
  const title = raised > worst.length ? `The ${worst.length} worst:` : "The worst first:";
  return [title, ...tableLines([head, ...rows], [0, 1, 2, 3, 5, 8])];
}

function startText(ns: bigint): string {
  const milliseconds = Number(ns / 1_000_000n);
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString().slice(0, 19) : "-";
}

function topFeature({ topFeatures: [top] }: FlightEvent): string {
  if (top === undefined) return "-";
  return `${Math.round(100 * top.share)}% ${top.interpretation ?? top.name}`;
}
