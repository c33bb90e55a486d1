import { printable } from "../model/printable.ts";
import type { QualityFinding } from "../quality/finding.ts";
import { describeFinding } from "../quality/strict.ts";
import type { QualitySummary } from "../results/quality.ts";
import { counted, grouped } from "./words.ts";

/** The findings of a file, for a line about it: `frozen (egt), rate (vib_fan)`; empty where there are none. */
export function findingsOfFile(quality: readonly QualityFinding[]): string {
  const names = quality.map(({ check, signal }) => (signal === null ? check : `${check} (${signal})`));
  return [...new Set(names)].map((name) => printable(name)).join(", ");
}

/** A finding in a line, with the flight where the file has several. */
export function findingLine(finding: QualityFinding, isOneOfSeveral: boolean): string {
  const flight = isOneOfSeveral && finding.flightId !== null ? ` [${finding.aircraftId}/${finding.flightId}]` : "";
  return printable(`${describeFinding(finding)}${flight}`, 500);
}

/** How many files have findings, and of what: `3 of 20 files: frozen 2, rate 1`. */
export function checksInWords({ files_with_findings, by_check }: QualitySummary): string {
  const checks = Object.entries(by_check).map(([check, files]) => `${check} ${grouped(files)}`);
  return `${counted(files_with_findings, "file")}: ${checks.join(", ")}`;
}

/** A line at the end of a run, if there is anything to tell. */
export function findingsOfRun(quality: QualitySummary, runDirectory: string): string[] {
  if (quality.files_with_findings === 0) return [];
  return [`Data quality: findings in ${checksInWords(quality)} (${runDirectory}/quality.parquet)`];
}
