import { recordedNs } from "../coverage/account-time.ts";
import { FILE_FACTS } from "../io/file-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import { windowStartRange } from "../recording/footer-facts.ts";
import type { SidecarPromises } from "../recording/sidecar.ts";
import type { PreparedFile } from "./feature-cache.ts";
import type { ReadExtent } from "./verify.ts";

/** Rows may be 7 days from the median time: what claims to last longer has no length that can be believed. */
const LONGEST_NS = 14 * 86_400 * 1e9;

/** How much was recorded in a file that was read. */
export function readExtent({ counts, tables }: PreparedFile): ReadExtent {
  const only = tables.length === 1 ? tables[0]!.recorded : null;
  return {
    rows: counts.rows,
    recordedNs: tables.reduce((sum, table) => sum + recordedNs(table), 0),
    stepNs: only?.kind === "hops" ? only.stepNs : null,
  };
}

/** Whether all of a file's rows were left out, so that their times say nothing of its length. */
export function isTimeless({ counts: { rows, noTime, timeImplausible } }: PreparedFile): boolean {
  return rows > 0 && noTime + timeImplausible === rows;
}

/**
 * How long the recording of a file that could not be read is: by the statistics of its footer, else by its sidecar; null if neither says.
 * Nanoseconds.
 */
export async function lengthOfUnread(file: InputFile, { durationNs }: SidecarPromises): Promise<number | null> {
  return believable(file.format === "parquet" ? await lengthByFooter(file) : null) ?? believable(durationNs);
}

async function lengthByFooter(file: InputFile): Promise<number | null> {
  try {
    const range = windowStartRange((await FILE_FACTS.footer(file)).metadata);
    return range === null ? null : Number(range.latestNs - range.earliestNs);
  } catch {
    // The file has failed already, and most files fail by their footers.
    return null;
  }
}

function believable(lengthNs: number | null): number | null {
  return lengthNs !== null && lengthNs > 0 && lengthNs <= LONGEST_NS ? lengthNs : null;
}
