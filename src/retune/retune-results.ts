import { existsSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "../aggregate/database.ts";
import { labelModels } from "../aggregate/label-models.ts";
import { listResults } from "../aggregate/list-results.ts";
import { usage } from "../aggregate/options.ts";
import type { ResultFile } from "../aggregate/result-file.ts";
import { readRunFacts } from "../aggregate/run-facts.ts";
import { type ExplainedFile, explainFile } from "../eventfiles/explained-rows.ts";
import { recordedThresholds } from "../eventfiles/find-rules.ts";
import type { EventRules } from "../events/event.ts";
import { type ReadThresholds, readThresholds } from "../model/read-thresholds.ts";
import { type AlertLoads, alertLoads, noLoad } from "./alert-loads.ts";
import { workloadCurve } from "./curve.ts";
import { AS_IT_WAS, type Decision, decisionBy } from "./decide-sql.ts";
import { loadWindows } from "./load-windows.ts";
import { proposeThresholds } from "./propose.ts";
import type { AlertKind, BeforeAfter, Retuned } from "./retuned.ts";
import { checkResultsName, writeResults } from "./write-results.ts";
import { writeThresholds } from "./write-thresholds.ts";

/** What to decide again, and by what. */
export interface RetuneOptions {
  /** A `thresholds.yaml`, or the bundle that holds one. */
  thresholds: string;
  /** Results of runs of one model in any form: files, folders or globs. */
  results: readonly string[];
  /** Wanted alerts per 100 scored hours: thresholds for that are proposed. */
  targetRate?: number;
  /** What counts as an alert there; default events. */
  counted?: AlertKind;
  /** Where the proposed thresholds are written: the given file with other thresholds. */
  write?: string;
  /** Where the results are written as they are decided now: `.parquet`. */
  output?: string;
  stop?: AbortSignal;
}

/**
 * Decides results again under other thresholds, without inference, and says what there is to look at then. In bounded memory, whatever the number
 * of rows.
 * @throws Fault for thresholds that cannot be read, results that nothing explains, of several models, with rows without a value
 */
export async function retuneResults(options: RetuneOptions): Promise<Retuned> {
  settle(options);
  const thresholds = await readThresholds(options.thresholds);
  const { files, passedOver } = await listResults(options.results);
  const explained: ExplainedFile[] = [];
  for (const file of files) explained.push(await explainFile(file));
  requireExplained(explained);
  refuseOverwriting(options, files);
  const model = oneModel(labelModels(files, true));
  const before = await rulesBefore(explained, thresholds);
  const db = await Database.open(options.output ?? options.write ?? join(tmpdir(), "flightbatch-retune"));
  const interrupt = () => db.interrupt();
  options.stop?.addEventListener("abort", interrupt);
  try {
    const retuned = await decideAgain(db, { options, thresholds, explained, model, rulesBefore: before.rules });
    const passed = passedOver > 0 ? [`${passedOver} other files passed over: no results`] : [];
    return { ...retuned, warnings: [...thresholds.warnings, ...before.warnings, ...passed, ...warningsOf(explained)] };
  } finally {
    options.stop?.removeEventListener("abort", interrupt);
    db.close();
  }
}

function settle({ targetRate, write, output }: RetuneOptions): void {
  if (output !== undefined) checkResultsName(output);
  if (targetRate !== undefined && !(Number.isFinite(targetRate) && targetRate >= 0)) {
    throw usage("--target-rate", {
      found: String(targetRate),
      expected: "a number of alerts per 100 scored hours",
      hint: "Such as --target-rate 5.",
    });
  }
  if (write !== undefined && targetRate === undefined) {
    throw usage(`--write ${write}`, {
      found: "no --target-rate",
      expected: "the rate that the thresholds written are to give",
      hint: "Add --target-rate, or leave --write out.",
    });
  }
}

function requireExplained(files: readonly ExplainedFile[]): void {
  const bare = files.filter(({ explainedBy }) => explainedBy === "nothing");
  if (bare.length === 0) return;
  throw usage(
    bare
      .map(({ file }) => file.path)
      .slice(0, 5)
      .join(", "),
    {
      found: "neither <stem>.run/windows.parquet beside the results, nor flight_phase and threshold in them",
      expected: "the phase of each window: its threshold hangs on that",
      hint: "Keep the run's folder beside its results, or run with --explain.",
    },
  );
}

function refuseOverwriting({ output, write, thresholds }: RetuneOptions, files: readonly ResultFile[]): void {
  const isSame = (a: string, b: string) => existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b);
  const read = [thresholds, ...files.map(({ path }) => path)];
  for (const [flag, path] of Object.entries({ "--output": output, "--write": write })) {
    if (path === undefined || !read.some((one) => isSame(one, path))) continue;
    throw usage(`${flag} ${path}`, {
      found: "one of the files that are read",
      expected: "another file",
      hint: "Name it otherwise.",
    });
  }
}

