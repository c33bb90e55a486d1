import type { FilterColumn, TextColumn } from "./filter.ts";
import { shown } from "./filter-fault.ts";
import { NS_PER_DAY, parseDay, parseInstant } from "./instant.ts";
import { nearestWord } from "./nearest.ts";
import { PHASE_WORDS, parsePhase } from "./phase-name.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Token } from "./tokens.ts";

/** An instant (one nanosecond long) or a day; `untilNs` is exclusive. */
export interface Stretch {
  fromNs: bigint;
  untilNs: bigint;
}

/** Reads an id. In a list even `in` and `or` are ids; elsewhere a keyword means that the value was left out. */
export function parseTextValue(reader: TokenReader, column: TextColumn, inList: boolean): string {
  const token = takeValue(reader, column, inList);
  if (token.kind === "word" && token.text.includes("*")) {
    throw reader.fault(token, {
      found: `${shown(token.text)} has a wildcard`,
      expected: "a whole id",
      hint: `List the ids, use < and >=, or quote an id that really has a "*".`,
    });
  }
  return token.text;
}

/** Reads a time of the column `timestamp`. */
export function parseInstantValue(reader: TokenReader, inList: boolean): Stretch {
  const token = takeTime(reader, "timestamp", inList);
  const fromNs = parseInstant(token.text);
  if (fromNs !== null) return { fromNs, untilNs: fromNs + 1n };
  throw reader.fault(token, {
    found: `${shown(token.text)} is not a time`,
    expected: "an ISO 8601 date or date-time, UTC where no zone stands, with at most 9 decimals",
    hint: "Write for example 2025-10-05, 2025-10-05T06:00:00.5 or 2025-10-05T08:00:00+02:00.",
  });
}

/** Reads a day of the column `date`. */
export function parseDayValue(reader: TokenReader, inList: boolean): Stretch {
  const token = takeTime(reader, "date", inList);
  const fromNs = parseDay(token.text);
  if (fromNs !== null) return { fromNs, untilNs: fromNs + NS_PER_DAY };
  const hint =
    parseInstant(token.text) === null
      ? "Write for example date==2025-10-05, or date>=2025-10-01 and date<2025-11-01 for a month."
      : "Compare timestamp with a time of day.";
  throw reader.fault(token, { found: `${shown(token.text)} is not a day`, expected: "a day YYYY-MM-DD", hint });
}

/** Reads a flight phase: its code, or null for `unknown`. */
export function parsePhaseValue(reader: TokenReader, inList: boolean): number | null {
  const token = takeValue(reader, "flight_phase", inList);
  const code = parsePhase(token.text);
  if (code !== undefined) return code;
  const near = nearestWord(token.text, PHASE_WORDS);
  throw reader.fault(token, {
    found: `${shown(token.text)} is not a flight phase`,
    expected: `one of ${PHASE_WORDS.join(", ")}, or a code 0 to 7`,
    hint: near === null ? "unknown stands for windows without a phase." : `Did you mean ${near}?`,
  });
}

const KEYWORDS = new Set(["and", "or", "not", "in"]);

function takeValue(reader: TokenReader, column: FilterColumn, inList: boolean): Token {
  const token = reader.take();
  const isKeyword = token.kind === "word" && !inList && KEYWORDS.has(token.text.toLowerCase());
  if (!isKeyword && (token.kind === "word" || token.kind === "quoted")) return token;
  const hint = isKeyword
    ? `Put quotes around ${token.text} if it is meant as a value.`
    : token.kind === "end"
      ? "Finish the expression."
      : "Put quotes around a value with such characters.";
  throw reader.unexpected(token, `a value for ${column}`, hint);
}

/** A time may be written with a blank before the time of day and before the zone: three words that are one value. */
function takeTime(reader: TokenReader, column: "timestamp" | "date", inList: boolean): Token {
  const token = { ...takeValue(reader, column, inList) };
  if (token.kind !== "word") return token;
  const append = (pattern: RegExp) => {
    const next = reader.peek();
    if (next.kind !== "word" || !pattern.test(next.text)) return false;
    reader.take();
    token.text += ` ${next.text}`;
    token.end = next.end;
    return true;
  };
  if (/^\d{4}-\d\d-\d\d$/.test(token.text)) append(/^\d\d?:/);
  if (token.text.includes(":")) append(/^(Z|UTC|[+-]\d\d(:?\d\d)?)$/i);
  return token;
}
