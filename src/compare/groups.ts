import type { Database, Row } from "../aggregate/database.ts";

/** How windows are grouped: all together, by the number of their aircraft, or by flight phase. */
export type Grouping = "all" | "aircraft" | "phase";

/** The name of the one group of `all`. */
export const ALL = "all";

/** The group of a matched window, as a column of SQL named `g`. */
export function groupOf(grouping: Grouping): string {
  if (grouping === "aircraft") return "aircraft";
  return grouping === "phase" ? "coalesce(phase_a, phase_b)" : `'${ALL}'`;
}

/** The rows of a query by their column `g`: number of an aircraft, name of a phase, or {@link ALL}. */
export async function rowsByGroup(db: Database, sql: string): Promise<Map<string, Row>> {
  return new Map((await db.rows(sql)).map((row) => [String(row.g), row]));
}

/** A number of DuckDB's, null for none and for NaN and infinity, which JSON cannot say. */
export function finite(value: unknown): number | null {
  const number = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}
