import Papa from "papaparse";
import { malformed, RECORD_LIMIT } from "./faults.ts";
import { countLineFeeds } from "./text.ts";

/** Some rows of a CSV file, in its order. */
export interface CsvRecords {
  rows: string[][];
  /** The line, the first being 1, on which a row begins: a row with line feeds in quotes takes several. */
  lineOf(row: number): number;
}

/**
 * Splits text, which comes in pieces, into rows of cells.
 * @throws Fault `CSV_MALFORMED` for a quote that is never closed, or text behind a closed one
 */
export async function* csvRecords(path: string, pieces: AsyncIterable<string>): AsyncGenerator<CsvRecords> {
  // The parser itself, and not `Papa.parse`: only this one gives back the row that a piece has not ended.
  const parser = new Papa.Parser({ delimiter: ",", newline: "\n" });
  let line = 1;
  let rest = "";
  const parse = (text: string, isLast: boolean): CsvRecords => {
    const result: Papa.ParseResult<string[]> = parser.parse(text, 0, !isLast);
    const records = recordsFrom(result.data, line);
    const error = result.errors[0];
    if (error !== undefined) throw badQuotes(path, records.lineOf(error.row ?? 0), error.code);
    rest = text.slice(result.meta.cursor);
    if (rest.length > RECORD_LIMIT) throw badQuotes(path, records.lineOf(result.data.length), "MissingQuotes");
    line += countLineFeeds(text) - countLineFeeds(rest);
    return records;
  };
  for await (const piece of pieces) yield parse(rest + piece, false);
  if (rest !== "") yield parse(rest, true);
}

function recordsFrom(rows: string[][], firstLine: number): CsvRecords {
  return {
    rows,
    lineOf(row) {
      const within = rows.slice(0, row).flat();
      return firstLine + row + within.reduce((sum, cell) => sum + countLineFeeds(cell), 0);
    },
  };
}

function badQuotes(path: string, line: number, code: string) {
  return malformed(path, line, {
    found: code === "MissingQuotes" ? "a quote is opened and never closed" : "text follows a closing quote",
    expected: "quotes around a whole cell, a quote within it doubled",
    hint: "Repair this line; if it is the last, the file may be cut off: copy it again.",
  });
}
