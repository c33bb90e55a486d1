import { RESULT_COLUMNS } from "./parquet/columns.ts";

/** Whether a file with these columns is one of our own results: then it is no input, though it lies among them. */
export function isOwnResults(columnNames: string[]): boolean {
  return RESULT_COLUMNS.every(({ element }) => columnNames.includes(element.name));
}
