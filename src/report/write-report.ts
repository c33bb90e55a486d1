import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Fault } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { renderPage } from "../page/render-page.ts";
import { makeReport, type ReportQuestion } from "./make-report.ts";
import type { Report } from "./model.ts";
import { reportPage } from "./report-page.ts";
import { reportPlace } from "./report-place.ts";

/** What to write. */
export interface ReportOptions extends Omit<ReportQuestion, "beside"> {
  /** Where the page goes, `.html`; default `report.html` in the run's folder, else `<stem>.report.html` beside the results. */
  output?: string | undefined;
}

/** A report that was written. */
export interface WrittenReport {
  output: string;
  bytes: number;
  report: Report;
}

/** Writes the report of a run as one page, whole or not at all. @throws Fault for what cannot be read, meant or written */
export async function writeReport(options: ReportOptions): Promise<WrittenReport> {
  const output = reportPlace(options.results, options.output);
  writing(output, () => mkdirSync(dirname(output), { recursive: true }));
  const report = await makeReport({ ...options, beside: output });
  const page = renderPage(reportPage(report));
  writing(output, () => writeFileAtomic(output, page));
  return { output, bytes: Buffer.byteLength(page), report };
}

function writing(output: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new Fault({
      code: "OUTPUT_UNWRITABLE",
      path: output,
      found: error instanceof Error ? error.message : String(error),
      expected: "a place where the page can be written",
      hint: "Choose another --output, or ask for permission.",
    });
  }
}
