import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../faults/fault.ts";
import type { Certificate } from "../run/certificate.ts";
import { outputForm } from "../run/run-options.ts";
import type { RunReport } from "../run/run-report.ts";

/** What a run recorded of itself, beside its results. */
export interface RecordedRun {
  /** The results as they lie now, and their run folder. */
  output: string;
  runDirectory: string;
  report: RunReport & { certificate: Certificate };
}

/** Reads what lies beside a results file. @throws Fault USAGE if there is nothing that could be verified */
export function readRun(output: string): RecordedRun {
  const runDirectory = `${outputForm(output).stem}.run`;
  const path = join(runDirectory, "run.json");
  if (!existsSync(output)) throw unusable(output, "nothing there", "a results file of flightbatch run");
  const report = parse(path);
  if (typeof report.workingDirectory !== "string" || !report.certificate || !Array.isArray(report.inputs))
    throw unusable(
      path,
      "a record without a certificate",
      "that of a run that came to its end, of this version or later",
    );
  return { output, runDirectory, report: report as RecordedRun["report"] };
}

function parse(path: string): Partial<RunReport> {
  try {
    const report: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof report === "object" && report !== null ? report : {};
  } catch (error) {
    throw unusable(path, (error as Error).message, "what the run recorded of itself");
  }
}

function unusable(path: string, found: string, expected: string): Fault {
  const hint = "Verify a results file with its .run folder beside it; run again if that is lost.";
  return new Fault({ code: "USAGE", path, found, expected, hint });
}
