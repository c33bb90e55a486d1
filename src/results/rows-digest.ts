import { createHash } from "node:crypto";
import type { ResultChunk } from "./result-chunk.ts";

/**
 * SHA-256 (hexadecimal) of the rows of a file as they stand in the results, the latency aside: ids, times, scores and severities, from which
 * all else of a row follows. It depends neither on the form of the results nor on how the files were cut into tasks.
 */
export function digestRows(chunks: readonly ResultChunk[]): string {
  const hash = createHash("sha256");
  for (const { aircraftId, flightId, windowIds, timestamps, scores, severities } of chunks) {
    hash.update(JSON.stringify([aircraftId, flightId, windowIds]));
    for (const values of [timestamps, scores, severities])
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}

/** The digest of all rows: of the digests of the files that have any, in their order. */
export function combineDigests(digests: readonly string[]): string {
  const hash = createHash("sha256");
  for (const digest of digests) hash.update(digest);
  return hash.digest("hex");
}
