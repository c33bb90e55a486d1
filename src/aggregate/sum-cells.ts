import type { ResultFile } from "./result-file.ts";

/** What is to be summed up, and how finely. */
export interface CellsOf {
  files: readonly ResultFile[];
  /** The name of the model of each. */
  labels: readonly string[];
  withPhase: boolean;
  withSeverity: boolean;
}

const DAY_NS = 86_400_000_000_000n;
/** Also before 1970, where `//` would go up. */
const DAY = `((ns - ((ns % ${DAY_NS}) + ${DAY_NS}) % ${DAY_NS}) // ${DAY_NS})::INTEGER`;
const IS_BAD = "NOT coalesce(isfinite(score), false) OR ns IS NULL OR is_anomaly IS NULL OR severity IS NULL";

/**
 * A query of cells: sums over `rows` that know the start of the row `before` them in the `same` flight, which the columns `flight` name. Also counts
 * what must not be.
 */
export function sumCells(rows: string, flight: string, { withPhase, withSeverity }: CellsOf): string {
  const keys = [...(withPhase ? ["flight_phase"] : []), ...(withSeverity ? ["severity"] : [])].map((key) => `, ${key}`);
  return `SELECT file, ${flight}, ${DAY} AS day${keys.join("")}, count(*) AS windows, count_if(is_anomaly) AS anomalies,
      max(score) AS max_score, max(severity) AS max_severity, sum(CASE WHEN same AND ns >= before THEN least(span, ns - before) ELSE span END) AS covered,
      count_if(NOT same) AS starts, count_if(same AND ns < before) AS steps_back, count_if(${IS_BAD}) AS bad,
      ${withPhase ? "count_if(is_mismatch)" : "0"} AS mismatches
    FROM (${rows}) GROUP BY ALL`;
}