function oneModel(labels: readonly string[]): string | null {
  const known = [...new Set(labels)].filter((label) => label !== "unknown");
  if (known.length <= 1) return known[0] ?? null;
  throw usage("retune", {
    found: `results of ${known.length} models: ${known.join(", ")}`,
    expected: "results of one model, which the thresholds are for",
    hint: "Give the results of one of them.",
  });
}

/** Events before are by the rules that the run had; where those are gone, by the new ones. */
async function rulesBefore(
  [first]: readonly ExplainedFile[],
  given: ReadThresholds,
): Promise<{ rules: EventRules; warnings: string[] }> {
  const { path } = first!.file;
  const facts = await readRunFacts(path);
  const recorded = await recordedThresholds(path, facts?.bundleDirectory);
  const instead = "persistence and cool-down of the given thresholds are used for what was before, too";
  if (typeof recorded === "string") return { rules: given.extras, warnings: [`${recorded}: ${instead}`] };
  if (recorded.digest === facts?.thresholdsDigest) return { rules: recorded.extras, warnings: [] };
  return { rules: given.extras, warnings: [`${recorded.path} has changed since ${path} was made: ${instead}`] };
}

interface Given {
  options: RetuneOptions;
  thresholds: ReadThresholds;
  explained: readonly ExplainedFile[];
  model: string | null;
  rulesBefore: EventRules;
}

async function decideAgain(db: Database, given: Given): Promise<Omit<Retuned, "warnings">> {
  const { options, thresholds, explained, model } = given;
  const repeated = await loadWindows(db, explained);
  const decision = decisionBy(thresholds.thresholds);
  const changes = await countChanges(db, decision);
  const before = await alertLoads(db, AS_IT_WAS, given.rulesBefore);
  const after = await alertLoads(db, decision, thresholds.extras);
  const searched = { rules: thresholds.extras, hours: after.all.scored_hours };
  const curve = await workloadCurve(db, thresholds.thresholds, searched);
  const { targetRate, counted = "events" } = options;
  const wanted = targetRate === undefined ? null : { ...searched, rate: targetRate, counted };
  const proposal = wanted === null ? null : await proposeThresholds(db, thresholds.thresholds, wanted);
  if (options.output !== undefined)
    await writeResults(db, options.output, { files: explained, decision, model, sha256: thresholds.digest });
  if (options.write !== undefined) await writeThresholds(options.write, thresholds, proposal!.thresholds);
  return {
    thresholds: { path: thresholds.path, sha256: thresholds.digest },
    inputs: explained.map(({ file, explainedBy }) => ({
      path: file.path,
      explained_by: explainedBy === "windows" ? "windows.parquet" : "results",
    })),
    model,
    identical: Object.values(changes).every((count) => count === 0),
    changes,
    overall: { before: before.all, after: after.all },
    by_aircraft: together(before, after, "aircraft"),
    by_phase: together(before, after, "phase"),
    curve,
    proposal,
    repeated_windows: repeated,
  };
}

async function countChanges(
  db: Database,
  { anomaly, severity, phase, threshold }: Decision,
): Promise<Retuned["changes"]> {
  const [row] =
    await db.rows(`SELECT count(*) FILTER (anomaly AND NOT old_anomaly)::DOUBLE AS to_anomaly, count(*) FILTER (old_anomaly AND NOT anomaly)::DOUBLE AS to_normal,
      count(*) FILTER (severity <> old_severity)::DOUBLE AS severities, count(*) FILTER (phase <> old_phase)::DOUBLE AS phases,
      count(*) FILTER (threshold <> old_threshold)::DOUBLE AS thresholds
    FROM (SELECT *, ${anomaly} AS anomaly, ${severity} AS severity, ${phase} AS phase, ${threshold} AS threshold FROM scored)`);
  const { to_anomaly, to_normal, severities, phases, thresholds } = row as unknown as Retuned["changes"];
  return { to_anomaly, to_normal, severities, phases, thresholds };
}

function together(before: AlertLoads, after: AlertLoads, part: "aircraft" | "phase"): Record<string, BeforeAfter> {
  const names = new Set([...before[part].keys(), ...after[part].keys()]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      { before: before[part].get(name) ?? noLoad(), after: after[part].get(name) ?? noLoad() },
    ]),
  );
}

function warningsOf(files: readonly ExplainedFile[]): string[] {
  const old = files.filter(({ hasTies }) => !hasTies);
  const assumed = files.filter(({ file }) => !file.isWindowKnown);
  return [
    ...(old.length > 0
      ? [
          `${old[0]!.file.path} does not say which phases tied (column tied_phases): such windows keep the phase that was chosen`,
        ]
      : []),
    ...(assumed.length > 0
      ? [
          `no run.json with the length of a window for ${assumed[0]!.file.path}: ${assumed[0]!.file.windowSeconds} s assumed`,
        ]
      : []),
  ];
}
