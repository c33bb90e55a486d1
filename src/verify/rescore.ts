import type { FaultCode } from "../faults/fault.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { FileReport } from "../results/reports.ts";
import { cutTasks } from "../run/cut-tasks.ts";
import { LocalEngine } from "../run/engines/local-engine.ts";
import { planMemory } from "../run/memory-plan.ts";
import type { RecordedInput } from "../run/run-report.ts";
import type { Task, TaskOptions, TaskReport } from "../task/messages.ts";
import { columnsOfRun, makePartsDirectory, partFiles, removePart } from "../task/part-files.ts";
import type { DamagedFile } from "./check-files.ts";
import { compareRows, noRows, type RowCounts, type RowExample, type RowRanges } from "./compare-rows.ts";
import type { FoundInput } from "./find-inputs.ts";
import type { RecordedRun } from "./read-run.ts";
import { openResults, type ResultTable } from "./result-table.ts";

/** A file that was scored again. */
export interface RescoredFile {
  path: string;
  rowsDigest: string | null;
  failure: { was: FaultCode | null; now: FaultCode | null };
  isSame: boolean;
  rows: RowCounts;
}

/** What came of scoring files again, in the order of the inputs. */
export interface Rescored {
  files: RescoredFile[];
  rows: RowCounts;
  examples: RowExample[];
  /** The results, where they cannot be read, or have not the rows that the run wrote. */
  unreadable: DamagedFile[];
}

interface How {
  bundle: ModelBundle;
  folder: string;
  isTolerant: boolean;
  workers: number;
  onWarning?: (message: string) => void;
}

const EXAMPLES = 5;
/** Rows that are compared at once: enough that opening DuckDB costs little, few enough for its memory. */
const ROWS_AT_ONCE = 100_000;

/** Scores the inputs that are there again, a task after another, and compares the rows of each with those in the results. */
export async function rescore(run: RecordedRun, inputs: readonly FoundInput[], how: How): Promise<Rescored> {
  const { options } = run.report;
  const engine = new LocalEngine(how.workers);
  try {
    const results = await openOrExplain(run, how);
    const taskOptions: TaskOptions = {
      ...{ bundle: how.bundle, batchSize: options.batchSize, filter: options.filter, inputKind: options.inputKind },
      ...{ strict: options.strict, verify: options.verify, cacheDirectory: null, explain: true },
      partsDirectory: how.folder,
    };
    makePartsDirectory(how.folder);
    const byPath = new Map(inputs.flatMap((input) => (input.file === null ? [] : [[input.file.path, input] as const])));
    const control = {
      listener: { fileDone: () => {}, workerDied: (message: string) => how.onWarning?.(message) },
      filesMemoryBytes: planMemory(undefined, how.workers).filesBytes,
    };
    const judge = new Judge(run, { results: results.table, byPath, how, taskOptions });
    for await (const report of engine.run(tasksOf(inputs), taskOptions, control)) await judge.take(report);
    await judge.compare();
    return { ...judge.verdict, unreadable: results.damage };
  } finally {
    await engine.close();
  }
}

function tasksOf(inputs: readonly FoundInput[]): Task[] {
  const files = inputs.flatMap(({ file }) => file ?? []);
  return cutTasks(files).map((group, index) => ({ index, files: group, fingerprint: `task-${index}` }));
}

/** Results that cannot be read are no reason not to look whether their rows could be made again. */
async function openOrExplain(
  { output, report }: RecordedRun,
  { bundle, folder }: How,
): Promise<{ table: ResultTable | null; damage: DamagedFile[] }> {
  const { format, explain } = report.options;
  const columns = columnsOfRun({ bundle, explain }).results;
  const written = report.inputs.reduce((sum, { rows }) => sum + rows, 0);
  try {
    const table = await openResults(output, { format, columns, folder });
    const found = `${table.rows} rows where the run wrote ${written}`;
    return { table, damage: table.rows === written ? [] : [{ path: output, found }] };
  } catch (error) {
    return {
      table: null,
      damage: [{ path: output, found: `cannot be read: ${(error as Error).message.split("\n")[0]}` }],
    };
  }
}

