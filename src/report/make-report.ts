import { makeCells } from "../aggregate/cells.ts";
import { Database } from "../aggregate/database.ts";
import { labelModels } from "../aggregate/label-models.ts";
import { withEvents } from "../eventfiles/open-events.ts";
import { EventCollector } from "./collect-events.ts";
import { describeMaking } from "./describe-making.ts";
import { flightsInDepth } from "./flights-in-depth.ts";
import type { Report } from "./model.ts";
import { readCoverage } from "./read-coverage.ts";
import { readFleet } from "./read-fleet.ts";
import { Recordings } from "./recordings.ts";
import { openSource, type ReportSource } from "./source.ts";

/** What a report is made of. */
export interface ReportQuestion {
  /** The results of one run. */
  results: string;
  /** A bundle, in place of the one that the run names. */
  model?: string | undefined;
  /** The flight that is shown first, by its id. */
  flight?: string | undefined;
  /** What was typed, to be shown in the page. */
  commandLine?: string | undefined;
  /** A file in whose folder there is room for what does not fit into memory. */
  beside: string;
  /** Ends it early. */
  stop?: AbortSignal | undefined;
}

/** Takes all numbers of a report out of results and what lies beside them, in bounded memory. @throws Fault for what cannot be read or meant */
export async function makeReport(question: ReportQuestion): Promise<Report> {
  const source = await openSource(question.results);
  const { events, warnings } = await collectEvents(source, question);
  const db = await Database.open(question.beside);
  const interrupt = () => db.interrupt();
  question.stop?.addEventListener("abort", interrupt);
  try {
    const labels = labelModels([source.file], false);
    await makeCells(db, { files: [source.file], labels, withPhase: false, withSeverity: false });
    const recordings = await Recordings.open(db, source, question.model);
    const asked = question.flight ?? null;
    return {
      resultsPath: source.file.path,
      model: source.file.model,
      missing: [...source.missing, ...warnings, ...recordings.notes],
      coverage: await readCoverage(db, source),
      fleet: await readFleet(db, source, labels[0]!),
      events: events.list,
      flights: await flightsInDepth(db, { source, recordings, events, asked, model: question.model }),
      making: describeMaking(source, { at: new Date(), commandLine: question.commandLine ?? null }),
    };
  } finally {
    question.stop?.removeEventListener("abort", interrupt);
    db.close();
  }
}

async function collectEvents(
  { file }: ReportSource,
  { model, beside, stop }: ReportQuestion,
): Promise<{ events: EventCollector; warnings: string[] }> {
  const events = new EventCollector();
  const options = { results: [file.path], beside, ...(model !== undefined && { model }), ...(stop && { stop }) };
  const warnings = await withEvents(options, async (open) => {
    for await (const event of open.events) events.add(event);
    return open.warnings;
  });
  return { events, warnings };
}
