import type { Fault } from "../../faults/fault.ts";
import { isMissingCell, parseNumberCell } from "./cells.ts";
import { malformed } from "./faults.ts";
import { parseIsoTime } from "./iso-time.ts";

/**
 * The column names of a header row, blanks around them taken off; a column without a name (an index that was written
 * along) is "".
 * @throws Fault `CSV_MALFORMED` if the row is data, or names a column twice
 */
export function columnNames(path: string, line: number, cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim());
  const time = names.find((name) => parseIsoTime(name, new Int32Array(2), 0));
  const isData = time !== undefined || names.every((name) => isMissingCell(name) || parseNumberCell(name) !== null);
  if (isData) throw noHeader(path, line, time ?? names.find((name) => name !== "") ?? "");
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
  if (twice !== undefined) throw namedTwice(path, line, twice);
  return names;
}

/** The fault of a file whose first row (on `line`) has the value `found` where a name should be. */
export function noHeader(path: string, line: number, found: string): Fault {
  return malformed(path, line, {
    found: found === "" ? "there is no header" : `the first row has the value ${found} where a column's name should be`,
    expected: "a header line with the names of the columns",
    hint: "Write the names of the columns as the file's first line.",
  });
}

function namedTwice(path: string, line: number, name: string): Fault {
  return malformed(path, line, {
    found: `two columns are named ${name}`,
    expected: "a name of its own for each column",
    hint: "Rename or remove one of the two.",
  });
}
