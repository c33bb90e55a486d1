import { filterFault, type Place } from "./filter-fault.ts";

/** A piece of a filter's text. Keywords are words: only the place of a word tells whether `in` is meant as one. */
export interface Token extends Place {
  kind: "word" | "quoted" | "symbol" | "end";
  /** The word, the text between the quotes, or the symbol. */
  text: string;
}

const BLANKS = /\s+/y;
// The symbols of other languages are taken whole, so that the message about them names what was written.
const SYMBOL = /===|!==|<>|=~|!~|=>|=<|==|!=|<=|>=|&&|\|\||[=<>!&|()[\],]/y;
const WORD = /[^\s"'()[\],=<>!&|]+/y;
const TYPOGRAPHIC_QUOTE = /[\u2018-\u201f\u00ab\u00bb]/;

/** The tokens of `text`, and an `end` token after the last. Throws `FILTER_INVALID`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blanks = matchAt(BLANKS, text, at);
    if (blanks !== null) {
      at += blanks.length;
      continue;
    }
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function readToken(text: string, start: number): Token {
  const symbol = matchAt(SYMBOL, text, start);
  if (symbol !== null) return { kind: "symbol", text: symbol, start, end: start + symbol.length };
  const word = matchAt(WORD, text, start);
  if (word === null) return readQuoted(text, start);
  const place = { start, end: start + word.length };
  if (TYPOGRAPHIC_QUOTE.test(word)) {
    throw filterFault(text, place, {
      found: `${word} has typographic quotes`,
      expected: `straight quotes, "..." or '...'`,
      hint: "Type the quotes again; a word processor has changed them.",
    });
  }
  return { kind: "word", text: word, ...place };
}

/** A quoted text; the quote itself is written twice inside it. */
function readQuoted(text: string, start: number): Token {
  const quote = text[start]!;
  let value = "";
  let at = start + 1;
  for (;;) {
    const close = text.indexOf(quote, at);
    if (close < 0) {
      throw filterFault(
        text,
        { start, end: start + 1 },
        {
          found: `the quote ${quote} is not closed`,
          expected: `a second ${quote}`,
          hint: "Close the quote; a quote inside the text is written twice.",
        },
      );
    }
    value += text.slice(at, close);
    if (text[close + 1] !== quote) return { kind: "quoted", text: value, start, end: close + 1 };
    value += quote;
    at = close + 2;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
