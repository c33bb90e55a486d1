import { join } from "node:path";
import { MANIFEST } from "../dataset/manifest.ts";
import { fileDigest } from "../io/file-digest.ts";
import type { FileReport } from "../results/reports.ts";
import { combineDigests } from "../results/rows-digest.ts";

/** What a run vouches for: SHA-256, hexadecimal. */
export interface Certificate {
  /** All rows of the results in their order, latency aside: the same on every machine that gives the same bits. */
  rows: string;
  /** The files as they were written. */
  files: Record<CertifiedFile, string>;
}

/** Files of a run that stay as they are: `results` under the name that the user gave it. */
export const CERTIFIED_FILES = [
  "results",
  "windows.parquet",
  "coverage.parquet",
  "coverage_detail.parquet",
  "quality.parquet",
] as const;

/** A name of {@link CERTIFIED_FILES}. */
export type CertifiedFile = (typeof CERTIFIED_FILES)[number];

/** Where a certified file lies. */
export function certifiedPath(name: CertifiedFile, run: { output: string; runDirectory: string }): string {
  if (name !== "results") return join(run.runDirectory, name);
  // The manifest of a data set has the digest of each of its files.
  return run.output.endsWith("/") ? join(run.output, MANIFEST) : run.output;
}

/** Vouches for a run whose files are in place. */
export function certifyRun(run: { output: string; runDirectory: string; files: readonly FileReport[] }): Certificate {
  const digests = CERTIFIED_FILES.map((name) => [name, fileDigest(certifiedPath(name, run), "sha256")]);
  return {
    rows: combineDigests(run.files.flatMap(({ rowsDigest }) => rowsDigest ?? [])),
    files: Object.fromEntries(digests) as Certificate["files"],
  };
}
