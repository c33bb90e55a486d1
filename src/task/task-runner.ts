import { Fault } from "../faults/fault.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import { ScratchBuffer } from "../io/scratch-buffer.ts";
import { type ModelSession, openSession } from "../model/session.ts";
import type { FileReport } from "../results/reports.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import { FeatureCache } from "./feature-cache.ts";
import { MemoryGrant } from "./memory-grant.ts";
import type { FileDone, GrantedMemory, Task, TaskOptions, TaskReport } from "./messages.ts";
import { columnsOfRun, writePart } from "./part-files.ts";
import { scoreFileWithRetries } from "./retry.ts";
import { type FileScorer, failedFile } from "./score-file.ts";
import { Stopwatch } from "./stopwatch.ts";
import { TaskRecorder } from "./task-trace.ts";
import { tidyMemory } from "./worker-memory.ts";

/** Runs tasks, one after another, with one warm session: the same code on every engine. */
export class TaskRunner {
  readonly #options: TaskOptions;
  readonly #session: ModelSession;
  /** When the model was opened, milliseconds. */
  readonly #openedMs: [number, number];
  readonly #scratch = { bytes: new ScratchBuffer(), times: new ScratchBuffer() };

  private constructor(options: TaskOptions, session: ModelSession, begunMs: number) {
    this.#options = options;
    this.#session = session;
    this.#openedMs = [begunMs, performance.now()];
  }

  /** Opens the model. @throws Fault BUNDLE_INVALID */
  static async open(options: TaskOptions): Promise<TaskRunner> {
    const begunMs = performance.now();
    return new TaskRunner(
      options,
      await openSession(options.bundle.directory, { reconstruction: true, digests: options.bundle.digests }),
      begunMs,
    );
  }

  /**
   * Scores the task's files and writes its part. `onFile` is told of each file as it is done.
   * @throws MemoryNeeded where a file needs more than `granted`, of which more can be had
   */
  async run(task: Task, onFile: (done: FileDone) => void, granted?: GrantedMemory): Promise<TaskReport> {
    const { trace } = this.#options;
    const recorder = trace === undefined ? null : new TaskRecorder(task.index, trace.every);
    const stopwatch = new Stopwatch(recorder?.note);
    const memory = new MemoryGrant(granted);
    const scorer = { ...this.#scorer(stopwatch), memory };
    const files: FileReport[] = [];
    const chunks: ResultChunk[] = [];
    const inference = { windows: 0, milliseconds: 0 };
    for (const [i, file] of task.files.entries()) {
      stopwatch.enter("read");
      recorder?.enterFile(i);
      const scored = task.fatalFiles?.includes(file.path)
        ? failedFile(file, fatalFault(file.path))
        : await scoreFileWithRetries(file, scorer);
      memory.checkEnough();
      await tidyMemory(Object.values(this.#scratch), memory);
      memory.wasLarge = false;
      files.push(scored.report);
      chunks.push(...scored.chunks);
      inference.milliseconds += scored.inferenceMs;
      inference.windows += countWindows(scored.chunks);
      onFile(fileDone(scored.report));
    }
    stopwatch.enter("write");
    recorder?.enterFile(-1);
    const report = (): Omit<TaskReport, "part"> => {
      stopwatch.enter("write");
      const worker = { pid: process.pid, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 };
      return { index: task.index, fingerprint: task.fingerprint, files, stages: stopwatch.times, inference, worker };
    };
    const finished =
      this.#options.checkOnly === true
        ? { ...report(), part: null }
        : await writePart(this.#options.partsDirectory, columnsOfRun(this.#options), {
            ...{ chunks, report, partitioned: this.#options.partitioned },
          });
    return recorder === null ? finished : { ...finished, trace: recorder.trace(this.#openedMs) };
  }

  #scorer(stopwatch: Stopwatch): FileScorer {
    const { bundle, batchSize, filter, inputKind, cacheDirectory, strict, checkOnly, verify } = this.#options;
    return {
      bundle,
      run: (rows, count) => this.#session.run(rows, count),
      batchSize,
      filter: filter === null ? null : parseFilter(filter),
      inputKind,
      cache: cacheDirectory === null ? null : new FeatureCache(cacheDirectory),
      stopwatch,
      strict: strict ?? [],
      checkOnly: checkOnly === true,
      ...(verify && { verify }),
      scratch: this.#scratch,
    };
  }
}

function fatalFault(path: string): Fault {
  return new Fault({
    code: "WORKER_CRASHED",
    path,
    found: "a file of which two workers died",
    expected: "a file that can be scored",
    hint: "Too large for the memory? Else please report it with the file.",
  });
}

function countWindows(chunks: ResultChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.windowIds.length, 0);
}

/** What is told of a file that is done. */
export function fileDone(report: FileReport): FileDone {
  const sum = (of: (flight: FileReport["flights"][number]) => number) =>
    report.flights.reduce((total, flight) => total + of(flight), 0);
  return {
    bytes: report.sizeBytes,
    windows: sum((flight) => flight.scored),
    anomalies: sum((flight) => flight.anomalies),
    failed: report.failure !== null,
  };
}
