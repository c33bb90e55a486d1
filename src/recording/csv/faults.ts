import { Fault } from "../../faults/fault.ts";

/** A line, or a row with line breaks in quotes, that is longer than this (bytes or characters) is not a recording. */
export const RECORD_LIMIT = 16 << 20;

/** A `CSV_MALFORMED` fault at a line, the first being 1. */
export function malformed(path: string, line: number, says: { found: string; expected: string; hint: string }): Fault {
  return new Fault({ code: "CSV_MALFORMED", path, ...says, found: `line ${line}: ${says.found}` });
}

/** The fault of a line beyond {@link RECORD_LIMIT}. */
export function lineTooLong(path: string): Fault {
  return new Fault({
    code: "CSV_MALFORMED",
    path,
    found: `a line is longer than ${RECORD_LIMIT} bytes`,
    expected: "lines that end in a line feed",
    hint: "See that this is a CSV file, with a line per row.",
  });
}
