import { type FileMetaData, parquetSchema, type SchemaElement, type Statistics } from "hyparquet";
import { compareCodePoints } from "../filter/text-order.ts";

/** What the statistics of a file say of a text column. */
export type TextColumnFacts =
  | { kind: "absent" }
  /** The column is there, but its type or its statistics tell nothing. */
  | { kind: "unknown" }
  /** Every value that is present lies in `range` (inclusive, by code points; null: none is present). */
  | { kind: "known"; range: { min: string; max: string } | null; mayBeMissing: boolean };

/** The first and last instant, nanoseconds since 1970 UTC, both inclusive. */
export interface TimeRange {
  earliestNs: bigint;
  latestNs: bigint;
}

/** What the footer says of a top-level column of text. Bounds that the writer has shortened still bound. */
export function textColumnFacts(metadata: FileMetaData, name: string): TextColumnFacts {
  const column = findColumn(metadata, name);
  if (column === "absent") return { kind: "absent" };
  if (column === "unclear" || !isText(column.element)) return { kind: "unknown" };
  let range: { min: string; max: string } | null = null;
  let mayBeMissing = false;
  for (const { valueCount, statistics } of column.chunks) {
    const nulls = statistics?.null_count;
    if (nulls !== 0n) mayBeMissing = true;
    if (nulls === valueCount) continue;
    // Not the old fields min and max, which some writers have filled by the order of signed bytes.
    const { min_value: min, max_value: max } = statistics ?? {};
    if (typeof min !== "string" || typeof max !== "string") return { kind: "unknown" };
    range = range === null ? { min, max } : { min: lesser(range.min, min), max: greater(range.max, max) };
  }
  return { kind: "known", range, mayBeMissing };
}

/**
 * A range that holds the start of every window of the file: that of its columns `timestamp` and `timestamp_start`,
 * whichever the rows will be read by. Null where the statistics do not tell.
 */
export function windowStartRange(metadata: FileMetaData): TimeRange | null {
  let range: TimeRange | null = null;
  for (const name of ["timestamp", "timestamp_start"]) {
    const column = findColumn(metadata, name);
    if (column === "absent") continue;
    const found = column === "unclear" ? null : columnTimeRange(column);
    if (found === null) return null;
    range = range === null ? found : unite(range, found);
  }
  return range;
}

/** What the footer says of the rows' times. */
export interface TimeFacts extends TimeRange {
  /** Rows that have a time. */
  timed: number;
  /** The usual step between rows: the median over the row groups of each one's mean; null with fewer than two rows. */
  stepNs: number | null;
}

/** What the footer says of a column of times; null where it has no statistics, or no time at all. */
export function timeFacts(metadata: FileMetaData, name: string): TimeFacts | null {
  const column = findColumn(metadata, name);
  if (column === "absent" || column === "unclear") return null;
  const range = columnTimeRange(column);
  if (range === null) return null;
  let timed = 0;
  const steps: { stepNs: number; rows: number }[] = [];
  for (const chunk of column.chunks) {
    if (chunk.statistics?.null_count === undefined) return null;
    const rows = Number(chunk.valueCount - BigInt(chunk.statistics.null_count));
    timed += rows;
    const own = rows < 2 ? null : columnTimeRange({ ...column, chunks: [chunk] });
    if (own !== null) steps.push({ stepNs: Number(own.latestNs - own.earliestNs) / (rows - 1), rows });
  }
  return { ...range, timed, stepNs: weightedMedian(steps) };
}

function weightedMedian(steps: { stepNs: number; rows: number }[]): number | null {
  const half = steps.reduce((sum, { rows }) => sum + rows, 0) / 2;
  let before = 0;
  for (const { stepNs, rows } of steps.sort((a, b) => a.stepNs - b.stepNs)) {
    before += rows;
    if (before >= half) return stepNs;
  }
  return null;
}

interface FooterColumn {
  element: SchemaElement;
  /** By row group. */
  chunks: { valueCount: bigint; statistics: Statistics | undefined }[];
}

function findColumn(metadata: FileMetaData, name: string): FooterColumn | "absent" | "unclear" {
  const [node, second] = parquetSchema(metadata).children.filter(({ element }) => element.name === name);
  if (node === undefined) return "absent";
  if (second !== undefined || node.children.length > 0 || node.element.repetition_type === "REPEATED") return "unclear";
  if (metadata.row_groups.length === 0) return "unclear";
  const chunks: FooterColumn["chunks"] = [];
  for (const group of metadata.row_groups) {
    const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data;
    if (chunk === undefined) return "unclear";
    chunks.push({ valueCount: chunk.num_values, statistics: chunk.statistics });
  }
  return { element: node.element, chunks };
}

function isText({ type, converted_type, logical_type }: SchemaElement): boolean {
  return type === "BYTE_ARRAY" && (converted_type === "UTF8" || logical_type?.type === "STRING");
}

function columnTimeRange({ element, chunks }: FooterColumn): TimeRange | null {
  const unitNs = timeUnitNs(element);
  if (unitNs === null) return null;
  let range: TimeRange | null = null;
  for (const { valueCount, statistics } of chunks) {
    if (statistics?.null_count === valueCount) continue;
    const [min, max] = [statistics?.min_value ?? statistics?.min, statistics?.max_value ?? statistics?.max];
    if (typeof min !== "bigint" || typeof max !== "bigint") return null;
    const found = { earliestNs: min * unitNs, latestNs: max * unitNs };
    range = range === null ? found : unite(range, found);
  }
  return range;
}

const UNITS_NS = { MILLIS: 1_000_000n, MICROS: 1_000n, NANOS: 1n } as const;

/** Nanoseconds of one count, or null if the column is no timestamp of 64 bits; INT96 has no statistics of use. */
function timeUnitNs({ type, converted_type, logical_type }: SchemaElement): bigint | null {
  if (type !== "INT64") return null;
  if (logical_type?.type === "TIMESTAMP") return UNITS_NS[logical_type.unit];
  if (converted_type === "TIMESTAMP_MILLIS") return UNITS_NS.MILLIS;
  return converted_type === "TIMESTAMP_MICROS" ? UNITS_NS.MICROS : null;
}

function unite(a: TimeRange, b: TimeRange): TimeRange {
  const { earliestNs } = a.earliestNs < b.earliestNs ? a : b;
  const { latestNs } = a.latestNs > b.latestNs ? a : b;
  return { earliestNs, latestNs };
}

function lesser(a: string, b: string): string {
  return compareCodePoints(a, b) <= 0 ? a : b;
}

function greater(a: string, b: string): string {
  return compareCodePoints(a, b) >= 0 ? a : b;
}
