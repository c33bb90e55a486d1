import { asFault, type Fault } from "../faults/fault.ts";
import { FILE_FACTS } from "../io/file-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import type { ScratchBuffer } from "../io/scratch-buffer.ts";
import type { QualityCheck } from "../quality/finding.ts";
import { refuseFindings } from "../quality/strict.ts";
import { type FileIdentity, fileIdentity } from "../recording/identity.ts";
import { readRecording, usableColumns } from "../recording/read-recording.ts";
import type { InputKind } from "../recording/recording.ts";
import { isOwnResults } from "../results/own-results.ts";
import type { FileReport } from "../results/reports.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import { digestRows } from "../results/rows-digest.ts";
import type { FeatureCache, PreparedFile } from "./feature-cache.ts";
import { isTimeless, lengthOfUnread, readExtent } from "./file-length.ts";
import { fileQuality, recordingQuality } from "./file-quality.ts";
import { reportFlight } from "./flight-report.ts";
import type { MemoryGrant } from "./memory-grant.ts";
import { openTable } from "./open-table.ts";
import { windowTables } from "./prepare-file.ts";
import { hashContent } from "./read-input.ts";
import { type ScoredFlight, type Scorer, scoreFlight } from "./score-flight.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { findAbsent, type VerifyLevel, verifyBytes } from "./verify.ts";

/** How files are scored. */
export interface FileScorer extends Scorer {
  inputKind: InputKind | null;
  cache: FeatureCache | null;
  stopwatch: Stopwatch;
  /** As in `TaskOptions`. */
  strict?: readonly QualityCheck[];
  checkOnly?: boolean;
  /** How far files are held against their sidecars; absent: by size. */
  verify?: VerifyLevel;
  /** Memory for the bytes of a file, and for the times of its rows, used again for the next; absent: fresh each time. */
  scratch?: { bytes: ScratchBuffer; times: ScratchBuffer };
  /** The memory that a file may take; absent: any. */
  memory?: MemoryGrant;
  /** Up to what a file is read whole, as in `openTable`; for tests. */
  wholeFileBytes?: number;
}

/** The scored windows of a file, flight by flight, and what came of it. A failed file has no chunks and its reason in the report. */
export interface ScoredFile {
  report: FileReport;
  chunks: ResultChunk[];
  /** Sum of the inference calls' time, milliseconds. */
  inferenceMs: number;
}

/** Scores one file from its bytes to its decisions. Never throws for what is wrong with the file. */
export async function scoreFile(file: InputFile, scorer: FileScorer): Promise<ScoredFile> {
  const begun = performance.now();
  const report = emptyReport(file);
  scorer.stopwatch.enter("read");
  const identity = await identify(file, report);
  let flights: ScoredFlight[] = [];
  try {
    flights = await scoreFlights(file, { scorer, identity, report });
    report.flights = flights.map((flight) => reportFlight(flight, scorer.bundle));
  } catch (error) {
    report.failure = { ...asFault(error, file.path).detail, stage: scorer.stopwatch.fileStage };
    report.time.lengthNs ??= await lengthOfUnread(file, identity.promises);
  }
  const chunks = flights.map(({ chunk }) => chunk);
  if (chunks.some(({ windowIds }) => windowIds.length > 0)) report.rowsDigest = digestRows(chunks);
  report.elapsedMs = performance.now() - begun;
  return {
    report,
    chunks,
    inferenceMs: flights.reduce((sum, { inferenceMs }) => sum + inferenceMs, 0),
  };
}

/** A file that is reported as failed without being read. */
export function failedFile(file: InputFile, fault: Fault): ScoredFile {
  const report = emptyReport(file);
  const { aircraftId, flightId } = fileIdentity(file.path, null);
  Object.assign(report.time, { aircraftId, flightId });
  return { report: { ...report, failure: { ...fault.detail, stage: "read" } }, chunks: [], inferenceMs: 0 };
}

async function identify(file: InputFile, report: FileReport): Promise<FileIdentity> {
  const sidecar = await FILE_FACTS.sidecar(file);
  const identity = fileIdentity(file.path, sidecar.text);
  report.warnings.push(...(sidecar.warning === null ? [] : [sidecar.warning]), ...identity.warnings);
  report.time.aircraftId = identity.aircraftId;
  report.time.flightId = identity.flightId;
  return identity;
}

