import type { Condition, FilterColumn, TextColumn } from "./filter.ts";
import { shown } from "./filter-fault.ts";
import { parseDayValue, parseInstantValue, parsePhaseValue, parseTextValue, type Stretch } from "./parse-value.ts";
import { mergeStretches, spanOf } from "./spans.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Token } from "./tokens.ts";

type Order = "<" | "<=" | ">" | ">=";

/** The operator of a comparison: equality with one value, being in a list, or an order. */
type Relation = { kind: "equal" | "listed"; negated: boolean } | { kind: "order"; order: Order; token: Token };

/** Reads operator and value or list of a comparison whose column is already read. */
export function parseComparison(reader: TokenReader, column: FilterColumn): Condition {
  const relation = parseRelation(reader, column);
  if (relation.kind === "order") return parseOrdered(reader, column, relation);
  const condition = relation.kind === "equal" ? parseEqual(reader, column) : parseListed(reader, column);
  return relation.negated ? { kind: "not", part: condition } : condition;
}

/** What other languages write, and what is written here. */
const FOREIGN_OPERATORS: Record<string, string> = {
  "<>": "!=",
  "===": "==",
  "!==": "!=",
  "=>": ">=",
  "=<": "<=",
  is: "==",
  eq: "==",
  ne: "!=",
};

function parseRelation(reader: TokenReader, column: FilterColumn): Relation {
  if (reader.isNext(0, "not", "!") && reader.isNext(1, "in")) {
    reader.take();
    reader.take();
    return { kind: "listed", negated: true };
  }
  const token = reader.take();
  if (token.kind === "symbol") {
    if (token.text === "==" || token.text === "=") return { kind: "equal", negated: false };
    if (token.text === "!=") return { kind: "equal", negated: true };
    if (/^[<>]=?$/.test(token.text)) return { kind: "order", order: token.text as Order, token };
  }
  const spelling = token.kind === "quoted" ? "" : token.text.toLowerCase();
  if (spelling === "in") return { kind: "listed", negated: false };
  const operators = column === "flight_phase" ? "==, != or in" : "==, !=, <, <=, >, >= or in";
  const meant = Object.hasOwn(FOREIGN_OPERATORS, spelling) ? FOREIGN_OPERATORS[spelling] : undefined;
  const hint = meant === undefined ? `Write for example ${EXAMPLES[column]}.` : `Write ${meant}.`;
  throw reader.unexpected(token, `${operators} after ${column}`, hint);
}

const EXAMPLES: Record<FilterColumn, string> = {
  aircraft_id: "aircraft_id==AC001",
  flight_id: "flight_id==AC001_20251005_060000",
  window_id: "window_id==AC001_1759644000",
  timestamp: "timestamp>=2025-10-05T06:00:00",
  date: "date==2025-10-05",
  flight_phase: "flight_phase==cruise",
};

function parseOrdered(
  reader: TokenReader,
  column: FilterColumn,
  { order, token }: { order: Order; token: Token },
): Condition {
  switch (column) {
    case "flight_phase":
      throw reader.fault(token, {
        found: `flight_phase cannot be compared with ${order}`,
        expected: "==, != or in: phases have no order",
        hint: "List the phases: flight_phase in [takeoff, climb].",
      });
    case "timestamp":
    case "date": {
      const { fromNs, untilNs } = readStretch(reader, column, false);
      return { kind: "starts", column, spans: [spanOf(order, fromNs, untilNs)] };
    }
    default:
      return { kind: "ordered", column, order, value: parseTextValue(reader, column, false) };
  }
}

function parseEqual(reader: TokenReader, column: FilterColumn): Condition {
  if (reader.isNext(0, "[") || reader.isNext(0, "(")) {
    throw reader.unexpected(reader.peek(), "one value", `Write in before a list: ${column} in [...].`);
  }
  switch (column) {
    case "flight_phase":
      return { kind: "phase", codes: new Set([parsePhaseValue(reader, false)]) };
    case "timestamp":
    case "date":
      return { kind: "starts", column, spans: [readStretch(reader, column, false)] };
    default:
      return { kind: "one-of", column, values: new Set([parseTextValue(reader, column, false)]) };
  }
}

function parseListed(reader: TokenReader, column: FilterColumn): Condition {
  switch (column) {
    case "flight_phase":
      return { kind: "phase", codes: new Set(parseList(reader, column, () => parsePhaseValue(reader, true))) };
    case "timestamp":
    case "date":
      return {
        kind: "starts",
        column,
        spans: mergeStretches(parseList(reader, column, () => readStretch(reader, column, true))),
      };
    default:
      return { kind: "one-of", column, values: new Set(parseList(reader, column, () => readText(reader, column))) };
  }
}

function readText(reader: TokenReader, column: TextColumn): string {
  return parseTextValue(reader, column, true);
}

function readStretch(reader: TokenReader, column: "timestamp" | "date", inList: boolean): Stretch {
  return column === "date" ? parseDayValue(reader, inList) : parseInstantValue(reader, inList);
}

/** A list in brackets or parentheses: `[a, b]`. */
function parseList<T>(reader: TokenReader, column: FilterColumn, readValue: () => T): T[] {
  const open = reader.take();
  const isOpen = open.kind === "symbol" && (open.text === "[" || open.text === "(");
  if (!isOpen) throw reader.unexpected(open, "a list in brackets after in", `Write for example ${column} in [a, b].`);
  const close = open.text === "[" ? "]" : ")";
  if (reader.isNext(0, close)) {
    throw reader.fault(reader.peek(), {
      found: "the list is empty",
      expected: "at least one value",
      hint: "Nothing would match it.",
    });
  }
  const values = [readValue()];
  while (reader.takeIf(",")) values.push(readValue());
  if (reader.takeIf(close)) return values;
  const next = reader.peek();
  if (next.kind === "end") {
    throw reader.fault(open, { found: "this list is not closed", expected: close, hint: "Close it." });
  }
  throw reader.unexpected(
    next,
    `a comma or ${close}`,
    `Put a comma before ${shown(next.text)}, or quotes around a value with blanks.`,
  );
}
