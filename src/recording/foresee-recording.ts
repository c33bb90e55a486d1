import type { FileMetaData } from "hyparquet";
import { asFault, type FaultDetail } from "../faults/fault.ts";
import type { Recipe } from "../features/recipe.ts";
import { countWindows, nanosecondsOf } from "../windows/grid.ts";
import type { Column, Table } from "./column.ts";
import { textColumnFacts, timeFacts } from "./footer-facts.ts";
import { foreseeKind, type ReadOptions, readRecording } from "./read-recording.ts";
import type { InputKind } from "./recording.ts";
import { checkRowStep } from "./series-recording.ts";
import { PLAUSIBLE_NS } from "./times.ts";

/** What can be told of a recording without its rows. */
export interface ForeseenRecording {
  kind: InputKind;
  /** Windows of its grid, or its window rows; null where nothing tells, and then why. */
  windows: number | null;
  unknown: string | null;
  /** What it may fail of: certain only once the rows are read. */
  doubt: FaultDetail | null;
}

/**
 * Foresees what reading a Parquet file gives, by its footer: `table` has its columns and no rows, and is put to the very checks of a read.
 * @throws Fault as `readRecording` does for what is wrong with the columns
 */
export function foreseeParquet(metadata: FileMetaData, table: Table, options: ReadOptions): ForeseenRecording {
  const kind = foreseeKind(table, options, timeFacts(metadata, "timestamp")?.stepNs ?? null);
  const columns = kind === "processed" ? withPresentNumbers(table, metadata) : table.columns;
  readRecording({ ...table, columns }, { ...options, kind });
  const times = timeFacts(metadata, kind === "processed" ? "timestamp_start" : "timestamp");
  const nothing = { kind, windows: null, doubt: null };
  if (metadata.num_rows === 0n) return { kind, windows: 0, unknown: null, doubt: null };
  if (times === null) return { ...nothing, unknown: "no statistics of the times" };
  const spanNs = Number(times.latestNs - times.earliestNs);
  if (spanNs > PLAUSIBLE_NS) return { ...nothing, unknown: "times more than 7 days apart, of which some are left out" };
  if (kind === "features" || kind === "processed") return { kind, windows: times.timed, unknown: null, doubt: null };
  if (!isOneFlight(metadata)) return { ...nothing, unknown: "ids in the rows: perhaps several flights" };
  if (times.stepNs === null) return { kind, windows: 0, unknown: null, doubt: null };
  return { kind, ...foreseeGrid({ spanNs, stepNs: times.stepNs }, options) };
}

/** Foresees what reading a CSV file gives, by the names in its header: of types and times they say nothing. @throws as `foreseeParquet` */
export function foreseeCsv(names: readonly string[], options: ReadOptions): ForeseenRecording {
  const columns = new Map(names.map((name) => [name, TIME_COLUMNS.has(name) ? NO_TIMES : NO_NUMBERS]));
  const table = { rowCount: 0, columns, release() {} };
  const kind = foreseeKind(table, options, null);
  readRecording(table, { ...options, kind });
  return { kind, windows: null, unknown: "CSV: only reading it would tell", doubt: null };
}

const TIME_COLUMNS = new Set(["timestamp", "timestamp_start", "timestamp_end"]);
const NO_NUMBERS: Column = { kind: "number", type: "number", values: new Float64Array(0), validity: null };
const NO_TIMES: Column = { kind: "time", type: "time", halves: new Int32Array(0), unitNs: 1, validity: null };

function foreseeGrid(
  { spanNs, stepNs }: { spanNs: number; stepNs: number },
  { path, recipe }: { path: string; recipe: Recipe },
): Omit<ForeseenRecording, "kind"> {
  const { lengthSeconds, hopSeconds } = recipe.window;
  const grid = { lengthNs: nanosecondsOf(lengthSeconds), hopNs: nanosecondsOf(hopSeconds) };
  try {
    checkRowStep({ rowSteps: { median: stepNs, largest: stepNs } }, { path, recipe });
  } catch (error) {
    return { windows: null, unknown: "rows far apart on average", doubt: asFault(error).detail };
  }
  return { windows: countWindows(spanNs, stepNs, grid), unknown: null, doubt: null };
}

function isOneFlight(metadata: FileMetaData): boolean {
  return ["aircraft_id", "flight_id"].every((name) => {
    const facts = textColumnFacts(metadata, name);
    if (facts.kind !== "known") return facts.kind === "absent";
    return facts.range === null || (facts.range.min === facts.range.max && !facts.mayBeMissing);
  });
}

/** Columns of numbers in which some number is present have an entry: only those without any may stand where lists are asked for. */
function withPresentNumbers({ columns }: Table, metadata: FileMetaData): Table["columns"] {
  const present = new Set(
    metadata.row_groups.flatMap(({ columns: chunks }) =>
      chunks.flatMap(({ meta_data }) =>
        meta_data?.statistics?.min_value === undefined ? [] : meta_data.path_in_schema[0]!,
      ),
    ),
  );
  return new Map(
    [...columns].map(([name, column]) => [
      name,
      column.kind === "number" && present.has(name) ? { ...column, values: new Float64Array(1) } : column,
    ]),
  );
}
