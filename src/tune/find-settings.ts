import { Fault } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { listInputs } from "../io/list-inputs.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import { planMemory } from "../run/memory-plan.ts";
import { type Choice, chooseSetting } from "./choose.ts";
import { findLimit, type LimitFound } from "./limits.ts";
import { busyCores, describeMachine, type Machine } from "./machine.ts";
import { choosePassFiles, type PassFiles } from "./pass-files.ts";
import { LEAST_ROUNDS, type RoundsInput, runRounds } from "./rounds.ts";
import { evenly, type FirstReading, readSample } from "./sample.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import type { Setting } from "./setting.ts";
import type { TrialContext } from "./trial.ts";

/** What is to be found out. */
export interface TuneOptions {
  model: string;
  data: string[];
  /** About how long it may take. */
  seconds: number;
  /** Worker counts and batch sizes to try; default such as make sense for the machine. */
  workers?: readonly number[];
  batchSizes?: readonly number[];
}

/** How it is watched and stopped. */
export interface TuneControl {
  stop?: AbortSignal;
  onProgress?(line: string): void;
  onWarning?(message: string): void;
}

/** What was found out. */
export interface TuneReport {
  model: { directory: string; detector: string; version: string };
  machine: Machine & { otherProgramsCores: { before: number; after: number } };
  /** `total`: of all the data. `paths` in the order they were chosen. */
  sample: Omit<PassFiles, "files"> & {
    files: number;
    /** Of a pass. */
    windows: number;
    bytes: number;
    total: { files: number; bytes: number };
    paths: string[];
  };
  firstReading: FirstReading;
  workers: Choice;
  /** Null where the model takes batches of one size only. */
  batchSizes: Choice | null;
  suggestion: Setting;
  limit: LimitFound;
  seconds: number;
}

const USUAL_BATCH_SIZE = 128;
const BATCH_SIZES = [32, 128, 512, 2048];
/** Share of the time that reading the sample may take. */
const READING_SHARE = 0.1;
/** Starting the processes of a trial; its two passes, the first of which is slower. */
const START_SECONDS = 0.6;
const PASSES_PER_TRIAL = 2.4;
const SHORTEST_PASS_SECONDS = 0.25;
/** Of the time that is left, for the numbers of workers. */
const WORKERS_SHARE = 0.55;

/**
 * Finds good numbers of workers and windows a batch for this machine, by trying on a sample of the data. Null if it was stopped.
 * @throws Fault USAGE, BUNDLE_INVALID, or of the sample's files if none can be scored
 */
export async function findSettings(options: TuneOptions, control: TuneControl = {}): Promise<TuneReport | null> {
  const bundle = await loadBundle(options.model);
  const listing = await listInputs(options.data);
  for (const warning of [...bundle.warnings, ...listing.warnings]) control.onWarning?.(warning);
  if (listing.files.length === 0) throw noFiles(options.data);
  return withScratchFolder((scratch) => {
    const context = {
      bundle,
      scratch,
      stop: control.stop,
      onWarning: (message: string) => control.onWarning?.(message),
    };
    return new Search(options, control, context).run(listing.files);
  });
}

class Search {
  readonly #options: TuneOptions;
  readonly #control: TuneControl;
  readonly #context: TrialContext;
  readonly #machine = describeMachine();
  readonly #begunMs = performance.now();

  constructor(options: TuneOptions, control: TuneControl, context: TrialContext) {
    this.#options = options;
    this.#control = control;
    this.#context = context;
  }

