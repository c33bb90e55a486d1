import { printable } from "../model/printable.ts";

/** A row of cells; numbers are aligned right by their column. */
export type TableRow = (string | number)[];

/** Rows of cells as indented lines whose columns line up: the first to the left, the others to the right where `left` does not name them. */
export function tableLines(rows: TableRow[], left: readonly number[] = [0]): string[] {
  const clean = rows.map((row) => row.map((cell) => printable(String(cell), 60)));
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map((row) => row[column]!.length)));
  return clean.map((row) => {
    const cells = row.map((cell, column) =>
      left.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

/** A number with so many significant digits, `-` for none. */
export function significant(value: number | null, digits = 3): string {
  if (value === null) return "-";
  return Math.abs(value) >= 10 ** digits
    ? Math.round(value).toLocaleString("en-US")
    : String(Number(value.toPrecision(digits)));
}
