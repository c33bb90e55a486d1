import type { Column } from "../column.ts";
import { type CellKind, type ColumnBuilder, newBuilder } from "./builders.ts";
import { isMissingCell, parseListCell, parseNumberCell } from "./cells.ts";

const TIME_NAMES: ReadonlySet<string> = new Set(["timestamp", "timestamp_start", "timestamp_end"]);
// An id `007` is not the number 7.
const TEXT_NAMES: ReadonlySet<string> = new Set(["aircraft_id", "flight_id", "window_id"]);

/** A column whose kind is decided by its name and its first present cell; the later cells are to be of that kind. */
export class GrowingColumn {
  readonly name: string;
  /** Whether a cell must be a time, if it is not a number. */
  readonly isTime: boolean;
  /** Whether a cell was not of the column's kind: what has been collected is of no use. */
  misfit = false;
  #builder: ColumnBuilder | null;
  #missingBefore = 0;

  /** @param asText every cell is taken as text, whatever it looks like */
  constructor(name: string, asText: boolean) {
    this.name = name;
    this.isTime = TIME_NAMES.has(name);
    this.#builder = asText || TEXT_NAMES.has(name) || name.endsWith("_quality") ? newBuilder("text") : null;
  }

  /** Takes the next row's cell. */
  add(cell: string): void {
    if (isMissingCell(cell)) this.#addMissing();
    else if (!this.#builderFor(cell).add(cell)) this.misfit = true;
  }

  /** The column; where no cell is present, of times if its name says so, else of numbers. */
  finish(): Column {
    if (this.#builder !== null) return this.#builder.finish();
    const builder = newBuilder(this.isTime ? "time" : "number");
    builder.addMissing(this.#missingBefore);
    return this.isTime ? builder.finish() : ({ ...builder.finish(), type: "empty" } as Column);
  }

  #addMissing(): void {
    if (this.#builder === null) this.#missingBefore++;
    else this.#builder.addMissing(1);
  }

  #builderFor(cell: string): ColumnBuilder {
    if (this.#builder === null) {
      this.#builder = newBuilder(this.#kindOf(cell));
      this.#builder.addMissing(this.#missingBefore);
    }
    return this.#builder;
  }

  #kindOf(cell: string): CellKind {
    if (parseNumberCell(cell) !== null) return "number";
    if (this.isTime) return "time";
    return parseListCell(cell) === null ? "text" : "list";
  }
}
