import { setTimeout as sleep } from "node:timers/promises";
import type { FaultCode } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { type FileScorer, type ScoredFile, scoreFile } from "./score-file.ts";

/** How often a file is tried, and how long after the first failure it is tried again; twice as long after each further one. */
const TRIES = 3;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Failures that may pass of themselves within a moment: a disk or a network that did not answer. */
const PASSING: ReadonlySet<FaultCode> = new Set(["FILE_UNREADABLE"]);

/** Scores a file, and tries again where only reading it failed and that may pass. */
export async function scoreFileWithRetries(file: InputFile, scorer: FileScorer): Promise<ScoredFile> {
  for (let failures = 1; ; failures++) {
    const scored = await scoreFile(file, scorer);
    const { failure } = scored.report;
    if (failure === null || !PASSING.has(failure.code) || failures === TRIES) return scored;
    await pauseBeforeRetry(failures);
  }
}

/** Waits after the n-th failure: doubling, and by chance up to a quarter more or less, so that many do not come back at once. */
export async function pauseBeforeRetry(failures: number): Promise<void> {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  await sleep(pause * (0.75 + 0.5 * Math.random()));
}
