import { Fault } from "../faults/fault.ts";
import type { ResultFile } from "./result-file.ts";

/** Rows whose values are none. */
export function unusableRows({ path }: ResultFile, rows: number): Fault {
  return new Fault({
    code: "COLUMN_TYPE",
    path,
    found: `${rows} ${rows === 1 ? "row" : "rows"} whose timestamp, anomaly_score, is_anomaly or anomaly_severity is missing or no value of its kind`,
    expected: "results of flightbatch run, where none is missing",
    hint: "Was the file changed by another program? Make the results again.",
  });
}

/** A `windows.parquet` that is not of the results beside it. */
export function foreignWindows({ path, windowsPath }: ResultFile): Fault {
  return new Fault({
    code: "USAGE",
    path,
    found: `other windows in ${windowsPath}`,
    expected: "the same windows in the same order there, for their flight phases",
    hint: "Was one of the two replaced or sorted? Run with --explain to have the phases in the results themselves.",
  });
}

/** What to do about a data set whose rows do not carry phases and thresholds. The windows beside it are of its last run, in another order. */
export const MAKE_EXPLAINED = "to have them, run over all data once more with --explain and without --incremental";

/** Results that nothing says the phases of. */
export function noPhases(files: readonly ResultFile[]): Fault {
  const sets = files.filter(({ dataSet }) => dataSet !== undefined).length;
  const kind = sets === 0 ? "file" : sets === files.length ? "data set" : "result";
  const hints = [
    ...(sets < files.length ? ["Run again with --explain, or keep the run's folder beside its results."] : []),
    ...(sets > 0 ? [`The rows of a data set have phases only if made with --explain: ${MAKE_EXPLAINED}.`] : []),
  ];
  return new Fault({
    code: "USAGE",
    path: "--group-by flight_phase",
    found: `${files.length} ${kind}${files.length === 1 ? "" : "s"} that nothing says the flight phases of`,
    expected: `results of --explain${sets < files.length ? ", or the <stem>.run/windows.parquet of the run beside them" : ""}`,
    hint: hints.join(" "),
    items: files.slice(0, 10).map(({ path }) => path),
  });
}

/** A window with two scores in two files. */
export function conflictingScores(windows: number, example: ConflictExample): Fault {
  const { aircraftId, flightId, windowId, files } = example;
  const items = files.map(({ path, score }) => `${path}: ${score}`);
  return new Fault({
    code: "DUPLICATE_KEY",
    path: files.map(({ path }) => path).join(", "),
    found: `${windows} ${windows === 1 ? "window" : "windows"} with different scores in several files, such as ${windowId} of flight ${flightId} of ${aircraftId}`,
    expected: "one score for each (aircraft_id, flight_id, window_id) of a model",
    hint: "Are these results of two states of the data or the model? Give only one of them.",
    items,
  });
}

/** One window of several scores, and where each stands. */
export interface ConflictExample {
  aircraftId: string;
  flightId: string;
  windowId: string;
  files: { path: string; score: number }[];
}

/** Results of several models at once, where that was not asked for. */
export function severalModels(labels: readonly string[], files: readonly ResultFile[]): Fault {
  const names = [...new Set(labels)];
  return new Fault({
    code: "USAGE",
    path: "--input",
    found: `results of ${names.length} models: ${names.join(", ")}`,
    expected: "results of one model: the scores and rates of two cannot be taken together",
    hint: "Give the results of one of them, or put model into --group-by.",
    items: names.map((name) => `${name}: ${files[labels.indexOf(name)]!.path}`),
  });
}
