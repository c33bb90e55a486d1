import { type FilterProblem, filterFault, type Place, shown } from "./filter-fault.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Walks over the tokens of a filter, and raises the faults that point into its text. */
export class TokenReader {
  readonly text: string;
  readonly #tokens: Token[];
  #next = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
  }

  /** The next token; `ahead` 1 is the one after it. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  /** The next token, which is passed. */
  take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#next++;
    return token;
  }

  /** Passes the next token if it is one of these keywords (any case) or symbols, and says whether it was. */
  takeIf(...spellings: string[]): boolean {
    const found = this.isNext(0, ...spellings);
    if (found) this.take();
    return found;
  }

  /** Whether the token `ahead` is one of these keywords (any case) or symbols. Quoted text is never one. */
  isNext(ahead: number, ...spellings: string[]): boolean {
    const token = this.peek(ahead);
    return token.kind !== "quoted" && token.kind !== "end" && spellings.includes(token.text.toLowerCase());
  }

  /** The fault at a place of the text. */
  fault(place: Place, problem: FilterProblem) {
    return filterFault(this.text, place, problem);
  }

  /** The fault of finding `token` where something else must stand. */
  unexpected(token: Token, expected: string, hint: string) {
    const found = token.kind === "end" ? "the filter ends here" : `found ${shown(token.text)}`;
    return this.fault(token, { found, expected, hint });
  }
}
