import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../dist/index.js";
import { asFault, FAULT_CODES, type Fault, type FaultCode } from "../../src/faults/fault.ts";
import { parseFilter } from "../../src/filter/parse-filter.ts";
import { explainSystemError } from "../../src/io/file-fault.ts";
import { listInputs } from "../../src/io/list-inputs.ts";
import { readParquetFooter } from "../../src/io/parquet-footer.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { MemoryGrant } from "../../src/task/memory-grant.ts";
import { childrenOf } from "../support/fault-run.ts";
import { detector, fixture, scratch } from "../support/run.ts";
import { type ScoringOptions, TestScorer } from "../support/scoring.ts";
import { doubles, type TestTable, texts, times } from "../support/write-table.ts";

const FLIGHT = fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");
const SECOND = 1_000_000_000n;
const START = 1_760_162_400n * SECOND;

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.open(detector("1.0.0"));
});
afterAll(() => scorer.close());

/** The code of a file that is scored; `after` happens to it after it was listed. */
async function scored(
  name: string,
  content: TestTable | string | Uint8Array,
  { after = () => {}, ...options }: ScoringOptions & { after?: (path: string) => void } = {},
): Promise<string | undefined> {
  const file = await scorer.write(name, content);
  after(file.path);
  return (await scorer.score(file, options)).report.failure?.code;
}

/** The built program has a class of faults of its own. */
function codeOf(error: unknown): string {
  return error instanceof Error && error.name === "Fault" ? (error as Fault).code : asFault(error).code;
}

/** The code that something ends with. */
async function thrown(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return codeOf(error);
  }
  return "nothing";
}

/** Codes of the failures of a run. */
async function ofRun(options: Partial<RunOptions> & Pick<RunOptions, "data">): Promise<string> {
  const { failures } = await runBatch({
    model: detector("1.0.0"),
    output: join(scratch(), "results.parquet"),
    workers: 1,
    ...options,
  });
  return [...new Set(failures.map(({ code }) => code))].join();
}

/** Runs with `work` what a file without permission allows; the superuser gives up that right for a moment. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(65_534);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

function writtenTo(path: string): void {
  try {
    writeFileSync(path, "results");
  } catch (error) {
    throw explainSystemError(error, path);
  }
}

/** What comes of a run of which no worker lives longer than it takes to begin. */
async function whileWorkersAreKilled(run: () => Promise<string>): Promise<string> {
  const killer = setInterval(() => {
    for (const pid of childrenOf(process.pid)) process.kill(pid, "SIGKILL");
  }, 100);
  try {
    return await run();
  } catch (error) {
    return codeOf(error);
  } finally {
    clearInterval(killer);
  }
}

/** The time and signals of the recipe, but for what is left out or put in their place. */
function recording(rowCount: number, changes: Record<string, TestTable[string] | null> = {}, stepNs = SECOND / 100n) {
  const rows = Array.from({ length: rowCount }, (_, i) => i);
  const table: Record<string, TestTable[string] | null> = {
    timestamp: times(rows.map((i) => START + BigInt(i) * stepNs)),
  };
  for (const { columns } of scorer.bundle.recipe.signals) table[columns[0]!] = doubles(rows.map(() => 50));
  return Object.fromEntries(
    Object.entries({ ...table, ...changes }).filter(([, column]) => column !== null),
  ) as TestTable;
}

const signal = () => scorer.bundle.recipe.signals[0]!.columns[0]!;
const words = (count: number) => texts(Array.from({ length: count }, () => "abc"));

