import { Fault } from "../faults/fault.ts";
import type { Condition, Filter } from "../filter/filter.ts";
import { sqlText } from "../results/duckdb.ts";

/** A filter as SQL over rows with `aircraft_id`, `flight_id`, `window_id` and `ns`. @throws Fault FILTER_INVALID for one on the flight phase */
export function conditionSql({ condition, text }: Filter): string {
  return sqlOf(condition, text);
}

function sqlOf(condition: Condition, text: string): string {
  switch (condition.kind) {
    case "and":
    case "or":
      return `(${condition.parts.map((part) => sqlOf(part, text)).join(` ${condition.kind.toUpperCase()} `)})`;
    case "not":
      return `(NOT ${sqlOf(condition.part, text)})`;
    case "one-of":
      return `(${condition.column} IN (${[...condition.values].map(sqlText).join(", ")}))`;
    case "ordered":
      // DuckDB orders text by its bytes, which for UTF-8 is by code points.
      return `(${condition.column} ${condition.order} ${sqlText(condition.value)})`;
    case "starts":
      return `(${condition.spans.map(spanSql).join(" OR ") || "false"})`;
    case "phase":
      throw new Fault({
        code: "FILTER_INVALID",
        path: text,
        found: "flight_phase",
        expected: "aircraft_id, flight_id, window_id, timestamp or date",
        hint: "Group by flight_phase instead, or filter by it when the flights are scored.",
      });
  }
}

function spanSql({ fromNs, untilNs }: { fromNs: bigint | null; untilNs: bigint | null }): string {
  const bounds = [fromNs === null ? [] : [`ns >= ${fromNs}`], untilNs === null ? [] : [`ns < ${untilNs}`]].flat();
  return `(${bounds.join(" AND ") || "true"})`;
}
