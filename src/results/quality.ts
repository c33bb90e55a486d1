import { QUALITY_CHECKS, type QualityCheck, type QualityFinding } from "../quality/finding.ts";
import { encodeReportTable, type ReportColumn } from "./parquet/report-table.ts";
import type { FileReport } from "./reports.ts";

/** How many files have findings, and of which checks; checks without any are left out. */
export interface QualitySummary {
  files_with_findings: number;
  by_check: Partial<Record<QualityCheck, number>>;
}

/** Counts the files with findings. */
export function summariseQuality(files: readonly Pick<FileReport, "quality">[]): QualitySummary {
  const counts = QUALITY_CHECKS.map(
    (name) => [name, files.filter(({ quality }) => quality.some(({ check }) => check === name)).length] as const,
  );
  return {
    files_with_findings: files.filter(({ quality }) => quality.length > 0).length,
    by_check: Object.fromEntries(counts.filter(([, count]) => count > 0)),
  };
}

type Row = QualityFinding & { path: string };

const COLUMNS: ReportColumn<Row>[] = [
  { name: "path", type: "text", of: ({ path }) => path },
  { name: "aircraft_id", type: "text", of: ({ aircraftId }) => aircraftId },
  { name: "flight_id", type: "text", of: ({ flightId }) => flightId },
  { name: "check", type: "text", of: ({ check }) => check },
  { name: "signal", type: "text", of: ({ signal }) => signal },
  { name: "count", type: "whole", of: ({ count }) => count },
  { name: "seconds", type: "real", of: ({ seconds }) => seconds },
  { name: "worst", type: "real", of: ({ worst }) => worst },
  { name: "example", type: "text", of: ({ example }) => example },
];

/** `quality.parquet`: a row per file, flight, check and signal, in the order of the files and of the checks. */
export function encodeQuality(files: readonly FileReport[]): Uint8Array {
  return encodeReportTable(COLUMNS, rowsOf(files));
}

function* rowsOf(files: readonly FileReport[]): Generator<QualityFinding & { path: string }> {
  for (const { path, quality } of files) for (const finding of quality) yield { ...finding, path };
}
