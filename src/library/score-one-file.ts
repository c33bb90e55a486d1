import { Fault } from "../faults/fault.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import { listInputs } from "../io/list-inputs.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { openSession } from "../model/session.ts";
import type { InputKind } from "../recording/recording.ts";
import type { FileReport } from "../results/reports.ts";
import { scoreFile as scoreInputFile } from "../task/score-file.ts";
import { Stopwatch } from "../task/stopwatch.ts";
import { type ScoredWindow, windowsOfChunk } from "./scored-window.ts";

/** How {@link scoreFile} scores. */
export interface ScoreFileOptions {
  /** Windows of an inference call, rounded up to a multiple of 16; default 128. No score depends on it. */
  batchSize?: number;
  filter?: string;
  inputKind?: InputKind;
}

/** The scored windows of a file, in order, and its report: windows of the grid, skipped by reason, counters, warnings. */
export interface ScoredFileResult {
  windows: ScoredWindow[];
  report: FileReport;
}

/**
 * Scores one file in this process.
 * @throws Fault with the reason if the file cannot be scored, or if `filter` is not understood
 */
export async function scoreFile(
  path: string,
  bundle: ModelBundle,
  options: ScoreFileOptions = {},
): Promise<ScoredFileResult> {
  const filter = options.filter === undefined ? null : parseFilter(options.filter);
  const { files } = await listInputs([path]);
  if (files.length !== 1)
    throw new Fault({
      code: "USAGE",
      path,
      found: `${files.length} input files`,
      expected: "one file",
      hint: "Use runBatch or ParallelProcessor for several.",
    });
  const session = await openSession(bundle.directory, { reconstruction: true, digests: bundle.digests });
  try {
    const { report, chunks } = await scoreInputFile(files[0]!, {
      bundle,
      run: session.run,
      batchSize: options.batchSize ?? 128,
      filter,
      inputKind: options.inputKind ?? null,
      cache: null,
      stopwatch: new Stopwatch(),
    });
    if (report.failure !== null) throw new Fault(report.failure);
    return { windows: chunks.flatMap(windowsOfChunk), report };
  } finally {
    await session.close();
  }
}