/**
 * The windows of a file with their features, without scoring them; null for a results file of our own.
 * @throws Fault with the reason if the file cannot be read
 */
export async function prepareInput(file: InputFile, scorer: FileScorer): Promise<PreparedFile | null> {
  const report = emptyReport(file);
  return prepareFile(file, { scorer, identity: await identify(file, report), report });
}

interface Preparation {
  scorer: FileScorer;
  identity: FileIdentity;
  report: FileReport;
}

async function scoreFlights(file: InputFile, preparation: Preparation): Promise<ScoredFlight[]> {
  const { scorer, identity, report } = preparation;
  const level = scorer.verify ?? "size";
  const { verified, warnings } = await verifyBytes(file, identity.promises, level);
  report.time.verified = verified;
  report.warnings.push(...warnings);
  const prepared = await prepareFile(file, preparation);
  if (prepared === null) return [];
  report.kind = prepared.kind;
  report.counts = prepared.counts;
  report.quality = fileQuality(prepared, scorer.bundle);
  noteExtent(prepared, preparation, level);
  refuseFindings(file.path, report.quality, scorer.strict ?? []);
  if (scorer.checkOnly === true) return [];
  scorer.stopwatch.enter("infer");
  const scored: ScoredFlight[] = [];
  for (const table of prepared.tables) scored.push(await scoreFlight(table, scorer));
  return scored;
}

/** Notes how much was recorded, and what the sidecar promises beyond that. */
function noteExtent(prepared: PreparedFile, { identity, report }: Preparation, level: VerifyLevel): void {
  const extent = readExtent(prepared);
  if (!isTimeless(prepared)) report.time.lengthNs = extent.recordedNs;
  if (level === "off") return;
  const { absentRows, absentNs, warnings } = findAbsent(report.path, identity.promises, extent);
  Object.assign(report.time, { absentRows, absentNs });
  report.warnings.push(...warnings);
}

/** From the cache, or else from the file itself; null for a results file of our own. */
async function prepareFile(file: InputFile, { scorer, identity, report }: Preparation): Promise<PreparedFile | null> {
  const { cache, bundle, inputKind } = scorer;
  if (cache === null) return readPrepared(file, { scorer, identity, report });
  report.contentHash = await hashContent(file);
  const key = { file, contentHash: report.contentHash, identity, recipeDigest: bundle.digests.recipe!, inputKind };
  const found = await cache.get(key);
  report.fromCache = found !== null;
  if (found !== null) return found;
  const prepared = await readPrepared(file, { scorer, identity, report });
  if (prepared !== null) {
    const warning = await cache.put(key, prepared);
    if (warning !== null) report.warnings.push(warning);
  }
  return prepared;
}

async function readPrepared(file: InputFile, { scorer, identity, report }: Preparation): Promise<PreparedFile | null> {
  const { stopwatch, bundle, inputKind, scratch } = scorer;
  const usable = usableColumns(bundle.recipe);
  const { table, contentHash } = await openTable(file, {
    wanted: (name) => usable.has(name),
    onRead: () => stopwatch.enter("decode"),
    scratch: scratch?.bytes,
    memory: scorer.memory,
    wholeFileBytes: scorer.wholeFileBytes,
  });
  report.contentHash ??= contentHash;
  try {
    report.passedOver = isOwnResults([...table.columns.keys()]);
    if (report.passedOver) return null;
    stopwatch.enter("compute");
    const recording = readRecording(table, {
      path: file.path,
      recipe: bundle.recipe,
      identity,
      kind: inputKind ?? undefined,
      ...(scratch && { scratch: scratch.times }),
    });
    const tables = windowTables(recording, bundle.recipe);
    const quality = recordingQuality(recording, bundle.recipe);
    return { kind: recording.kind, counts: recording.counts, tables, quality };
  } finally {
    table.release();
  }
}

function emptyReport(file: InputFile): FileReport {
  return {
    path: file.path,
    sizeBytes: file.sizeBytes,
    modifiedNs: file.modifiedNs,
    contentHash: null,
    kind: null,
    flights: [],
    counts: null,
    quality: [],
    warnings: [],
    failure: null,
    fromCache: false,
    passedOver: false,
    elapsedMs: 0,
    time: { aircraftId: null, flightId: null, lengthNs: null, absentNs: 0, absentRows: 0, verified: null },
  };
}
