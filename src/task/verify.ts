import { Fault } from "../faults/fault.ts";
import { fileDigest } from "../io/file-digest.ts";
import { versionOf } from "../io/file-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import { isRemote } from "../io/storage/address.ts";
import { objectDigest } from "../io/storage/object-pieces.ts";
import type { SidecarPromises } from "../recording/sidecar.ts";

/** How far files are held against their sidecars: not at all, by size, rows and duration, or by the digest of their bytes too. */
export const VERIFY_LEVELS = ["off", "size", "full"] as const;

/** A name of {@link VERIFY_LEVELS}. */
export type VerifyLevel = (typeof VERIFY_LEVELS)[number];

/** Sidecars give durations in whole seconds as often as not: less than this is not missing. */
const TOLERATED_NS = 1e9;

/** How a file was held against its sidecar; null: it was not, or there was nothing to hold it against. */
export type Verified = "checksum" | "size" | null;

/** Holds a file as it lies there against its sidecar. @throws Fault CHECKSUM_MISMATCH */
export async function verifyBytes(
  file: InputFile,
  promises: SidecarPromises,
  level: VerifyLevel,
): Promise<{ verified: Verified; warnings: string[] }> {
  if (level === "off") return { verified: null, warnings: [] };
  const { sizeBytes, recordCount, durationNs, checksum } = promises;
  const warnings = [...promises.warnings];
  if (sizeBytes !== null && sizeBytes !== file.sizeBytes)
    warnings.push(`${file.path}: ${file.sizeBytes} bytes, but its sidecar says ${sizeBytes}`);
  if (level === "full" && checksum !== null) {
    await checkDigest(file, checksum);
    return { verified: "checksum", warnings };
  }
  const hasPromise = sizeBytes !== null || recordCount !== null || durationNs !== null;
  return { verified: hasPromise ? "size" : null, warnings };
}

async function checkDigest(file: InputFile, checksum: NonNullable<SidecarPromises["checksum"]>): Promise<void> {
  const { algorithm, digest } = checksum;
  const { path } = file;
  const found = isRemote(path) ? await objectDigest(versionOf(file), algorithm) : fileDigest(path, algorithm);
  if (found === digest) return;
  throw new Fault({
    code: "CHECKSUM_MISMATCH",
    path,
    found: `a file whose ${algorithm} is ${found}`,
    expected: `${digest}, which its sidecar says`,
    hint: "The file was damaged or changed since its sidecar was written: fetch it again, or write the sidecar anew.",
  });
}

/** Of a file that was read: its rows, its recorded time, and the step of its rows where it has one. */
export interface ReadExtent {
  rows: number;
  recordedNs: number;
  /** Null for window rows, and for several flights in one file. */
  stepNs: number | null;
}

/** What a sidecar promises that is not there: rows, and time beyond what was recorded. */
export interface AbsentData {
  absentRows: number;
  absentNs: number;
  warnings: string[];
}

/** Holds what was read against the sidecar. A gap inside of the recording is no absent time: the ledger has it as recorded. */
export function findAbsent(path: string, { recordCount, durationNs }: SidecarPromises, read: ReadExtent): AbsentData {
  const warnings: string[] = [];
  const absentRows = Math.max(0, (recordCount ?? 0) - read.rows);
  if (recordCount !== null && recordCount !== read.rows)
    warnings.push(`${path}: ${read.rows} rows, but its sidecar says ${recordCount}`);
  const promisedNs = durationNs ?? (recordCount ?? 0) * (read.stepNs ?? 0);
  const missingNs = promisedNs - read.recordedNs;
  const absentNs = missingNs > TOLERATED_NS && promisedNs <= Number.MAX_SAFE_INTEGER ? missingNs : 0;
  if (absentNs > 0)
    warnings.push(`${path}: ${seconds(read.recordedNs)} recorded, but its sidecar promises ${seconds(promisedNs)}`);
  return { absentRows, absentNs, warnings };
}

function seconds(ns: number): string {
  return `${Number((ns / 1e9).toFixed(3))} s`;
}
