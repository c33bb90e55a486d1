import { type Condition, FILTER_COLUMNS, type Filter, type FilterColumn } from "./filter.ts";
import { shown } from "./filter-fault.ts";
import { nearestWord } from "./nearest.ts";
import { parseComparison } from "./parse-comparison.ts";
import { TokenReader } from "./token-reader.ts";
import type { Token } from "./tokens.ts";

/** Deepest nesting of parentheses and `not`. No filter of use comes near; without a limit, one could exhaust the stack. */
const DEEPEST = 100;

/**
 * Reads a filter such as `aircraft_id in [AC001, "AC 2"] and timestamp >= 2025-10-05`.
 * Throws `FILTER_INVALID`, which points at the character that cannot be understood.
 */
export function parseFilter(text: string): Filter {
  const reader = new TokenReader(text);
  if (reader.peek().kind === "end") {
    throw reader.unexpected(
      reader.peek(),
      "a comparison such as aircraft_id==AC001",
      "Leave the filter out to score everything.",
    );
  }
  const condition = parseOr(reader, 0);
  const rest = reader.peek();
  if (rest.kind !== "end") throw leftOver(reader, rest);
  return { text, condition };
}

function parseOr(reader: TokenReader, depth: number): Condition {
  const parts = [parseAnd(reader, depth)];
  while (reader.takeIf("or", "||")) parts.push(parseAnd(reader, depth));
  return parts.length === 1 ? parts[0]! : { kind: "or", parts };
}

function parseAnd(reader: TokenReader, depth: number): Condition {
  const parts = [parseNot(reader, depth)];
  while (reader.takeIf("and", "&&")) parts.push(parseNot(reader, depth));
  return parts.length === 1 ? parts[0]! : { kind: "and", parts };
}

function parseNot(reader: TokenReader, depth: number): Condition {
  const start = reader.peek();
  if (depth > DEEPEST) {
    throw reader.fault(start, {
      found: `nested more than ${DEEPEST} deep`,
      expected: "fewer parentheses and nots within each other",
      hint: "Write many values as a list: aircraft_id in [AC001, AC002].",
    });
  }
  if (reader.takeIf("not", "!")) return { kind: "not", part: parseNot(reader, depth + 1) };
  if (!reader.takeIf("(")) return parseComparison(reader, parseColumn(reader));
  const inner = parseOr(reader, depth + 1);
  if (reader.takeIf(")")) return inner;
  if (reader.peek().kind !== "end") throw leftOver(reader, reader.peek());
  throw reader.fault(start, { found: "this parenthesis is not closed", expected: ")", hint: "Close it." });
}

function parseColumn(reader: TokenReader): FilterColumn {
  const token = reader.take();
  const columns = FILTER_COLUMNS.join(", ");
  if (token.kind === "word" && (FILTER_COLUMNS as readonly string[]).includes(token.text)) {
    return token.text as FilterColumn;
  }
  if (token.kind === "end") throw reader.unexpected(token, `a comparison of ${columns}`, "Finish the expression.");
  if (token.kind === "symbol") {
    throw reader.unexpected(token, `a column (${columns})`, "A comparison is written column, operator, value.");
  }
  throw reader.fault(token, {
    found: `${shown(token.text)} is not a column`,
    expected: `one of ${columns}`,
    hint: columnHint(token),
  });
}

function columnHint(token: Token): string {
  if ((FILTER_COLUMNS as readonly string[]).includes(token.text)) return "Write the column without quotes.";
  const near = nearestWord(token.text, FILTER_COLUMNS);
  if (near !== null) return `Did you mean ${near}?`;
  return "The column stands on the left: aircraft_id==AC001.";
}

/** The fault of a token that no comparison can take up. */
function leftOver(reader: TokenReader, token: Token) {
  const expected = "and, or, or the end of the filter";
  if (token.text === ")") {
    return reader.fault(token, { found: "this parenthesis was never opened", expected, hint: "Take it out." });
  }
  if (token.text === "&" || token.text === "|") {
    const double = token.text + token.text;
    return reader.unexpected(token, expected, `Write ${token.text === "&" ? "and" : "or"} (or ${double}).`);
  }
  if (token.kind === "symbol") return reader.unexpected(token, expected, "A value with such characters needs quotes.");
  return reader.unexpected(token, expected, "Put and or or before it, or quotes around a value with blanks.");
}
