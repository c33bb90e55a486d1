import { describeFault, type FaultDetail } from "../faults/fault.ts";
import { printable } from "../model/printable.ts";
import type { InputKind } from "../recording/recording.ts";
import type { FileReport } from "../results/reports.ts";
import { type ValidateOptions, type ValidationResult, validateBatch } from "../run/validate-batch.ts";
import { withoutControls } from "./inspect-json.ts";
import type { Terminal } from "./output.ts";
import { checksInWords, findingLine } from "./quality-text.ts";
import { counted, grouped } from "./words.ts";

/** The flags of `flightbatch validate`, as the command line gives them. */
export interface ValidateFlags {
  model: string;
  data: string[];
  workers?: number;
  inputKind?: InputKind;
  json?: boolean;
}

/**
 * Looks files over without scoring them. Exit code 0 if nothing was found, 1 if something was or a file failed, 130 if interrupted.
 * @throws Fault for what cannot be begun
 */
export async function validateCommand(flags: ValidateFlags, { out, err }: Terminal): Promise<number> {
  const { model, data, workers, inputKind } = flags;
  const options: ValidateOptions = {
    model,
    data,
    ...(workers !== undefined && { workers }),
    ...(inputKind && { inputKind }),
  };
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const warning = (message: string) => void err.write(`Warning: ${printable(message, 500)}\n`);
    const result = await validateBatch(options, { observer: { warning }, stop: stop.signal });
    if (result.stopped) {
      err.write("Interrupted: nothing was written.\n");
      return 130;
    }
    out.write(flags.json === true ? validationAsJson(result) : validationAsText(result));
    return result.failures.length > 0 || result.summary.files_with_findings > 0 ? 1 : 0;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** The result as JSON for other programs (docs/quality.md). */
function validationAsJson({ files, failures, summary }: ValidationResult): string {
  const content = {
    summary,
    files: files
      .filter((file) => !file.passedOver)
      .map(({ path, kind, counts, failure, quality, warnings }) => ({
        path,
        kind,
        rows: counts?.rows ?? null,
        failure: failure?.code ?? null,
        findings: quality.map(({ aircraftId, flightId, ...finding }) => ({
          ...{ check: finding.check, aircraft_id: aircraftId, flight_id: flightId },
          ...finding,
        })),
        warnings,
      })),
    failures,
  };
  return `${withoutControls(JSON.stringify(content, null, 2))}\n`;
}

/** The same for a reader at a terminal: files with something to tell, then the counts. */
function validationAsText({ files, failures, summary }: ValidationResult): string {
  const elsewhere = failures.filter((failure) => !files.some((file) => file.failure === failure));
  const lines = [
    ...files.flatMap(fileLines),
    ...elsewhere.flatMap((failure) => [printable(failure.path ?? "", 500), ...failureLines(failure)]),
    `${counted(summary.files - summary.passed_over, "file")}, ${grouped(summary.failed)} failed${summary.passed_over > 0 ? `, ${counted(summary.passed_over, "results file")} of our own passed over` : ""}`,
    summary.files_with_findings === 0 ? "No findings." : `Findings in ${checksInWords(summary)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function fileLines({ path, quality, failure, warnings }: FileReport): string[] {
  const isOneOfSeveral = new Set(quality.map(({ flightId }) => flightId ?? "")).size > 1;
  const lines = [
    ...(failure === null ? [] : failureLines(failure)),
    ...quality.map((finding) => `  ${findingLine(finding, isOneOfSeveral)}`),
    ...warnings.map((warning) => `  warning: ${printable(warning, 500)}`),
  ];
  return lines.length === 0 ? [] : [printable(path, 500), ...lines];
}

function failureLines({ path, ...failure }: FaultDetail): string[] {
  const [first, ...items] = describeFault(failure).split("\n");
  return [
    `  failed: ${printable(first!, 1000)} [${failure.code}]`,
    ...items.map((item) => `  ${printable(item, 500)}`),
  ];
}
