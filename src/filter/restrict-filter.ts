import type { Condition, Filter, TextColumn, TextOrder } from "./filter.ts";
import { spansCover } from "./spans.ts";
import { compareCodePoints } from "./text-order.ts";

/** The values that a text column may have: these, and any from `min` to `max` (both inclusive, by code points). */
export interface TextFact {
  values: readonly string[];
  range: { min: string; max: string } | null;
}

/** What is known of a set of windows. What is left out may be anything. */
export interface FilterFacts {
  aircraftId?: TextFact;
  flightId?: TextFact;
  windowId?: TextFact;
  /** No window starts before `earliestNs` or after `latestNs`. */
  startNs?: { earliestNs: bigint; latestNs: bigint };
}

/** How many of a set of windows match, as far as the facts can tell. */
export type Verdict = "all" | "some" | "none";

/** The fact that a column has this one value. */
export function exactly(value: string): TextFact {
  return { values: [value], range: null };
}

/**
 * How many windows match of those that the facts describe: `none` only if no such window can match, `all` only if
 * every one must; `some` decides nothing.
 */
export function filterMight(filter: Filter, facts: FilterFacts): Verdict {
  const rest = restrictCondition(filter.condition, facts);
  return rest === true ? "all" : rest === false ? "none" : "some";
}

/** What remains to be asked of a window once the facts are known: true and false if nothing remains. */
export function restrictCondition(condition: Condition, facts: FilterFacts): Condition | boolean {
  switch (condition.kind) {
    case "and":
    case "or":
      return restrictParts(condition.kind, condition.parts, facts);
    case "not": {
      const part = restrictCondition(condition.part, facts);
      return typeof part === "boolean" ? !part : { kind: "not", part };
    }
    default: {
      const verdict = leafVerdict(condition, facts);
      return verdict === "some" ? condition : verdict === "all";
    }
  }
}

function restrictParts(kind: "and" | "or", parts: readonly Condition[], facts: FilterFacts): Condition | boolean {
  const decisive = kind === "or";
  const open: Condition[] = [];
  for (const part of parts) {
    const rest = restrictCondition(part, facts);
    if (rest === decisive) return decisive;
    if (typeof rest !== "boolean") open.push(rest);
  }
  if (open.length === 0) return !decisive;
  return open.length === 1 ? open[0]! : { kind, parts: open };
}

type Leaf = Exclude<Condition, { kind: "and" | "or" | "not" }>;

function leafVerdict(leaf: Leaf, facts: FilterFacts): Verdict {
  switch (leaf.kind) {
    case "phase":
      return "some";
    case "starts": {
      const { startNs } = facts;
      return startNs === undefined ? "some" : spansCover(leaf.spans, startNs.earliestNs, startNs.latestNs);
    }
    case "one-of": {
      const fact = textFact(leaf.column, facts);
      return fact === undefined ? "some" : oneOfVerdict(leaf.values, fact);
    }
    case "ordered": {
      const fact = textFact(leaf.column, facts);
      return fact === undefined ? "some" : orderedVerdict(leaf, fact);
    }
  }
}

function textFact(column: TextColumn, facts: FilterFacts): TextFact | undefined {
  if (column === "aircraft_id") return facts.aircraftId;
  return column === "flight_id" ? facts.flightId : facts.windowId;
}

function oneOfVerdict(wanted: ReadonlySet<string>, { values, range }: TextFact): Verdict {
  const verdicts = values.map((value): Verdict => (wanted.has(value) ? "all" : "none"));
  if (range !== null) verdicts.push(rangeVerdict(wanted, range));
  return together(verdicts);
}

function rangeVerdict(wanted: ReadonlySet<string>, range: { min: string; max: string }): Verdict {
  if (range.min === range.max) return wanted.has(range.min) ? "all" : "none";
  for (const value of wanted) {
    if (compareCodePoints(range.min, value) <= 0 && compareCodePoints(value, range.max) <= 0) return "some";
  }
  return "none";
}

function orderedVerdict({ order, value }: { order: TextOrder; value: string }, { values, range }: TextFact): Verdict {
  // An order is monotone: what both ends of a range agree on holds in between.
  const possible = range === null ? values : [...values, range.min, range.max];
  return together(possible.map((one): Verdict => (inOrder(one, order, value) ? "all" : "none")));
}

/** Whether `a` stands in the relation `order` to `b`. */
export function inOrder(a: string, order: TextOrder, b: string): boolean {
  const difference = compareCodePoints(a, b);
  switch (order) {
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}

/** The verdict on a union; on an empty one nothing is claimed. */
function together(verdicts: readonly Verdict[]): Verdict {
  const [first = "some"] = verdicts;
  return verdicts.every((verdict) => verdict === first) ? first : "some";
}
