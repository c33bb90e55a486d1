import type { Database, Row } from "../aggregate/database.ts";
import type { GroupComparison } from "./comparison.ts";
import { finite, type Grouping, groupOf, rowsByGroup } from "./groups.ts";

/** What is said of the scores and decisions of matched windows. */
export type MatchedStatistics = Omit<GroupComparison, "distance" | "workload">;

const SEVERITIES = [0, 1, 2, 3];
const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

/** Agreement, correlation and differences of the matched windows of each group. */
export async function matchedStatistics(db: Database, grouping: Grouping): Promise<Map<string, MatchedStatistics>> {
  const counts = await rowsByGroup(db, countsSql(grouping));
  const ranks = await rowsByGroup(db, spearmanSql(grouping));
  return new Map([...counts].map(([group, row]) => [group, statisticsOf(row, ranks.get(group))]));
}

/** Those of no window at all. */
export function noStatistics(): MatchedStatistics {
  return statisticsOf({}, undefined);
}

function countsSql(grouping: Grouping): string {
  const cells = SEVERITIES.flatMap((a) =>
    SEVERITIES.map((b) => `count(*) FILTER (severity_a = ${a} AND severity_b = ${b})::DOUBLE AS s${a}${b}`),
  );
  return `SELECT g, count(*)::DOUBLE AS windows, ${cells.join(", ")},
      count(*) FILTER (NOT anomaly_a AND anomaly_b)::DOUBLE AS raised, count(*) FILTER (anomaly_a AND NOT anomaly_b)::DOUBLE AS cleared,
      CASE WHEN min(score_a) < max(score_a) AND min(score_b) < max(score_b) THEN corr(score_a::DOUBLE, score_b::DOUBLE) END AS pearson,
      avg(d) AS mean, max(abs(d)) AS largest, quantile_cont(d, [${QUANTILES.join(", ")}]) AS quantiles
    FROM (SELECT ${groupOf(grouping)} AS g, *, score_b::DOUBLE - score_a::DOUBLE AS d FROM matched) GROUP BY g ORDER BY g`;
}

/** Correlation of the ranks; equal scores share the mean of theirs. */
function spearmanSql(grouping: Grouping): string {
  const rank = (score: string) => `rank() OVER (PARTITION BY g ORDER BY ${score})
    + (count(*) OVER (PARTITION BY g ORDER BY ${score} RANGE BETWEEN CURRENT ROW AND CURRENT ROW) - 1) / 2`;
  return `SELECT g, CASE WHEN min(ra) < max(ra) AND min(rb) < max(rb) THEN corr(ra, rb) END AS spearman
    FROM (SELECT g, (${rank("score_a")})::DOUBLE AS ra, (${rank("score_b")})::DOUBLE AS rb
      FROM (SELECT ${groupOf(grouping)} AS g, score_a, score_b FROM matched))
    GROUP BY g`;
}

function statisticsOf(row: Row, ranks: Row | undefined): MatchedStatistics {
  const quantiles = (row.quantiles ?? []) as unknown[];
  return {
    windows: Number(row.windows ?? 0),
    agreement: SEVERITIES.map((a) => SEVERITIES.map((b) => Number(row[`s${a}${b}`] ?? 0))),
    normal_to_anomaly: Number(row.raised ?? 0),
    anomaly_to_normal: Number(row.cleared ?? 0),
    pearson: finite(row.pearson),
    spearman: finite(ranks?.spearman),
    difference: {
      mean: finite(row.mean),
      largest_absolute: finite(row.largest),
      quantiles: Object.fromEntries(QUANTILES.map((q, i) => [`p${Math.round(100 * q)}`, finite(quantiles[i])])),
    },
  };
}
