import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "../../src/faults/fault.ts";
import { listInputs } from "../../src/io/list-inputs.ts";
import { loadKernels } from "../../src/kernels/load-kernels.ts";
import type { ModelBundle } from "../../src/model/bundle.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { openSession } from "../../src/model/session.ts";
import { readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { type FileScorer, type ScoredFile, scoreFile } from "../../src/task/score-file.ts";
import { Stopwatch } from "../../src/task/stopwatch.ts";
import { differenceOf, fullContent, quickColumnNames, quickContent } from "../support/compare-decoders.ts";
import type { Variant } from "./corpus.ts";

/** What became of a variant: the code of its fault, or what was scored; and what must not be. */
export interface Verdict {
  outcome: string;
  wrong: string | null;
}

/** A good file is scored again after so many variants. */
const CHECK_EVERY = 10;
const NAME = "AC001_20251012_060000";

/** Feeds damaged files to the code that reads files and bundles, in this process. */
export class Examiner {
  readonly #fixtures: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "flightbatch-fuzz-"));
  readonly #bundle: ModelBundle;
  readonly #scorer: FileScorer;
  #good = "";
  #examined = 0;

  private constructor(fixtures: string, bundle: ModelBundle, run: FileScorer["run"]) {
    this.#fixtures = fixtures;
    this.#bundle = bundle;
    this.#scorer = {
      bundle,
      run,
      batchSize: 128,
      filter: null,
      inputKind: null,
      cache: null,
      stopwatch: new Stopwatch(),
    };
  }

  /** Opens the sound bundle, and scores the good file for the first time. */
  static async open(fixtures: string): Promise<Examiner> {
    if (loadKernels() === null) throw new Error("the kernels are not built: npm run build");
    const bundle = await loadBundle(join(fixtures, "models/engine_vibration_detector/1.0.0"));
    const { run } = await openSession(bundle.directory, { reconstruction: true });
    const examiner = new Examiner(fixtures, bundle, run);
    mkdirSync(join(examiner.#folder, "cwd"));
    process.chdir(join(examiner.#folder, "cwd"));
    writeFileSync("canary", "alive");
    examiner.#good = await examiner.#scoreGood();
    return examiner;
  }

  /** Examines a variant. */
  async examine(variant: Variant): Promise<Verdict> {
    const { outcome, wrong } = await this.#try(variant);
    if (wrong !== null) return { outcome, wrong };
    const isDue = ++this.#examined % CHECK_EVERY === 0;
    if (isDue && (await this.#scoreGood()) !== this.#good)
      return { outcome, wrong: "a good file scores otherwise now" };
    return { outcome, wrong: whatIsTouched() };
  }

  /** Removes what it has written. */
  close(): void {
    process.chdir("/");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #try(variant: Variant): Promise<Verdict> {
    try {
      return variant.place.kind === "bundle" ? await this.#tryBundle(variant) : await this.#tryRecording(variant);
    } catch (error) {
      if (!(error instanceof Fault)) return { outcome: "thrown", wrong: `${(error as Error).stack}` };
      return { outcome: error.code, wrong: error.code === "INTERNAL" ? error.message : null };
    }
  }

  async #tryRecording({ place, bytes, name }: Variant): Promise<Verdict> {
    const isSidecar = place.kind === "sidecar";
    const path = join(this.#folder, `${NAME}${place.kind === "recording" ? place.ending : ".parquet"}`);
    writeFileSync(path, isSidecar ? readFileSync(join(this.#fixtures, `data/features/${NAME}.parquet`)) : bytes);
    if (isSidecar) writeFileSync(`${path}.meta.json`, bytes);
    try {
      const difference = place.kind === "recording" && place.ending === ".parquet" ? decodersDiffer(bytes) : null;
      if (difference !== null) return { outcome: "read otherwise", wrong: difference };
      // The small tables of all types are for the decoder: as recordings they would be refused for what they lack.
      if (name.startsWith("parquet/")) readParquetTable(path, bytes, () => true).release();
      const [file] = (await listInputs([path])).files;
      return judge(await scoreFile(file!, this.#scorer));
    } finally {
      for (const left of readdirSync(this.#folder))
        if (left !== "cwd") rmSync(join(this.#folder, left), { recursive: true });
    }
  }

  async #tryBundle({ place, bytes }: Variant): Promise<Verdict> {
    if (place.kind !== "bundle") throw new Error("no file of a bundle");
    const directory = join(this.#folder, "detector/1.0.0");
    cpSync(this.#bundle.directory, directory, { recursive: true });
    writeFileSync(join(directory, place.file), bytes);
    try {
      const bundle = await loadBundle(directory);
      const session = await openSession(directory, { reconstruction: true });
      const [file] = (await listInputs([join(this.#fixtures, `data/features/${NAME}.parquet`)])).files;
      const verdict = judge(await scoreFile(file!, { ...this.#scorer, bundle, run: session.run }));
      await session.close();
      return verdict;
    } finally {
      rmSync(join(this.#folder, "detector"), { recursive: true, force: true });
    }
  }

  async #scoreGood(): Promise<string> {
    const path = join(this.#fixtures, `data/raw/engine_vibration/2025-10/${NAME}.parquet`);
    const [file] = (await listInputs([path])).files;
    const { chunks, report } = await scoreFile(file!, this.#scorer);
    const hash = createHash("sha256").update(String(report.failure?.code));
    for (const { scores, severities, windowIds } of chunks)
      hash
        .update(Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength))
        .update(severities)
        .update(windowIds.join());
    return hash.digest("hex");
  }
}

/** More rows are for the other tests: to compare them takes long. */
const MOST_ROWS = 200_000;

/** What the quick reader reads otherwise than the large decoder, where both read the file; null where nothing is. */
function decodersDiffer(bytes: Uint8Array): string | null {
  const names = quickColumnNames(bytes);
  const wanted = (name: string) => names.includes(name);
  const quick = names.length === 0 ? null : quickContent(bytes, wanted);
  if (quick === null || quick.rowCount > MOST_ROWS) return null;
  const full = fullContent(bytes, wanted);
  return typeof full === "string" ? null : differenceOf(quick, full);
}

/** Whether a result is one: a fault with a code of its own, or windows that add up with finite scores. */
function judge({ report, chunks }: ScoredFile): Verdict {
  if (report.failure !== null) {
    const { code, found } = report.failure;
    return { outcome: code, wrong: code === "INTERNAL" ? found : null };
  }
  const rows = chunks.reduce((sum, { windowIds }) => sum + windowIds.length, 0);
  const scored = report.flights.reduce((sum, flight) => sum + flight.scored, 0);
  const isAdded = report.flights.every(
    ({ windows, scored, skipped }) => Object.values(skipped).reduce((sum, count) => sum + count, scored) === windows,
  );
  if (rows !== scored || !isAdded) return { outcome: "scored", wrong: `${rows} rows of ${scored} scored windows` };
  const isValid = chunks.every(
    ({ scores, severities }) => scores.every(Number.isFinite) && severities.every((severity) => severity <= 3),
  );
  return { outcome: rows > 0 ? "scored" : "no windows", wrong: isValid ? null : "scores that are none" };
}

/** What must not have been touched: the working folder, and the objects that all others inherit from. */
function whatIsTouched(): string | null {
  const here = readdirSync(".").join();
  if (here !== "canary" || readFileSync("canary", "utf8") !== "alive") return `the working folder has ${here}`;
  const inherited = [Object.prototype, Array.prototype, Function.prototype].flatMap((object) => Object.keys(object));
  return inherited.length > 0 ? `all objects inherit ${inherited.join()}` : null;
}
