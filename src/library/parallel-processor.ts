import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeFault } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { listInputs } from "../io/list-inputs.ts";
import { usableCores } from "../io/usable-cores.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import type { FileReport } from "../results/reports.ts";
import { LocalEngine } from "../run/engines/local-engine.ts";
import type { Task, TaskOptions, TaskReport } from "../task/messages.ts";
import { partFiles, removePart } from "../task/part-files.ts";
import { readWindows } from "./read-windows.ts";
import type { ScoredWindow } from "./scored-window.ts";

/** How a {@link ParallelProcessor} works. */
export interface ParallelProcessorOptions {
  /** Directory of the model bundle. */
  modelPath: string;
  /** Worker processes; default the cores this process may use. */
  numWorkers?: number;
  /** Windows of an inference call; default 128. */
  batchSize?: number;
  filter?: string;
  /** Told of what is amiss beside the files: a folder that could not be looked into, a worker that died and was replaced. */
  onWarning?: (message: string) => void;
}

/** A file that has been processed; if it failed, `report.failure` says why and there are no windows. */
export interface ProcessedFile {
  path: string;
  windows: ScoredWindow[];
  report: FileReport;
}

/** Files on their way: iterated, each comes as it is done; awaited, all come in the order of the files. Each use scores them anew. */
export type ProcessedFiles = AsyncIterable<ProcessedFile> & PromiseLike<ProcessedFile[]>;

/** Scores files on all cores, in warm processes that are replaced when they die. They end when the last file is done. */
export class ParallelProcessor {
  readonly #options: ParallelProcessorOptions;

  constructor(options: ParallelProcessorOptions) {
    this.#options = options;
  }

  /** Scores files; folders and globs may stand for those in them. @throws Fault USAGE, BUNDLE_INVALID, FILTER_INVALID, when used */
  processFiles(files: readonly string[]): ProcessedFiles {
    const iterate = () => this.#process(files);
    const collect = async () => {
      const found: { index: number; file: ProcessedFile }[] = [];
      for await (const one of iterate()) found.push(one);
      return found.sort((a, b) => a.index - b.index).map(({ file }) => file);
    };
    return {
      async *[Symbol.asyncIterator]() {
        for await (const { file } of iterate()) yield file;
      },
      then: (resolve, reject) => collect().then(resolve, reject),
    };
  }

  async *#process(paths: readonly string[]): AsyncGenerator<{ index: number; file: ProcessedFile }> {
    const partsDirectory = mkdtempSync(join(tmpdir(), "flightbatch-"));
    const engine = new LocalEngine(this.#options.numWorkers ?? usableCores());
    try {
      const bundle = await loadBundle(this.#options.modelPath);
      const { files, faults, warnings } = await listInputs(paths);
      for (const warning of [...faults.map(describeFault), ...warnings]) this.#options.onWarning?.(warning);
      const listener = { fileDone: () => {}, workerDied: (message: string) => this.#options.onWarning?.(message) };
      for await (const report of engine.run(files.map(taskOf), this.#taskOptions(bundle, partsDirectory), {
        listener,
      })) {
        yield { index: report.index, file: await takePart(report, { partsDirectory, bundle }) };
      }
    } finally {
      await engine.close();
      rmSync(partsDirectory, { recursive: true, force: true });
    }
  }

  #taskOptions(bundle: ModelBundle, partsDirectory: string): TaskOptions {
    const { batchSize = 128, filter = null } = this.#options;
    return { bundle, batchSize, filter, inputKind: null, cacheDirectory: null, explain: true, partsDirectory };
  }
}

function taskOf(file: InputFile, index: number): Task {
  return { index, files: [file], fingerprint: createHash("sha256").update(file.path).digest("hex").slice(0, 32) };
}

async function takePart(
  report: TaskReport,
  { partsDirectory, bundle }: { partsDirectory: string; bundle: ModelBundle },
): Promise<ProcessedFile> {
  const [file] = report.files;
  const windows = readWindows(partFiles(partsDirectory, report).results, bundle.featureOrder);
  await removePart(partsDirectory, report);
  return { path: file!.path, windows, report: file! };
}
