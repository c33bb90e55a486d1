import { printable } from "../model/printable.ts";

/** A row of cells; numbers are aligned right by their column. */
export type TableRow = (string | number)[];

/** Rows of cells as indented lines whose columns line up: the first to the left, the others to the right where `left` does not name them. */
export function tableLines(rows: TableRow[], left: readonly number[] = [0]): string[] {
  const clean = rows.map((row) => row.map((cell) => printable(String(cell), 60)));
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map((row) => columnsOf(row[column]!))));
  return clean.map((row) => {
    const cells = row.map((cell, column) => {
      const blank = " ".repeat(widths[column]! - columnsOf(cell));
      return left.includes(column) ? cell + blank : blank + cell;
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

/** Columns that a text takes at a terminal: characters of Chinese, Japanese and Korean and most pictures take two, marks on others none. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) if (!/\p{M}/u.test(character)) columns += IS_WIDE.test(character) ? 2 : 1;
  return columns;
}

const IS_WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** A number with so many significant digits, `-` for none. */
export function significant(value: number | null, digits = 3): string {
  if (value === null) return "-";
  return Math.abs(value) >= 10 ** digits
    ? Math.round(value).toLocaleString("en-US")
    : String(Number(value.toPrecision(digits)));
}
