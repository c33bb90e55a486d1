import { printable } from "../model/printable.ts";
import type { FileReport } from "../results/reports.ts";
import type { RunResult } from "../run/run-result.ts";
import { describeCoverage } from "./coverage-text.ts";
import { describeFleet } from "./fleet-text.ts";
import { findingsOfFile, findingsOfRun } from "./quality-text.ts";
import { counted, duration, grouped, percent } from "./words.ts";

/** Failed files that are named at the end; the rest is in `failures.jsonl`. */
const FAILURES_SHOWN = 10;

/**
 * The end of a run in its users' words: their four totals, then what was not scored and why, the worst aircraft, and where everything is. `blocks`:
 * whether trends may be drawn with block characters.
 */
export function describeRun(
  { summary, report, files: reports, failures, output, runDirectory, dataSet, events }: RunResult,
  blocks: boolean,
): string {
  const { total_windows, anomalies, files, windows_skipped, skipped_by_reason } = summary;
  const mean = report.inference.meanMsPerWindow;
  const isAsBefore = dataSet?.isAsBefore === true;
  const scored = [
    `Total windows: ${grouped(total_windows)}`,
    `Anomalies detected: ${grouped(anomalies)} (${percent(anomalies, total_windows)})`,
    `Avg inference time: ${mean === null ? "-" : `${mean.toPrecision(2)}ms`}/window`,
    `Total time: ${duration(report.elapsedMs)}`,
    `Files: ${grouped(files.scored)} scored, ${grouped(files.failed)} failed${files.pruned > 0 ? `, ${grouped(files.pruned)} left out by the filter` : ""}${files.passed_over > 0 ? `, ${counted(files.passed_over, "results file")} of our own passed over` : ""}`,
    ...Object.entries(report.pruned.countsByRule).map(([rule, count]) => `  ${grouped(count)} by ${rule}`),
    `Windows skipped: ${grouped(windows_skipped)}${describeReasons(skipped_by_reason)}`,
    ...describeCoverage(summary.coverage, reports),
    ...findingsOfRun(summary.quality, runDirectory),
    ...(dataSet === null ? emptyWords(summary) : describeDataSet(dataSet)),
    ...describeFleet(summary, reports, blocks),
  ];
  const lines = [
    ...(isAsBefore ? describeNothingNew(dataSet, summary) : scored),
    ...failures
      .slice(0, FAILURES_SHOWN)
      .map((failure) => `  failed: ${printable(`${failure.path ?? ""}: ${failure.found}`, 300)} [${failure.code}]`),
    ...(failures.length > FAILURES_SHOWN
      ? [`  ... and ${failures.length - FAILURES_SHOWN} more in ${runDirectory}/failures.jsonl`]
      : []),
    ...(events === null
      ? []
      : [
          `Events: ${grouped(events.raised)} raised, ${grouped(events.suppressed)} suppressed (${runDirectory}/events.parquet)`,
        ]),
    `Results: ${output}`,
    `About ${isAsBefore ? "the last run that had something to do" : "this run"}: ${runDirectory}/ (summary.json, windows.parquet, coverage.parquet, coverage_detail.parquet, quality.parquet, failures.jsonl, run.json)`,
  ];
  return `${lines.join("\n")}\n`;
}

/** A line about a file, for `--verbose`. */
export function describeFile({
  path,
  failure,
  flights,
  elapsedMs,
  fromCache,
  passedOver,
  quality,
}: FileReport): string {
  const name = printable(path, 200);
  if (failure !== null) return `${name}: failed, ${printable(failure.found, 200)} [${failure.code}]`;
  if (passedOver) return `${name}: results of our own, passed over`;
  const sum = (of: (flight: FileReport["flights"][number]) => number) =>
    flights.reduce((total, flight) => total + of(flight), 0);
  const [windows, scored, anomalies] = [
    sum((flight) => flight.windows),
    sum((flight) => flight.scored),
    sum((flight) => flight.anomalies),
  ];
  return `${name}: ${counted(scored, "window")}, ${grouped(anomalies)} anomalous, ${grouped(windows - scored)} skipped, ${elapsedMs.toFixed(0)}ms${fromCache ? ", features from the cache" : ""}${quality.length > 0 ? `, findings: ${findingsOfFile(quality)}` : ""}`;
}

function describeDataSet({ inputs, rows, files, written, removed, unchanged, vanished }: DataSetWords): string[] {
  return [
    ...(unchanged > 0 ? [`Inputs as they were, not scored again: ${grouped(unchanged)}`] : []),
    ...(vanished > 0 ? [`Inputs that are gone, whose rows stay (--remove-vanished): ${grouped(vanished)}`] : []),
    written === 0 && removed === 0
      ? `Nothing to do: the data set is as it was, ${counted(files, "file")} with ${counted(rows, "row")} of ${counted(inputs, "input")}`
      : `Data set: ${counted(written, "file")} written, ${grouped(removed)} replaced or removed, ${grouped(files - written)} as they were; now ${counted(rows, "row")} of ${counted(inputs, "input")}`,
  ];
}

/** Counts of windows are left out: none were scored, and zeros would look like findings. */
function describeNothingNew(dataSet: DataSetWords, { files }: RunResult["summary"]): string[] {
  return [
    ...(files.pruned > 0 ? [`Inputs left out by the filter: ${grouped(files.pruned)}`] : []),
    ...(files.pruned + dataSet.unchanged === 0 ? ["No flights: the data holds no input files."] : []),
    ...describeDataSet(dataSet),
  ];
}

type DataSetWords = NonNullable<RunResult["dataSet"]>;

function describeReasons(reasons: Record<string, number>): string {
  const all = Object.entries(reasons);
  return all.length === 0
    ? ""
    : ` (${all.map(([reason, count]) => `${printable(reason)} ${grouped(count)}`).join(", ")})`;
}

function emptyWords({ total_windows, files }: RunResult["summary"]): string[] {
  if (files.total === 0)
    return ["No flights: the data holds no input files (.parquet, .csv, .csv.gz). The results are empty."];
  if (files.total === files.pruned) return ["The filter leaves no file. The results are empty."];
  return total_windows === 0 ? ["No window could be scored. The results are empty."] : [];
}
