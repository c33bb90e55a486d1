import type { Database } from "../aggregate/database.ts";
import type { ScoreDistance } from "./comparison.ts";
import { finite, type Grouping, groupOf, rowsByGroup } from "./groups.ts";

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** What a bin without a window counts as: the index is a logarithm of shares. */
const LEAST_SHARE = 0.0001;

/** The distances of no scores. */
export const NO_DISTANCE: ScoreDistance = { ks: null, psi: null, wasserstein: null };

/** How far the scores of the matched windows of each group lie apart, as two distributions. */
export async function scoreDistances(db: Database, grouping: Grouping): Promise<Map<string, ScoreDistance>> {
  const curves = await rowsByGroup(db, cumulativeSql(grouping));
  const bins = await rowsByGroup(db, psiSql(grouping));
  return new Map(
    [...curves].map(([group, row]) => [
      group,
      { ks: finite(row.ks), psi: finite(bins.get(group)?.psi), wasserstein: finite(row.wasserstein) },
    ]),
  );
}

/**
 * Walks up all scores of both, with the difference of how many of each are not above: its largest share is the Kolmogorov-Smirnov statistic, the
 * area below it the Wasserstein-1 distance (in one dimension; Vallender 1974). Matched windows are as many in A as in B.
 */
function cumulativeSql(grouping: Grouping): string {
  return `WITH steps AS (
      SELECT ${groupOf(grouping)} AS g, score_a AS score, 1::DOUBLE AS step FROM matched UNION ALL
      SELECT ${groupOf(grouping)} AS g, score_b AS score, -1::DOUBLE AS step FROM matched),
    climb AS (
      SELECT g, score::DOUBLE AS score, lead(score::DOUBLE) OVER w AS next, abs(sum(step) OVER w) AS ahead
      FROM steps WINDOW w AS (PARTITION BY g ORDER BY score))
    SELECT g, max(ahead) / (count(*) / 2) AS ks, coalesce(sum(ahead * (next - score)), 0) / (count(*) / 2) AS wasserstein
    FROM climb GROUP BY g`;
}

/** Bins between the deciles of A, the outer two open; a score at an edge is above it. */
function psiSql(grouping: Grouping): string {
  const binOf = (score: string) => DECILES.map((_, i) => `(${score} >= e[${i + 1}])::INTEGER`).join(" + ");
  const bins = [...DECILES.keys(), DECILES.length].map((bin) => `(${bin})`).join(", ");
  return `WITH m AS (SELECT ${groupOf(grouping)} AS g, score_a::DOUBLE AS a, score_b::DOUBLE AS b FROM matched),
    edges AS (SELECT g, quantile_cont(a, [${DECILES.join(", ")}]) AS e, count(*)::DOUBLE AS n FROM m GROUP BY g),
    placed AS (SELECT m.g, ${binOf("a")} AS bin_a, ${binOf("b")} AS bin_b FROM m JOIN edges ON m.g = edges.g),
    counts AS (
      SELECT g, bin, sum(a) AS a, sum(b) AS b FROM (
        SELECT g, bin_a AS bin, 1 AS a, 0 AS b FROM placed UNION ALL SELECT g, bin_b, 0, 1 FROM placed) GROUP BY g, bin),
    shares AS (
      SELECT g, greatest(coalesce(a, 0) / n, ${LEAST_SHARE}) AS pa, greatest(coalesce(b, 0) / n, ${LEAST_SHARE}) AS pb
      FROM (SELECT g, n, bin FROM edges CROSS JOIN (VALUES ${bins}) bins(bin)) LEFT JOIN counts USING (g, bin))
    SELECT g, sum((pb - pa) * ln(pb / pa)) AS psi FROM shares GROUP BY g`;
}
