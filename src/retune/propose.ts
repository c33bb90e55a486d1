import type { Database } from "../aggregate/database.ts";
import { countEvents } from "../eventfiles/count-events.ts";
import type { EventRules } from "../events/event.ts";
import { FLIGHT_PHASES, type Thresholds } from "../verdict/thresholds.ts";
import { alertLoads, per100Hours } from "./alert-loads.ts";
import { anomaliesOf, decisionBy } from "./decide-sql.ts";
import type { AlertKind, Proposal } from "./retuned.ts";
import { roundestBetween } from "./roundest.ts";

/** Steps of the search, from one window of all on to half of them. */
const STEPS = 256;

/** What is wanted. */
export interface Wanted {
  rate: number;
  counted: AlertKind;
  rules: Pick<EventRules, "persistence">;
  hours: number;
}

/**
 * Thresholds per phase that give at most `rate` alerts per 100 scored hours, and nearly so many. Each phase gets the same number of anomalous
 * windows per hour flown in it, so that none is watched more closely than another; how many that may be is sought by halving. Windows count to
 * the phases that the given thresholds choose; what the proposal gives is counted by its own.
 */
export async function proposeThresholds(
  db: Database,
  thresholds: Thresholds,
  { rate, counted, rules, hours }: Wanted,
): Promise<Proposal> {
  const ladder = await thresholdLadder(db, thresholds);
  const rateOf = async (step: number) => {
    const decision = decisionBy(withThresholds(thresholds, ladder.at(step)));
    if (counted === "events") return per100Hours((await countEvents(db, anomaliesOf(decision), rules)).all, hours) ?? 0;
    const [row] = await db.rows(`SELECT count(*)::DOUBLE AS n FROM scored WHERE ${decision.anomaly}`);
    return per100Hours(Number(row!.n), hours) ?? 0;
  };
  // Step 0 has no anomaly at all. The search keeps: at `low` not more than wanted, at `high` more, or the end.
  let [low, high] = [0, STEPS + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await rateOf(middle)) <= rate) low = middle;
    else high = middle;
  }
  const proposed = ladder.at(low);
  const loads = await alertLoads(db, decisionBy(withThresholds(thresholds, proposed)), rules);
  return {
    target_rate: rate,
    counted,
    thresholds: proposed,
    load: loads.all,
    by_phase: Object.fromEntries(loads.phase),
    is_reached: high <= STEPS,
  };
}

/** Thresholds with those of a proposal put in. */
export function withThresholds(thresholds: Thresholds, proposed: Readonly<Record<string, number>>): Thresholds {
  const { default: ofUnknown = thresholds.default, ...byPhase } = proposed;
  return { ...thresholds, default: ofUnknown, byPhase: { ...thresholds.byPhase, ...byPhase } };
}

/** The key of `thresholds.yaml` that a phase's threshold is written to: the one that it has now, else its own. */
function keyOfPhase(code: number, { byPhase }: Thresholds): string {
  const name = FLIGHT_PHASES[code];
  if (name === undefined) return "default";
  const isShared = (name === "approach" || name === "landing") && byPhase.approach_landing !== undefined;
  return byPhase[name] === undefined && isShared ? "approach_landing" : name;
}

/**
 * Of each key the threshold at each step: such that a certain share of its windows reach it, the same of all keys, step after step more. Between
 * two neighbouring scores the number with the fewest digits is taken.
 */
async function thresholdLadder(
  db: Database,
  thresholds: Thresholds,
): Promise<{ at(step: number): Record<string, number> }> {
  const phase = decisionBy(thresholds).phase;
  const keys = Array.from({ length: FLIGHT_PHASES.length + 1 }, (_, code) => keyOfPhase(code, thresholds));
  const key = `CASE ${phase} ${keys.map((name, code) => `WHEN ${code} THEN '${name}'`).join(" ")} END`;
  const rows =
    await db.rows(`WITH ranked AS (SELECT key, score, row_number() OVER (PARTITION BY key ORDER BY score DESC) AS rank, count(*) OVER (PARTITION BY key) AS windows,
        lead(score) OVER (PARTITION BY key ORDER BY score DESC) AS next FROM (SELECT ${key} AS key, score FROM scored)),
      largest AS (SELECT greatest(max(windows), 2) AS most FROM ranked),
      steps AS (SELECT step, 0.5 * pow(0.5 * most, (step - ${STEPS}) / ${STEPS - 1}.0) AS share FROM range(1, ${STEPS + 1}) r(step), largest),
      wanted AS (SELECT key, step, round(share * windows)::BIGINT AS rank FROM steps, (SELECT key, any_value(windows) AS windows FROM ranked GROUP BY key))
    SELECT w.key, w.step::INTEGER AS step, r.score::DOUBLE AS score, r.next::DOUBLE AS next, top.score::DOUBLE AS top
    FROM wanted w LEFT JOIN ranked r USING (key, rank) JOIN (SELECT key, score FROM ranked WHERE rank = 1) top USING (key) ORDER BY w.key, step`);
  const ladder = new Map<string, number[]>();
  for (const row of rows) {
    const name = String(row.key);
    const steps = ladder.get(name) ?? [aboveAll(Number(row.top))];
    steps[Number(row.step)] = row.score === null ? steps[0]! : stepOf(Number(row.score), row.next);
    ladder.set(name, steps);
  }
  return { at: (step) => Object.fromEntries([...ladder].map(([name, steps]) => [name, steps[step]!])) };
}

/** Not above the score, above the next one if that is another: all windows of one score are anomalous, or none. */
function stepOf(score: number, next: unknown): number {
  return next === null || Number(next) === score ? score : roundestBetween(Number(next), score);
}

function aboveAll(score: number): number {
  return roundestBetween(score, score + Math.abs(score) + 1);
}
