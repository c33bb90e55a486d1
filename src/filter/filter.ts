/** The columns a filter can ask about, in the order in which messages list them. */
export const FILTER_COLUMNS = ["aircraft_id", "flight_id", "window_id", "timestamp", "date", "flight_phase"] as const;

/** A column of {@link FILTER_COLUMNS}. */
export type FilterColumn = (typeof FILTER_COLUMNS)[number];

/** The columns that hold text. */
export type TextColumn = "aircraft_id" | "flight_id" | "window_id";

/** How text is ordered against a value, by code points. */
export type TextOrder = "<" | "<=" | ">" | ">=";

/** Nanoseconds since 1970 UTC, from `fromNs` to `untilNs` (exclusive); null is open. */
export interface Span {
  fromNs: bigint | null;
  untilNs: bigint | null;
}

/**
 * A condition on a window. Inequality is `not` of equality, and every comparison of times or days is a set of spans of
 * the window's start: so there are four questions to answer, not six columns times eight operators.
 */
export type Condition =
  | { kind: "and" | "or"; parts: readonly Condition[] }
  | { kind: "not"; part: Condition }
  | { kind: "one-of"; column: TextColumn; values: ReadonlySet<string> }
  | { kind: "ordered"; column: TextColumn; order: TextOrder; value: string }
  /** Spans are ascending and do not touch. */
  | { kind: "starts"; column: "timestamp" | "date"; spans: readonly Span[] }
  /** Phase codes 0 to 7; null is the unknown phase. */
  | { kind: "phase"; codes: ReadonlySet<number | null> };

/** A filter that has been read. */
export interface Filter {
  /** As the user wrote it. */
  text: string;
  condition: Condition;
}

/** What a filter looks at in one window. */
export interface FilterWindow {
  aircraftId: string;
  flightId: string;
  windowId: string;
  /** Start of the window, nanoseconds since 1970 UTC. */
  startNs: bigint;
  /** Flight phase 0 to 7, or null where it is unknown. */
  phase: number | null;
}

/** The columns that `filter` asks about, in the order of {@link FILTER_COLUMNS}. */
export function filterColumns(filter: Filter): FilterColumn[] {
  const used = new Set<FilterColumn>();
  collectColumns(filter.condition, used);
  return FILTER_COLUMNS.filter((column) => used.has(column));
}

function collectColumns(condition: Condition, used: Set<FilterColumn>): void {
  switch (condition.kind) {
    case "and":
    case "or":
      for (const part of condition.parts) collectColumns(part, used);
      return;
    case "not":
      collectColumns(condition.part, used);
      return;
    case "phase":
      used.add("flight_phase");
      return;
    default:
      used.add(condition.column);
  }
}
