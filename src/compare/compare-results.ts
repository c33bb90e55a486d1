import { tmpdir } from "node:os";
import { join } from "node:path";
import { filterResults } from "../aggregate/data-set-file.ts";
import { Database } from "../aggregate/database.ts";
import type { ResultFile } from "../aggregate/result-file.ts";
import { findRules } from "../eventfiles/find-rules.ts";
import { NO_EVENT_RULES } from "../events/event.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import { attributeFlips } from "./attribute-flips.ts";
import { compareGroups } from "./compare-groups.ts";
import type { Comparison, Differences, SideFacts } from "./comparison.ts";
import { ALL } from "./groups.ts";
import { joinSides, type RepeatedRows } from "./join-sides.ts";
import { type CompareOptions, settleTolerance, type Tolerance } from "./options.ts";
import { scoreDistribution } from "./score-distribution.ts";
import { describeSide, isExplained, type Side } from "./side.ts";
import { tellingFlights, tellingWindows, unmatchedWindows } from "./telling.ts";
import { type SideRules, workloadsOf } from "./workload.ts";

/**
 * Compares two files of results, window by window, and says which part of the bundle made each flip where the bundles and the recordings are
 * there. In bounded memory, whatever the number of rows.
 * @throws Fault for files that are no results, that have no window in common, or bundles that did not make them
 */
export async function compareResults(options: CompareOptions): Promise<Comparison> {
  const tolerance = settleTolerance(options.tolerance);
  const filter = options.filter === undefined ? null : parseFilter(options.filter);
  const side = async (path: string) => {
    const file = await describeSide(path);
    return filter === null ? file : filterResults(file, filter);
  };
  const files = { a: await side(options.a), b: await side(options.b) };
  const db = await Database.open(options.spillBeside ?? join(tmpdir(), "flightbatch-compare"));
  try {
    const repeated = await joinSides(db, files);
    const rules = alike({
      a: await sideRules(files.a, options.models?.[0]),
      b: await sideRules(files.b, options.models?.[1]),
    });
    const comparison = await compareJoined(db, { files, rules, repeated, tolerance });
    const topWindows = comparison.top_windows;
    const { attribution, missing, sharesOf } = await attributeFlips(db, { files, options, topWindows });
    return {
      ...comparison,
      top_windows: topWindows.map((window) => ({ ...window, shares: sharesOf(window) })),
      attribution,
      attribution_missing: missing,
    };
  } finally {
    db.close();
  }
}

interface Joined {
  files: Record<Side, ResultFile>;
  rules: Record<Side, SideRules & { warnings: string[] }>;
  repeated: RepeatedRows;
  tolerance: Tolerance;
}

async function compareJoined(db: Database, { files, rules, repeated, tolerance }: Joined): Promise<Comparison> {
  const differences = await countDifferences(db, tolerance);
  const workloads = {
    a: await workloadsOf(db, "a", rules.a),
    b: await workloadsOf(db, "b", rules.b),
  };
  const names = await aircraftNames(db);
  const all = await compareGroups(db, "all", workloads);
  const hasPhases = isExplained(files.a) || isExplained(files.b);
  return {
    a: await sideFacts(db, { file: files.a, side: "a", repeated: repeated.a, warnings: rules.a.warnings }),
    b: await sideFacts(db, { file: files.b, side: "b", repeated: repeated.b, warnings: rules.b.warnings }),
    tolerance,
    equal: Object.values(differences).every((count) => count === 0),
    differences,
    only_in_a: await unmatchedWindows(db, "a"),
    only_in_b: await unmatchedWindows(db, "b"),
    overall: all.get(ALL)!,
    by_aircraft: named(await compareGroups(db, "aircraft", workloads), (number) => names.get(number)!),
    by_phase: hasPhases ? named(await compareGroups(db, "phase", workloads), (phase) => phase) : null,
    score_distribution: await scoreDistribution(db),
    top_windows: await tellingWindows(db),
    top_flights: await tellingFlights(db),
    attribution: null,
    attribution_missing: null,
  };
}

async function countDifferences(db: Database, { absolute, relative }: Tolerance): Promise<Differences> {
  const allowed = `${absolute}::DOUBLE + ${relative}::DOUBLE * greatest(abs(score_a::DOUBLE), abs(score_b::DOUBLE))`;
  const [row] =
    await db.rows(`SELECT count(*) FILTER (score_b IS NULL)::DOUBLE AS only_in_a, count(*) FILTER (score_a IS NULL)::DOUBLE AS only_in_b,
      count(*) FILTER (anomaly_a <> anomaly_b)::DOUBLE AS decisions, count(*) FILTER (severity_a <> severity_b)::DOUBLE AS severities,
      count(*) FILTER (abs(score_a::DOUBLE - score_b::DOUBLE) > ${allowed})::DOUBLE AS scores, count(*) FILTER (ns_a <> ns_b)::DOUBLE AS start_times
    FROM joined`);
  const { only_in_a, only_in_b, decisions, severities, scores, start_times } = row as unknown as Differences;
  return { only_in_a, only_in_b, decisions, severities, scores, start_times };
}

async function aircraftNames(db: Database): Promise<Map<string, string>> {
  const rows = await db.rows("SELECT DISTINCT aircraft, aircraft_id FROM flights ORDER BY aircraft");
  return new Map(rows.map(({ aircraft, aircraft_id }) => [String(aircraft), String(aircraft_id)]));
}

function named<T>(groups: Map<string, T>, nameOf: (group: string) => string): Record<string, T> {
  return Object.fromEntries([...groups].map(([group, value]) => [nameOf(group), value]));
}

async function sideFacts(
  db: Database,
  { file, side, repeated, warnings }: { file: ResultFile; side: Side; repeated: number; warnings: string[] },
): Promise<SideFacts> {
  const [row] = await db.rows(`SELECT count(*)::DOUBLE AS windows, count(DISTINCT flight)::DOUBLE AS flights FROM joined
    WHERE score_${side} IS NOT NULL`);
  return {
    path: file.path,
    model: file.model,
    bundle_sha256: file.bundleDigest,
    windows: Number(row!.windows),
    flights: Number(row!.flights),
    repeated_windows: repeated,
    window_seconds: file.windowSeconds,
    window_seconds_assumed: !file.isWindowKnown,
    warnings,
  };
}

/** Events by the rules of both sides, or of neither: those of one beside candidates of the other would look like other models. */
function alike(rules: Joined["rules"]): Joined["rules"] {
  const isWithout = (side: Side) => rules[side].rules === NO_EVENT_RULES;
  if (isWithout("a") === isWithout("b")) return rules;
  const [lacking, other]: [Side, Side] = isWithout("a") ? ["a", "b"] : ["b", "a"];
  const why = `; those of ${other.toUpperCase()} are counted so too, else the two could not be compared`;
  return {
    ...rules,
    [lacking]: { ...rules[lacking], warnings: rules[lacking].warnings.map((warning) => `${warning}${why}`) },
    [other]: { ...rules[other], rules: NO_EVENT_RULES, warnings: [] },
  };
}

async function sideRules(file: ResultFile, model: string | undefined): Promise<Joined["rules"][Side]> {
  const { byLabel, warnings } = await findRules([file], [""], model);
  return {
    rules: byLabel.get("")!.rules,
    warnings: warnings.map((warning) => warning.replace("--model DIR", "--models A B")),
    spanNs: Math.round(file.windowSeconds * 1e9),
  };
}