  async run(all: readonly InputFile[]): Promise<TuneReport | null> {
    const before = await busyCores();
    this.#say("reading the sample");
    const { stop } = this.#context;
    const readingSeconds = READING_SHARE * this.#options.seconds;
    const { files, reading } = await readSample(evenly(all), { seconds: readingSeconds, stop });
    if (files.length === 0) return stop?.aborted === true ? null : Promise.reject(unreadable(all.length));
    this.#say("finding out how much of it makes a pass");
    const settings = this.#workerSettings();
    const batches = batchSizesToTry(this.#options, this.#context.bundle);
    const passSeconds = this.#passSeconds(settings, batches);
    const pass = await choosePassFiles(files, { ...this.#context, workers: this.#machine.cores, passSeconds });
    const found = pass === null ? null : await this.#tryAll(settings, batches, pass);
    if (pass === null || found === null) return null;
    const { workers, batchSizes } = found;
    const chosen = batchSizes?.chosen ?? workers.chosen;
    return {
      model: modelOf(this.#context.bundle),
      machine: { ...this.#machine, otherProgramsCores: { before, after: await busyCores() } },
      sample: { ...describeSample(pass, all), windows: chosen.windows },
      firstReading: reading,
      workers,
      batchSizes,
      suggestion: chosen.setting,
      limit: findLimit(chosen, reading),
      seconds: this.#spent(),
    };
  }

  /** First the number of workers, then with that the batch size. */
  async #tryAll(
    settings: readonly Setting[],
    batchSizes: readonly number[],
    { files, repeats }: PassFiles,
  ): Promise<{ workers: Choice; batchSizes: Choice | null } | null> {
    const passFiles = Array.from({ length: repeats }, () => files).flat();
    const share = batchSizes.length > 1 ? WORKERS_SHARE : 1;
    const byWorkers = await runRounds(this.#rounds(settings, passFiles, share));
    if (byWorkers === null) return null;
    const workers = chooseSetting(byWorkers, ({ setting }) => setting.workers === this.#machine.cores);
    if (batchSizes.length <= 1) return { workers, batchSizes: null };
    const sized = batchSizes.map((batchSize) => ({ workers: workers.chosen.setting.workers, batchSize }));
    const bySize = await runRounds(this.#rounds(sized, passFiles, 1));
    if (bySize === null) return null;
    const isUsual = ({ setting }: { setting: Setting }) => setting.batchSize === USUAL_BATCH_SIZE;
    return { workers, batchSizes: bySize.length === 0 ? null : chooseSetting(bySize, isUsual) };
  }

  /** Rounds that take this share of the time that is left. */
  #rounds(settings: readonly Setting[], files: readonly InputFile[], share: number): RoundsInput {
    const { seconds } = this.#options;
    const left = Math.max(0, seconds - this.#spent());
    return {
      settings,
      files,
      context: this.#context,
      untilMs: performance.now() + 1000 * share * left,
      neverAfterMs: this.#begunMs + 2000 * seconds,
      onTrial: ({ workers, batchSize }, round) =>
        this.#say(`--workers ${workers} --batch-size ${batchSize}: round ${round + 1}`),
    };
  }

  /** A quarter, half, all and one and a half of the cores, as far as they fit into the memory. */
  #workerSettings(): Setting[] {
    const { cores } = this.#machine;
    const asked = this.#options.workers ?? [Math.ceil(cores / 4), Math.ceil(cores / 2), cores, Math.ceil(1.5 * cores)];
    const counts = [...new Set(asked)].sort((a, b) => a - b).filter((n) => planMemory(undefined, n).workers === n);
    const batchSize = this.#options.batchSizes?.[0] ?? USUAL_BATCH_SIZE;
    return usualFirst(counts.length === 0 ? [1] : counts, cores).map((workers) => ({ workers, batchSize }));
  }

  /** How long a pass with a worker per core may take, for the least number of rounds to fit into the time. */
  #passSeconds(settings: readonly Setting[], batchSizes: readonly number[]): number {
    const trials = settings.length + (batchSizes.length > 1 ? batchSizes.length : 0);
    const slower = settings.map(({ workers }) => Math.max(1, this.#machine.cores / workers));
    const passes = slower.reduce((sum, factor) => sum + factor, 0) + trials - settings.length;
    const left = this.#options.seconds - this.#spent() - LEAST_ROUNDS * START_SECONDS * trials;
    return Math.max(SHORTEST_PASS_SECONDS, left / (LEAST_ROUNDS * PASSES_PER_TRIAL * passes));
  }

  #spent(): number {
    return (performance.now() - this.#begunMs) / 1000;
  }

  #say(line: string): void {
    this.#control.onProgress?.(line);
  }
}

function batchSizesToTry({ batchSizes }: TuneOptions, { model }: ModelBundle): readonly number[] {
  if (model.fixedBatch !== null) return [];
  return usualFirst(
    [...new Set(batchSizes ?? BATCH_SIZES)].sort((a, b) => a - b),
    USUAL_BATCH_SIZE,
  );
}

/** The usual one in front: it has to be known, even where there is time for nothing else. */
function usualFirst(numbers: readonly number[], usual: number): number[] {
  return [...numbers].sort((a, b) => Number(b === usual) - Number(a === usual));
}

function modelOf({ directory, detector, version }: ModelBundle): TuneReport["model"] {
  return { directory, detector, version };
}

function describeSample(
  { files, ...pass }: PassFiles,
  all: readonly InputFile[],
): Omit<TuneReport["sample"], "windows"> {
  const bytesOf = (some: readonly InputFile[]) => some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const total = { files: all.length, bytes: bytesOf(all) };
  return { ...pass, files: files.length, bytes: bytesOf(files), total, paths: files.map(({ path }) => path) };
}

function noFiles(data: readonly string[]): Fault {
  return new Fault({
    code: "USAGE",
    path: `--data ${data.join(" ")}`,
    found: "no flights",
    expected: "files that end in .parquet, .csv or .csv.gz",
    hint: "Give a folder, files or a glob of flights.",
  });
}

function unreadable(count: number): Fault {
  return new Fault({
    code: "USAGE",
    path: "--data",
    found: `${count} files, none of which can be read`,
    expected: "flights that can be read",
    hint: "Ask for permission, or look with flightbatch plan.",
  });
}
