import { printable } from "../model/printable.ts";
import type { CoverageSummary } from "../results/coverage-summary.ts";
import type { FileReport } from "../results/reports.ts";
import { counted, duration, grouped, percent } from "./words.ts";

/** Files that are named as incomplete; the rest is in `coverage.parquet`. */
const FILES_SHOWN = 5;

/** How much of the recorded time was examined, and what is known to be missing, in plain words. */
export function describeCoverage(coverage: CoverageSummary, files: readonly FileReport[]): string[] {
  const unknown = coverage.files_of_unknown_length;
  if (coverage.recorded_seconds === 0 && unknown === 0) return absentLines(coverage, files);
  const more = unknown === 0 ? "" : `; and ${counted(unknown, "file")} of unknown length`;
  return [`Examined: ${examined(coverage)}${more}`, ...absentLines(coverage, files)];
}

function examined({ recorded_seconds, scored_seconds, not_scored_seconds }: CoverageSummary): string {
  if (recorded_seconds === 0) return "nothing";
  const share = percent(scored_seconds, recorded_seconds);
  // Rounded up it would say that nothing is missing.
  const honest = share === "100.0%" && scored_seconds < recorded_seconds ? "over 99.9%" : share;
  const reasons = Object.entries(not_scored_seconds).map(([reason, s]) => `${printable(reason)} ${span(s)}`);
  return `${honest} of ${span(recorded_seconds)} recorded was scored${reasons.length === 0 ? "" : `; not scored: ${reasons.join(", ")}`}`;
}

function absentLines(
  { absent_seconds, absent_rows, absent_files }: CoverageSummary,
  files: readonly FileReport[],
): string[] {
  const lacking = files.filter(({ time }) => time.absentNs > 0 || time.absentRows > 0);
  if (lacking.length === 0 && absent_files === 0) return [];
  const what = [
    ...(absent_seconds > 0 ? [span(absent_seconds)] : []),
    ...(absent_rows > 0 ? [`${grouped(absent_rows)} rows`] : []),
  ].join(", ");
  const where = [
    ...(lacking.length > 0 ? [counted(lacking.length, "file")] : []),
    ...(absent_files > 0 ? [`${counted(absent_files, "file")} of which only the sidecar is there`] : []),
  ].join(" and ");
  return [
    `Absent: ${what === "" ? "" : `${what} that sidecars promise, in `}${where}`,
    ...lacking.slice(0, FILES_SHOWN).map(({ path }) => `  ${printable(path, 300)}`),
    ...(lacking.length > FILES_SHOWN ? [`  ... and ${lacking.length - FILES_SHOWN} more in coverage.parquet`] : []),
  ];
}

function span(seconds: number): string {
  return duration(seconds * 1000);
}