/** For each code something real that ends with it. */
const PROVOKED: Record<FaultCode, () => Promise<string | undefined>> = {
  FILE_EMPTY: () => scored("empty.parquet", new Uint8Array()),
  FILE_CORRUPT: () => scored("corrupt.parquet", readFileSync(FLIGHT).subarray(0, 100_000)),
  FILE_NOT_PARQUET: () => scored("words.parquet", "these are no columns at all"),
  FILE_UNSUPPORTED: () => scored("encrypted.parquet", readFileSync(fixture("parquet/encrypted.parquet"))),
  FILE_MISSING: () => scored("gone.parquet", recording(10), { after: (path) => rmSync(path) }),
  FILE_UNREADABLE: () => thrown(() => readParquetFooter(scratch())),
  FILE_CHANGED: () => scored("grown.parquet", recording(10), { after: (path) => appendFileSync(path, "more") }),
  FILE_FORBIDDEN: async () => {
    const folder = scratch();
    execFileSync("chmod", ["000", folder]);
    const code = await asNobody(() => thrown(() => listInputs([folder])));
    execFileSync("chmod", ["755", folder]);
    return code;
  },
  CHECKSUM_MISMATCH: async () => {
    const data = scratch();
    copyFileSync(FLIGHT, join(data, "a.parquet"));
    writeFileSync(join(data, "a.parquet.meta.json"), JSON.stringify({ checksums: { sha256: "0".repeat(64) } }));
    return ofRun({ data: [data], verify: "full" });
  },
  CSV_MALFORMED: () => scored("a.csv", `timestamp,${signal()}\n2025-10-12T06:00:00Z,1\n2025-10-12T06:00:01Z\n`),
  TIME_MISSING: () => scored("a.parquet", recording(10, { timestamp: null })),
  TIME_TYPE: () => scored("a.parquet", recording(10, { timestamp: words(10) })),
  SIGNAL_MISSING: () => scored("a.parquet", recording(10, { [signal()]: null })),
  COLUMN_TYPE: () => scored("a.parquet", recording(10, { [signal()]: words(10) })),
  FEATURE_MISSING: () => scored("a.parquet", recording(10), { kind: "features" }),
  ROWS_TOO_FAR_APART: () => scored("a.parquet", recording(100, {}, 5n * SECOND)),
  // One flight in two forms, of slightly different scores.
  DUPLICATE_KEY: () => ofRun({ data: [FLIGHT, fixture("data/features/AC001_20251012_060000.parquet")] }),
  QUALITY_REFUSED: () =>
    ofRun({ data: [fixture("data/faulty/odd_but_valid/AC090_20251012_000013.parquet")], strict: ["no_time"] }),
  OUT_OF_MEMORY: async () => {
    const file = await scorer.write("large.parquet", recording(1000));
    const memory = new MemoryGrant({ bytes: 1000, isAll: true });
    return (await scorer.score(file, { memory, wholeFileBytes: 0 })).report.failure?.code;
  },
  // A device that is always full; whole runs on full disks are in test/system/faults-disk.test.ts.
  DISK_FULL: () => thrown(() => writtenTo("/dev/full")),
  WORKER_CRASHED: () => whileWorkersAreKilled(() => ofRun({ data: [FLIGHT] })),
  ENGINE_UNAVAILABLE: () =>
    // The discard port: nothing listens there.
    thrown(() =>
      runBatch({
        ...{ model: detector("1.0.0"), data: [FLIGHT], output: join(scratch(), "r.parquet") },
        engine: "redis://127.0.0.1:9",
      }),
    ),
  BUNDLE_INVALID: () => thrown(() => loadBundle(scratch())),
  USAGE: () => thrown(() => listInputs([join(scratch(), "nothing")])),
  FILTER_INVALID: () => thrown(() => parseFilter("altitude > 3")),
  OUTPUT_UNWRITABLE: () =>
    thrown(() => runBatch({ model: detector("1.0.0"), data: [FLIGHT], output: join(FLIGHT, "r.parquet") })),
  // No input is known that gives it: a defect, such as a model session that answers with nothing, would.
  INTERNAL: async () => {
    const file = await scorer.write("a.parquet", recording(3000));
    return (await scorer.score(file, { bundle: { recipe: null as never } })).report.failure?.code;
  },
};

describe("every code of the closed list is provoked by something real", () => {
  it.each(Object.keys(FAULT_CODES) as FaultCode[])("%s", async (code) => {
    expect(await PROVOKED[code]()).toBe(code);
  });
});
