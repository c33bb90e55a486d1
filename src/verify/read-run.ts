import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../faults/fault.ts";
import type { Certificate } from "../run/certificate.ts";
import { outputForm, settleOptions } from "../run/run-options.ts";
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
  const { stem, format } = outputForm(output);
  if (format === "dataset" || statSync(output, { throwIfNoEntry: false })?.isDirectory())
    throw unusable(output, "a data set or another folder", "a results file: a data set is of many runs");
  const runDirectory = `${stem}.run`;
  const path = join(runDirectory, "run.json");
  if (!existsSync(output)) throw unusable(output, "nothing there", "a results file of flightbatch run");
  const report = parse(path);
  if (!isRecord(report) || report.options.format !== format)
    throw unusable(
      path,
      "another record, or one without a certificate",
      "that of the run of these results, of this version or later",
    );
  checkOptions(report);
  return { output, runDirectory, report };
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw unusable(path, (error as Error).message, "what the run recorded of itself");
  }
}

/** Whether it has what is used of it: a record may have been written by anyone. */
function isRecord(value: unknown): value is RecordedRun["report"] {
  if (!isObject(value)) return false;
  const { workingDirectory, certificate, inputs, versions, bundle, options } = value;
  return (
    typeof workingDirectory === "string" &&
    [versions, bundle, options, certificate].every(isObject) &&
    isObject((bundle as RunReport["bundle"]).digests) &&
    isObject((certificate as Certificate).files) &&
    Array.isArray((options as RunReport["options"]).strict) &&
    Array.isArray(inputs) &&
    inputs.every(isInput)
  );
}

function isInput(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, name, rows, sizeBytes } = value;
  const areCounts = [rows, sizeBytes].every((count) => Number.isSafeInteger(count) && Number(count) >= 0);
  return typeof path === "string" && typeof name === "string" && areCounts;
}

/** That the options are such as a run takes. @throws Fault USAGE */
function checkOptions({ options }: RecordedRun["report"]): void {
  const { model, data, output, batchSize, strict, verify } = options;
  settleOptions({ model, data, output: String(output), batchSize, strict, verify });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unusable(path: string, found: string, expected: string): Fault {
  const hint = "Verify a results file with its .run folder beside it; run again if that is lost.";
  return new Fault({ code: "USAGE", path, found, expected, hint });
}
