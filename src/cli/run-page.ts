import { Fault } from "../faults/fault.ts";
import { isRemote } from "../io/storage/address.ts";
import { printable } from "../model/printable.ts";
import type { WrittenReport } from "../report/write-report.ts";
import type { Terminal } from "./output.ts";
import { bytesInWords } from "./words.ts";

/** The page that `run --report` asks for. */
export interface WantedPage {
  results: string;
  output: string;
}

/** Where the page of a run will go: asked before the run, so that a wrong name costs nothing. @throws Fault `USAGE` */
export async function wantPage(results: string, report: string | true, shard: string | undefined): Promise<WantedPage> {
  if (shard !== undefined) {
    throw new Fault({
      code: "USAGE",
      path: "--report",
      found: "a shard, which is a part of a run",
      expected: "a whole run",
      hint: "Make the page once the shards are merged: flightbatch report RESULTS.",
    });
  }
  if (isRemote(results)) {
    throw new Fault({
      code: "USAGE",
      path: "--report",
      found: "results in an object store",
      expected: "results on this machine",
      hint: `Make the page afterwards, which puts it beside them: flightbatch report ${results}.`,
    });
  }
  const { reportPlace } = await import("../report/report-place.ts");
  return { results, output: reportPlace(results, report === true ? undefined : report, true) };
}

/** Writes the page of a run that has ended; the results stand whatever becomes of it. Returns whether it was written. */
export async function writePage(
  { results, output }: WantedPage,
  terminal: Terminal,
  commandLine: string,
): Promise<boolean> {
  try {
    const { writeReport } = await import("../report/write-report.ts");
    terminal.out.write(`${describeReport(await writeReport({ results, output, commandLine }))}\n`);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    terminal.err.write(`The report was not written, the results were: ${printable(why, 2000)}\n`);
    return false;
  }
}

/** Where the page is, and how large. */
export function describeReport({ output, bytes }: Pick<WrittenReport, "output" | "bytes">): string {
  return `Report: ${printable(output, 1000)} (${bytesInWords(bytes)})`;
}
