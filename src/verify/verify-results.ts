import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultCode } from "../faults/fault.ts";
import { currentVersions, type Versions } from "../io/versions.ts";
import { combineDigests } from "../results/rows-digest.ts";
import { recordedBundle } from "./check-bundle.ts";
import { type DamagedFile, damagedFiles } from "./check-files.ts";
import type { RowCounts, RowExample } from "./compare-rows.ts";
import { type FoundInput, findInputs } from "./find-inputs.ts";
import { type RecordedRun, readRun } from "./read-run.ts";
import { type Rescored, rescore } from "./rescore.ts";
import { sample } from "./sample.ts";

/** How to verify. */
export interface VerifyOptions {
  /** Files to score again, chosen by chance; null: all. */
  sample: number | null;
  /** Chooses the files: the same seed, the same ones. */
  seed: number;
  workers: number;
  /** Where the bundle and the inputs are now; null: where they were. */
  model: string | null;
  data: readonly string[] | null;
  /** Told of what is amiss beside the files. */
  onWarning?: (message: string) => void;
}

/** What came of it. */
export interface Verification {
  results: string;
  /** Whether all that was looked at is as the run left it, and comes out the same again. */
  reproduced: boolean;
  /** The run's own digest of all rows, latency aside; the one found now, where all files were scored again. */
  certificate: { rows: string; found: string | null };
  /** Files of the run that are not as they were written. */
  damaged: DamagedFile[];
  /** What differs of the versions and the processor: then scores are held to a tolerance. */
  versions: { name: keyof Versions; was: string; now: string }[];
  seed: number;
  inputs: {
    total: number;
    chosen: number;
    /** Paths that cannot be scored again, with what is the matter. */
    missing: string[];
    changed: string[];
    /** Of those that can: what else differs. */
    notes: string[];
  };
  /** Files that were scored again. */
  files: {
    same: number;
    different: { path: string; rows: RowCounts; failure: { was: FaultCode | null; now: FaultCode | null } }[];
  };
  rows: RowCounts;
  examples: (RowExample & { path: string })[];
}

/**
 * Scores files of an old result again, from the inputs and with the bundle that its run recorded, and compares every row.
 * @throws Fault USAGE, BUNDLE_INVALID where that cannot be begun
 */
export async function verifyResults(results: string, options: VerifyOptions): Promise<Verification> {
  const run = readRun(results);
  const bundle = await recordedBundle(run.report, options.model);
  const damaged = damagedFiles(run);
  const versions = differingVersions(run.report.versions);
  const inputs = await chooseInputs(run, options);
  const folder = mkdtempSync(join(tmpdir(), "flightbatch-verify-"));
  try {
    const rescored = await rescore(run, inputs, { bundle, folder, isTolerant: versions.length > 0, ...options });
    return conclude(run, { options, damaged: [...damaged, ...rescored.unreadable], versions, inputs, rescored });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function differingVersions(was: Versions): Verification["versions"] {
  const now = currentVersions();
  return (Object.keys(now) as (keyof Versions)[])
    .filter((name) => was[name] !== now[name])
    .map((name) => ({ name, was: was[name], now: now[name] }));
}

async function chooseInputs({ report }: RecordedRun, options: VerifyOptions): Promise<FoundInput[]> {
  const { inputs, workingDirectory } = report;
  const chosen = sample(inputs.length, options.sample ?? inputs.length, options.seed);
  return findInputs(
    chosen.map((index) => ({ recorded: inputs[index]!, index })),
    { workingDirectory, data: options.data },
  );
}

interface Findings {
  options: VerifyOptions;
  damaged: DamagedFile[];
  versions: Verification["versions"];
  inputs: FoundInput[];
  rescored: Rescored;
}

function conclude(run: RecordedRun, { options, damaged, versions, inputs, rescored }: Findings): Verification {
  const { report } = run;
  const noted = (why: FoundInput["why"]) =>
    inputs.flatMap((input) => (input.why === why && input.note ? [input.note] : []));
  const different = rescored.files.filter(({ isSame }) => !isSame);
  const isWhole = inputs.length === report.inputs.length && inputs.every(({ file }) => file !== null);
  const { certificate } = report;
  return {
    results: run.output,
    reproduced: damaged.length === 0 && different.length === 0 && inputs.every(({ file }) => file !== null),
    certificate: {
      rows: certificate.rows,
      found: isWhole ? combineDigests(rescored.files.flatMap(({ rowsDigest }) => rowsDigest ?? [])) : null,
    },
    damaged,
    versions,
    seed: options.seed,
    inputs: {
      total: report.inputs.length,
      chosen: inputs.length,
      missing: noted("missing"),
      changed: noted("changed"),
      notes: noted(null),
    },
    files: {
      same: rescored.files.length - different.length,
      different: different.map(({ path, rows, failure }) => ({ path, rows, failure })),
    },
    rows: rescored.rows,
    examples: rescored.examples.map((example) => ({ path: report.inputs[example.index]?.path ?? "", ...example })),
  };
}
