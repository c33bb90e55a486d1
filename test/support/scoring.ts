import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseFilter } from "../../src/filter/parse-filter.ts";
import type { InputFile } from "../../src/io/input-file.ts";
import { listInputs } from "../../src/io/list-inputs.ts";
import type { ModelBundle } from "../../src/model/bundle.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { type ModelSession, openSession } from "../../src/model/session.ts";
import type { InputKind } from "../../src/recording/recording.ts";
import type { FeatureCache } from "../../src/task/feature-cache.ts";
import type { MemoryGrant } from "../../src/task/memory-grant.ts";
import { type ScoredFile, scoreFile } from "../../src/task/score-file.ts";
import { Stopwatch } from "../../src/task/stopwatch.ts";
import type { VerifyLevel } from "../../src/task/verify.ts";
import { type BundleParts, makeBundle } from "../model/make-bundle.ts";
import { type TestTable, tableBytes } from "./write-table.ts";

/** Leaves inputs as they are: mean 0, std 1, for the two features of the models in test/fixtures/bundles. */
export const NO_SCALING = JSON.stringify({ scaler_type: "StandardScaler", num_features: 2, mean: [0, 0], std: [1, 1] });

/** What may differ from one scoring to the next. */
export interface ScoringOptions {
  batchSize?: number;
  filter?: string;
  kind?: InputKind;
  cache?: FeatureCache;
  verify?: VerifyLevel;
  bundle?: Partial<ModelBundle>;
  /** Up to what a file is read whole; 0: all are read in batches. */
  wholeFileBytes?: number;
  memory?: MemoryGrant;
}

/** A folder with a warm model, and what is scored in it. */
export class TestScorer {
  readonly folder = mkdtempSync(join(tmpdir(), "flightbatch-score-"));
  readonly bundle: ModelBundle;
  readonly #session: ModelSession;

  private constructor(bundle: ModelBundle, session: ModelSession) {
    this.bundle = bundle;
    this.#session = session;
  }

  /** The model adds up two features that are not scaled, unless `parts` say otherwise. */
  static async make(parts: BundleParts = {}): Promise<TestScorer> {
    return TestScorer.open(await makeBundle({ scaler: NO_SCALING, ...parts }));
  }

  /** A bundle that is there. */
  static async open(directory: string): Promise<TestScorer> {
    const bundle = await loadBundle(directory);
    return new TestScorer(bundle, await openSession(bundle.directory, { reconstruction: true }));
  }

  /** Writes an input; its name may hold folders. */
  async write(name: string, content: TestTable | string | Uint8Array): Promise<InputFile> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" || content instanceof Uint8Array ? content : tableBytes(content));
    return (await listInputs([path])).files[0]!;
  }

  /** Scores a file. */
  async score(file: InputFile, options: ScoringOptions = {}): Promise<ScoredFile> {
    return scoreFile(file, {
      bundle: { ...this.bundle, ...options.bundle },
      run: (rows, count) => this.#session.run(rows, count),
      batchSize: options.batchSize ?? 128,
      filter: options.filter === undefined ? null : parseFilter(options.filter),
      inputKind: options.kind ?? null,
      cache: options.cache ?? null,
      stopwatch: new Stopwatch(),
      ...(options.verify && { verify: options.verify }),
      ...(options.wholeFileBytes === undefined ? {} : { wholeFileBytes: options.wholeFileBytes }),
      ...(options.memory === undefined ? {} : { memory: options.memory }),
    });
  }

  /** Writes a table and scores it; fails if the file fails. */
  async scoreTable(table: TestTable, options: ScoringOptions & { name?: string } = {}): Promise<ScoredFile> {
    const scored = await this.score(await this.write(options.name ?? "file.parquet", table), options);
    if (scored.report.failure !== null)
      throw new Error(`${scored.report.failure.code}: ${scored.report.failure.found}`);
    return scored;
  }

  /** Frees the model and removes the folder. */
  async close(): Promise<void> {
    await this.#session.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** The first flight's windows by reason, those scored under `scored`; fails if they do not add up to all. */
export function outcomes({ report }: ScoredFile): Record<string, number> {
  const { windows, scored, skipped } = report.flights[0]!;
  const sum = Object.values(skipped).reduce((total, count) => total + count, scored);
  if (sum !== windows) throw new Error(`${sum} windows are accounted for of ${windows}`);
  return scored === 0 ? skipped : { scored, ...skipped };
}
