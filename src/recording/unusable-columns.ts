import type { Recipe } from "../features/recipe.ts";
import type { Column, Table } from "./column.ts";
import { nameReader } from "./flights.ts";
import type { InputKind, Oddities } from "./recording.ts";

/** Columns with a name that means something, of a type with which it cannot mean it. */
export function unusableColumns({ columns }: Table, kind: InputKind, recipe: Recipe): Oddities["unusableColumns"] {
  const isWindows = kind === "processed" || kind === "features";
  const used =
    kind === "features" ? [] : recipe.signals.map((signal) => signal.columns.find((name) => columns.has(name)));
  const qualities = isWindows ? [] : used.map((name) => `${name}_quality`);
  const asked: [string, (column: Column) => boolean][] = [
    ...["aircraft_id", "flight_id", ...(isWindows ? ["window_id"] : [])].map(
      (name) => [name, isId] as [string, typeof isId],
    ),
    ["flight_phase", isPhase],
    ...qualities.map((name) => [name, isQuality] as [string, typeof isQuality]),
  ];
  return asked.flatMap(([name, isUsable]) => {
    const column = columns.get(name);
    return column === undefined || isEmpty(column) || isUsable(column) ? [] : [{ name, type: column.type }];
  });
}

/** What has no value at all is typed by its writer as it likes. */
function isEmpty(column: Column): boolean {
  return column.kind === "number" && column.type === "null";
}

function isId(column: Column): boolean {
  return nameReader(column) !== null;
}

function isPhase(column: Column): boolean {
  return column.kind === "number" || column.kind === "text";
}

function isQuality(column: Column): boolean {
  return column.kind === "text";
}