interface JudgeInput {
  results: ResultTable | null;
  byPath: ReadonlyMap<string, FoundInput>;
  how: How;
  taskOptions: TaskOptions;
}

/** What was scored again and is not compared yet. */
interface Pending {
  files: { file: FileReport; recorded: RecordedInput; range: RowRanges }[];
  parts: TaskReport[];
  rows: number;
}

/** Compares a few parts at a time, so that not all are on the disk. */
class Judge {
  readonly #run: RecordedRun;
  readonly #input: JudgeInput;
  /** Where the rows of each input begin in the results. */
  readonly #starts: number[] = [];
  readonly #isInPlace: boolean;
  readonly #files: (RescoredFile & { index: number })[] = [];
  readonly #rows = noRows();
  readonly #examples: RowExample[] = [];
  #pending: Pending = { files: [], parts: [], rows: 0 };

  constructor(run: RecordedRun, input: JudgeInput) {
    this.#run = run;
    this.#input = input;
    let start = 0;
    for (const { rows } of run.report.inputs) {
      this.#starts.push(start);
      start += rows;
    }
    this.#isInPlace = input.results?.rows === start;
  }

  get verdict(): Omit<Rescored, "unreadable"> {
    const byPlace = (a: { index: number }, b: { index: number }) => a.index - b.index;
    return {
      files: this.#files.sort(byPlace),
      rows: this.#rows,
      examples: this.#examples.sort(byPlace).slice(0, EXAMPLES),
    };
  }

  /** Takes what came of a task. */
  async take(report: TaskReport): Promise<void> {
    const { results: part } = partFiles(this.#input.taskOptions.partsDirectory, report);
    let end = 0;
    for (const file of report.files) {
      const { index, recorded } = this.#input.byPath.get(file.path)!;
      const [begin, was] = [end, this.#starts[index]!];
      end += file.flights.reduce((sum, { scored }) => sum + scored, 0);
      const range: RowRanges = { index, was: [was, was + recorded.rows], now: [begin, end], part };
      this.#pending.files.push({ file, recorded, range });
    }
    this.#pending.parts.push(report);
    this.#pending.rows += end;
    if (this.#pending.rows >= ROWS_AT_ONCE) await this.compare();
  }

  /** Compares what was taken since the last time. */
  async compare(): Promise<void> {
    const { files, parts } = this.#pending;
    this.#pending = { files: [], parts: [], rows: 0 };
    if (files.length === 0) return;
    const { counts, examples } = await this.#compareRanges(files.map(({ range }) => range));
    for (const part of parts) await removePart(this.#input.taskOptions.partsDirectory, part);
    this.#examples.push(...examples);
    for (const { file, recorded, range } of files) this.#settle(file, recorded, { index: range.index, counts });
  }

  async #compareRanges(ranges: RowRanges[]): ReturnType<typeof compareRows> {
    const { results, how, taskOptions } = this.#input;
    if (results === null) return { counts: new Map(), examples: [] };
    const { explain } = this.#run.report.options;
    const columns = columnsOfRun({ ...taskOptions, explain: explain && !how.isTolerant }).results;
    return compareRows({
      ...{ was: results.path, ranges, inPlace: this.#isInPlace },
      columns: columns.filter(({ element }) => element.name !== "inference_latency_ms"),
      tolerant: how.isTolerant ? { severityScores: Object.values(how.bundle.thresholds.severity) } : null,
    });
  }

  #settle(
    { path, failure: now, rowsDigest }: FileReport,
    recorded: RecordedInput,
    { index, counts }: { index: number; counts: ReadonlyMap<number, RowCounts> },
  ): void {
    const rows = counts.get(index) ?? noRows();
    for (const key of Object.keys(rows) as (keyof RowCounts)[]) this.#rows[key] += rows[key];
    const failure = { was: recorded.failure, now: now?.code ?? null };
    const digest = rowsDigest ?? null;
    // Without results to compare with there is still what the run recorded of its rows.
    const areRowsSame =
      this.#input.results === null
        ? digest === recorded.rowsDigest
        : rows.different + rows.onlyInResults + rows.onlyNow === 0;
    this.#files.push({
      index,
      path,
      rowsDigest: digest,
      failure,
      isSame: areRowsSame && failure.was === failure.now,
      rows,
    });
  }
}
