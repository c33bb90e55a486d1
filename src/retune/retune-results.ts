import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "../aggregate/database.ts";
import { labelModels } from "../aggregate/label-models.ts";
import { listResults } from "../aggregate/list-results.ts";
import { readRunFacts } from "../aggregate/run-facts.ts";
import { type ExplainedFile, explainFile } from "../eventfiles/explained-rows.ts";
import { recordedThresholds } from "../eventfiles/find-rules.ts";
import type { EventRules } from "../events/event.ts";
import { type ReadThresholds, readThresholds } from "../model/read-thresholds.ts";
import { type AlertLoads, alertLoads, noLoad } from "./alert-loads.ts";
import { lowestThreshold, workloadCurve } from "./curve.ts";
import { AS_IT_WAS, type Decision, decisionBy } from "./decide-sql.ts";
import { loadWindows } from "./load-windows.ts";
import { proposeThresholds } from "./propose.ts";
import type { BeforeAfter, Retuned } from "./retuned.ts";
import { oneModel, type RetuneOptions, refuseOverwriting, requireExplained, settle } from "./settle.ts";
import { writeResults } from "./write-results.ts";
import { writeThresholds } from "./write-thresholds.ts";

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
  const db = await Database.open(options.output ?? options.write ?? join(tmpdir(), `retune-${randomUUID()}`));
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
  // A proposal may be any threshold.
  const lowest = options.targetRate === undefined ? lowestThreshold(thresholds.thresholds) : -Infinity;
  const repeated = await loadWindows(db, explained, lowest);
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
      coalesce(sum(windows) FILTER (severity <> old_severity), 0)::DOUBLE AS severities, coalesce(sum(windows) FILTER (phase <> old_phase), 0)::DOUBLE AS phases,
      coalesce(sum(windows) FILTER (threshold <> old_threshold), 0)::DOUBLE AS thresholds
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
