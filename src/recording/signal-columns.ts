import { Fault } from "../faults/fault.ts";
import type { Recipe, SignalSpec } from "../features/recipe.ts";
import { type Column, isValid, type ListColumn, type NumberColumn, type Table } from "./column.ts";

/** The column of each signal, in the recipe's order: the first of its names that the file has. @throws Fault SIGNAL_MISSING */
export function signalColumns(path: string, table: Table, recipe: Recipe): { name: string; column: Column }[] {
  const missing: SignalSpec[] = [];
  const found = recipe.signals.map((signal) => {
    const name = signal.columns.find((candidate) => table.columns.has(candidate));
    if (name === undefined) missing.push(signal);
    return { name: name ?? "", column: table.columns.get(name ?? "")! };
  });
  if (missing.length === 0) return found;
  const looked = missing.map((signal) => `${signal.name} (looked for ${signal.columns.join(", ")})`).join("; ");
  throw new Fault({
    code: "SIGNAL_MISSING",
    path,
    found: `no column for signal ${looked}; the file has ${[...table.columns.keys()].join(", ")}`,
    expected: "a column for every signal of the recipe",
    hint: "Record the signal, or add the column's name to `columns` in preprocess.yaml.",
  });
}

/** The column as numbers. @throws Fault COLUMN_TYPE */
export function asNumbers(path: string, name: string, column: Column): NumberColumn {
  if (column.kind !== "number")
    throw typeFault(path, { name, column, expected: "a number (integer, float, decimal or boolean)" });
  return column;
}

/** The column as lists of numbers. @throws Fault COLUMN_TYPE */
export function asLists(path: string, name: string, column: Column): ListColumn {
  // What has no value at all is typed by its writer as it likes.
  if (column.kind === "number" && isEmpty(column))
    return {
      kind: "list",
      type: column.type,
      offsets: new Int32Array(column.values.length + 1),
      validity: null,
      items: column,
    };
  if (column.kind !== "list")
    throw typeFault(path, {
      name,
      column,
      expected: "a list of numbers, since rows with timestamp_start and timestamp_end are windows",
    });
  return column;
}

function isEmpty({ values, validity }: NumberColumn): boolean {
  return values.every((value, i) => Number.isNaN(value) || !isValid(validity, i));
}

function typeFault(
  path: string,
  { name, column, expected }: { name: string; column: Column; expected: string },
): Fault {
  const sample =
    column.kind === "text" && column.dictionary.length > 0 ? ` (such as ${JSON.stringify(column.dictionary[0])})` : "";
  return new Fault({
    code: "COLUMN_TYPE",
    path,
    found: `column ${name} is ${column.type}${sample}`,
    expected,
    hint: "Write the column with its numbers, and nothing where there is none.",
  });
}
