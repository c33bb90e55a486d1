import { makeCells } from "../aggregate/cells.ts";
import { Database } from "../aggregate/database.ts";
import { MAKE_EXPLAINED } from "../aggregate/faults.ts";
import { labelModels } from "../aggregate/label-models.ts";
import { listResults } from "../aggregate/list-results.ts";
import type { RepeatedWindows } from "../aggregate/repeated-windows.ts";
import type { FlightEvent } from "../events/event.ts";
import { FlightEvents } from "../events/flight-events.ts";
import { anomalousWindows } from "./event-rows.ts";
import { type ExplainedFile, explainFile } from "./explained-rows.ts";
import { type FoundRules, findRules } from "./find-rules.ts";
import { type EventOptions, overrideRules } from "./options.ts";

/** Stands for a model that nothing names. */
const UNKNOWN_MODEL = "unknown";

/** Results that are open, and their events as they come: flight after flight, in each in the order of time. */
export interface OpenEvents {
  events: AsyncGenerator<FlightEvent>;
  /** Scored time, overlap counted once, hours; and windows. */
  scoredHours: number;
  windows: number;
  /** What the reader should know. */
  warnings: string[];
}

/**
 * Opens results, hands their events to `use`, and closes them. In bounded memory, whatever the number of rows. `beside`: a file in whose folder
 * there is room for what does not fit into memory. `stop` ends it early.
 * @throws Fault for what cannot be read, rows without a value, a window with two scores
 */
export async function withEvents<T>(
  options: EventOptions & { beside: string; bundleRules?: FoundRules; stop?: AbortSignal },
  use: (open: OpenEvents) => Promise<T>,
): Promise<T> {
  const { files, passedOver } = await listResults(options.results);
  const labels = settleLabels(files);
  const { byLabel, warnings } =
    options.bundleRules === undefined
      ? await findRules(files, labels, options.model)
      : { byLabel: new Map(labels.map((label) => [label, options.bundleRules!])), warnings: [] };
  const rulesByLabel = new Map(
    [...byLabel].map(([label, found]) => [label, { ...found, rules: overrideRules(found.rules, options) }]),
  );
  const explained: ExplainedFile[] = [];
  for (const file of files) explained.push(await explainFile(file));
  const db = await Database.open(options.beside);
  const interrupt = () => db.interrupt();
  options.stop?.addEventListener("abort", interrupt);
  try {
    const repeated = await makeCells(db, { files, labels, withPhase: false, withSeverity: false });
    const [sums] = await db.rows("SELECT sum(covered)::DOUBLE AS covered, sum(windows)::DOUBLE AS windows FROM cells");
    return await use({
      events: makeEvents(anomalousWindows(db, { files: explained, labels }), rulesByLabel, options.raisedOnly ?? false),
      scoredHours: Number(sums?.covered ?? 0) / 3.6e12,
      windows: Number(sums?.windows ?? 0),
      warnings: [...warnings, ...warningsOf(explained, passedOver, repeated)],
    });
  } finally {
    options.stop?.removeEventListener("abort", interrupt);
    db.close();
  }
}

/** Files that nothing says the model of are of the only model there is; of several, each has its own events. */
function settleLabels(files: Parameters<typeof labelModels>[0]): string[] {
  const labels = labelModels(files, true);
  const known = new Set(labels.filter((label) => label !== UNKNOWN_MODEL));
  return known.size > 1 ? labels : labelModels(files, false);
}

async function* makeEvents(
  windows: ReturnType<typeof anomalousWindows>,
  rulesByLabel: ReadonlyMap<string, FoundRules>,
  raisedOnly: boolean,
): AsyncGenerator<FlightEvent> {
  const wanted = (events: FlightEvent[]) => (raisedOnly ? events.filter(({ status }) => status === "raised") : events);
  let finder: FlightEvents | null = null;
  let openKey = "";
  for await (const { label, aircraftId, flightId, window } of windows) {
    const key = JSON.stringify([label, aircraftId, flightId]);
    const { rules, onlyThreshold } = rulesByLabel.get(label)!;
    if (finder === null || openKey !== key) {
      if (finder !== null) yield* wanted(finder.end());
      finder = new FlightEvents({ aircraftId, flightId, model: label === UNKNOWN_MODEL ? null : label }, rules);
      openKey = key;
    }
    yield* wanted(finder.add(window.threshold === null ? { ...window, threshold: onlyThreshold } : window));
  }
  if (finder !== null) yield* wanted(finder.end());
}

function warningsOf(files: readonly ExplainedFile[], passedOver: number, repeated: RepeatedWindows): string[] {
  const bare = files.filter(({ explainedBy, file }) => explainedBy === "nothing" && file.dataSet === undefined);
  const bareSets = files.filter(({ explainedBy, file }) => explainedBy === "nothing" && file.dataSet !== undefined);
  const faceless = files.filter(({ explainedBy, features }) => explainedBy !== "nothing" && features.length === 0);
  const assumed = files.filter(({ file }) => !file.isWindowKnown);
  const named = ([first, ...more]: readonly ExplainedFile[]) =>
    more.length === 0 ? first!.file.path : `${first!.file.path} and ${more.length} more`;
  return [
    ...(passedOver > 0 ? [`${passedOver} other ${passedOver === 1 ? "file" : "files"} passed over: no results`] : []),
    ...(repeated.windows > 0
      ? [`${repeated.windows} windows are in several of the files, with the same scores: counted once`]
      : []),
    ...(bare.length > 0
      ? [`no windows.parquet beside ${named(bare)}, nor --explain in it: its events have no phases and no top features`]
      : []),
    ...(bareSets.length > 0
      ? [
          `the rows of ${named(bareSets)} have no flight_phase and no threshold, as of every data set made without --explain: its events have no phases and no top features; ${MAKE_EXPLAINED}`,
        ]
      : []),
    ...(faceless.length > 0 ? [`the model of ${named(faceless)} gives no squared errors: no top features`] : []),
    ...(assumed.length > 0
      ? [`no run.json with the length of a window for ${named(assumed)}: ${assumed[0]!.file.windowSeconds} s assumed`]
      : []),
  ];
}
