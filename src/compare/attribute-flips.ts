import type { Database } from "../aggregate/database.ts";
import type { ResultFile } from "../aggregate/result-file.ts";
import { asFault } from "../faults/fault.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { TellingWindow } from "./comparison.ts";
import { findBundles } from "./find-bundles.ts";
import { FlipExplainer } from "./flip-explainer.ts";
import { FlipTotals, type FoundAttribution, notAttributed } from "./flip-totals.ts";
import { type FlippedFlight, flipsOf, makeFlips } from "./flips.ts";
import type { Flip } from "./hybrid-decisions.ts";
import { type CompareOptions, MOST_ATTRIBUTED_FLIGHTS } from "./options.ts";
import { filesOfFlights, findInput, flightKey, type RunRecord, readRunRecord } from "./run-record.ts";
import type { Side } from "./side.ts";

/** What is asked: the two files, and the windows that are shown one by one. */
export interface FlipQuestion {
  files: Record<Side, ResultFile>;
  options: CompareOptions;
  topWindows: readonly TellingWindow[];
}

/**
 * Swaps the parts of the two bundles over the recordings of the flights with flips, alone and together, and shares each flip out among them.
 * @throws Fault for bundles of `--models` that cannot be run, or did not make the results
 */
export async function attributeFlips(db: Database, question: FlipQuestion): Promise<FoundAttribution> {
  const { files, options } = question;
  if (options.attribution === false) return notAttributed("not asked for");
  const records = { a: readRunRecord(files.a), b: readRunRecord(files.b) };
  const bundles = await findBundles(files, records, options.models);
  if (typeof bundles === "string") return notAttributed(bundles);
  const record = [records.a, records.b].find((one) => one !== null && one.coveragePath !== null);
  if (record == null) return notAttributed("neither file has the run.json and coverage.parquet of its run beside it");
  const flights = await makeFlips(db);
  if (flights.length === 0) return notAttributed("no decision flipped");
  const explainer = await FlipExplainer.open(bundles, record);
  try {
    if (explainer.swaps.players.length === 0) return notAttributed("the two bundles are the same in all parts");
    return await explainAll(db, { question, bundles, record, flights, explainer });
  } finally {
    await explainer.close();
  }
}

interface Work {
  question: FlipQuestion;
  bundles: Record<Side, ModelBundle>;
  record: RunRecord;
  flights: FlippedFlight[];
  explainer: FlipExplainer;
}

async function explainAll(db: Database, work: Work): Promise<FoundAttribution> {
  const { question, bundles, record, flights, explainer } = work;
  const totals = new FlipTotals(explainer.swaps, question.topWindows);
  const paths = await filesOfFlights(db, record);
  for (const flight of evenly(flights, question.options.attributedFlights ?? MOST_ATTRIBUTED_FLIGHTS)) {
    const flips = await flipsOf(db, flight);
    const files = paths.get(flightKey(flight.aircraftId, flight.flightId)) ?? [];
    await explainFlight({ flight, flips, files, record, explainer, totals });
  }
  const all = flights.reduce((sum, { flips }) => sum + flips, 0);
  return totals.finish(all, { a: bundles.a.directory, b: bundles.b.directory });
}

interface FlightWork {
  flight: FlippedFlight;
  flips: Flip[];
  files: string[];
  record: RunRecord;
  explainer: FlipExplainer;
  totals: FlipTotals;
}

/** Flips that one file does not explain may be in another of the same flight. */
async function explainFlight({ flight, flips, files, record, explainer, totals }: FlightWork): Promise<void> {
  let rest = flips;
  let wasRead = false;
  if (files.length === 0) totals.problem(`no recording is known of flight ${flight.flightId} of ${flight.aircraftId}`);
  for (const path of files) {
    if (rest.length === 0) return;
    const file = await findInput(path, record);
    if (typeof file === "string") {
      totals.problem(file);
      continue;
    }
    try {
      const explained = await explainer.explain(file, flight, rest);
      wasRead = true;
      for (const [i, one] of explained.entries()) if (one !== null) totals.add(flight, rest[i]!, one);
      rest = rest.filter((_, i) => explained[i] === null);
    } catch (error) {
      totals.problem(asFault(error, file.path).message);
    }
  }
  totals.unexplained(rest.length, wasRead);
}

/** At most so many of the items, at even distances. */
function evenly<T>(items: readonly T[], most: number): T[] {
  const count = Math.min(items.length, most);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
