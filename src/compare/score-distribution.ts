import type { Database } from "../aggregate/database.ts";
import type { ScoreDistribution } from "./comparison.ts";

/** Steps within a power of ten, so that edges are numbers one can read. */
const STEPS = [1, 1.5, 2, 3, 5, 7];
/** Powers of ten that have bins of their own, from the highest score down. */
const MOST_DECADES = 6;
const LINEAR_BINS = 20;

/** How the scores of matched windows are spread in both, over the same bins. */
export async function scoreDistribution(db: Database): Promise<ScoreDistribution> {
  const [range] =
    await db.rows(`SELECT min(least(score_a, score_b))::DOUBLE AS lowest, max(greatest(score_a, score_b))::DOUBLE AS highest,
      min(score) FILTER (score > 0)::DOUBLE AS above
    FROM matched, (SELECT unnest([score_a, score_b]) AS score)`);
  if (range!.lowest === null) return { edges: [], a: [0], b: [0] };
  const edges = binEdges(Number(range!.lowest), Number(range!.highest), Number(range!.above));
  return { edges, a: await countBins(db, "score_a", edges), b: await countBins(db, "score_b", edges) };
}

/** Edges by powers of ten from the lowest score above 0; of scores that are all below, evenly. */
export function binEdges(lowest: number, highest: number, lowestPositive: number): number[] {
  if (highest <= 0) {
    const width = (highest - lowest) / LINEAR_BINS;
    return width === 0 ? [] : Array.from({ length: LINEAR_BINS - 1 }, (_, i) => lowest + (i + 1) * width);
  }
  const last = Math.floor(Math.log10(highest));
  const first = Math.max(Math.floor(Math.log10(lowestPositive)), last - MOST_DECADES + 1);
  const decades = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const all = decades.flatMap((power) => STEPS.map((step) => Number(`${step}e${power}`)));
  return all.filter((edge, i) => edge <= highest && (all[i + 1] ?? Infinity) > lowestPositive);
}

async function countBins(db: Database, score: "score_a" | "score_b", edges: readonly number[]): Promise<number[]> {
  const bin = edges.map((edge) => `(${score}::DOUBLE >= ${edge}::DOUBLE)::INTEGER`).join(" + ");
  const rows = await db.rows(
    `SELECT ${bin === "" ? "0" : bin} AS bin, count(*)::DOUBLE AS n FROM matched GROUP BY bin`,
  );
  const counts = new Map(rows.map((row) => [Number(row.bin), Number(row.n)]));
  return Array.from({ length: edges.length + 1 }, (_, i) => counts.get(i) ?? 0);
}
