import { Fault } from "../faults/fault.ts";

/** A stretch of the filter's text, in UTF-16 units; `end` is exclusive. */
export interface Place {
  start: number;
  end: number;
}

/** What is wrong at a place of the filter; `found` begins with the thing at fault. */
export interface FilterProblem {
  found: string;
  expected: string;
  hint: string;
}

/** Columns of a terminal line that are shown of a long filter, to either side of the place. */
const SHOWN_COLUMNS = 50;

/** Longest underline; a long quoted value needs no more to be found. */
const LONGEST_UNDERLINE = 40;

/** The `FILTER_INVALID` fault that shows `text` with the place underlined, and counts its characters from 1. */
export function filterFault(text: string, place: Place, problem: FilterProblem): Fault {
  const characterNumber = [...text.slice(0, place.start)].length + 1;
  return new Fault({
    code: "FILTER_INVALID",
    found: `filter, character ${characterNumber}: ${problem.found}`,
    expected: problem.expected,
    hint: `${problem.hint}\n${pointAt(text, place)}`,
  });
}

/** `value` in quotes for a message, shortened where it is very long. */
export function shown(value: string): string {
  const characters = [...value];
  const short = characters.length > 60 ? `${characters.slice(0, 57).join("")}...` : value;
  return `"${oneLine(short)}"`;
}

/** The text on one line, cut to the surroundings of the place, and carets under the place on the next. */
export function pointAt(text: string, place: Place): string {
  const before = [...oneLine(text.slice(0, place.start))];
  const marked = [...oneLine(text.slice(place.start, place.end))].slice(0, LONGEST_UNDERLINE);
  const after = [...oneLine(text.slice(place.start))];
  const cutBefore = before.length > SHOWN_COLUMNS ? ["...", ...before.slice(-SHOWN_COLUMNS)] : before;
  const cutAfter = after.length > SHOWN_COLUMNS ? [...after.slice(0, SHOWN_COLUMNS), "..."] : after;
  const indent = " ".repeat(columnsOf(cutBefore.join("")));
  return `  ${cutBefore.join("")}${cutAfter.join("")}\n  ${indent}${"^".repeat(Math.max(1, columnsOf(marked.join(""))))}`;
}

/** Control characters as blanks: a line break or a tab would tear the carets from their text. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}|\p{Zl}|\p{Zp}/gu, " ");
}

const NO_COLUMN = /[\p{Mn}\p{Me}\p{Cf}]/u;
const TWO_COLUMNS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u{3000}-\u{303e}\u{ff01}-\u{ff60}]/u;

/** Columns that a terminal gives to `text`: none to combining marks, two to East Asian letters and emoji. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += NO_COLUMN.test(character) ? 0 : TWO_COLUMNS.test(character) ? 2 : 1;
  return columns;
}
