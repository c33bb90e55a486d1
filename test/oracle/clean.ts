/** The slow oracle, part 5: the rows of a recording that has one flight, as they stand in the file, to the series that windows are cut from. */
import type { Recipe, SignalSpec } from "../../src/features/recipe.ts";
import type { SeriesInput } from "../../src/windows/series.ts";

const IMPLAUSIBLE_NS = 7n * 86_400n * 1_000_000_000n;
const MISSING_QUALITIES = ["OUTLIER_REMOVED", "SENSOR_ERROR"];
const USED_QUALITIES = ["VALID", "INTERPOLATED", "OUTLIER_CAPPED"];

/** One row as read. */
export interface RawRow {
  timeNs: bigint | null;
  /** By signal, in the recipe's order. */
  values: (number | null)[];
  /** By signal; null where the row has none. */
  qualities: (string | null)[];
  /** Code 0 to 7, or null if unknown. */
  phase: number | null;
}

/** What was left out or odd. */
export interface CleanCounts {
  noTime: number;
  timeImplausible: number;
  duplicateTime: number;
  /** By signal: numbers outside the range in the rows that stay. */
  outOfRange: number[];
  unknownQuality: number;
}

/** The series, where its times count from (its first row), and the counters. */
export interface CleanSeries {
  input: SeriesInput;
  originNs: bigint;
  counts: CleanCounts;
}

/**
 * Sorts rows by time (stably), leaves out those without a plausible one and all but the first of equal times, and
 * keeps of each signal the values that are valid.
 */
export function oracleClean(rows: RawRow[], recipe: Recipe): CleanSeries {
  const timed = rows.filter((row): row is RawRow & { timeNs: bigint } => row.timeNs !== null);
  const middle = middleTime(timed.map((row) => row.timeNs));
  const plausible = timed.filter((row) => distance(row.timeNs, middle) <= IMPLAUSIBLE_NS);
  const sorted = [...plausible].sort((a, b) => compare(a.timeNs, b.timeNs));
  const kept = sorted.filter((row, i) => i === 0 || row.timeNs !== sorted[i - 1].timeNs);
  const originNs = kept.length === 0 ? 0n : kept[0].timeNs;
  const offset = (row: { timeNs: bigint }) => Number(row.timeNs - originNs);

  const samples = recipe.signals.map((spec, s) => {
    const used = kept.filter(
      (row) => isUsable(row.values[s], spec) && !MISSING_QUALITIES.includes(row.qualities[s] ?? ""),
    );
    return { times: Float64Array.from(used, offset), values: Float64Array.from(used, (row) => row.values[s]!) };
  });
  const phased = kept.filter((row) => row.phase !== null);
  return {
    input: {
      rowTimes: Float64Array.from(kept, offset),
      samples,
      phases: { times: Float64Array.from(phased, offset), codes: Uint8Array.from(phased, (row) => row.phase!) },
    },
    originNs,
    counts: {
      noTime: rows.length - timed.length,
      timeImplausible: timed.length - plausible.length,
      duplicateTime: sorted.length - kept.length,
      outOfRange: recipe.signals.map(
        (spec, s) => kept.filter(({ values }) => Number.isFinite(values[s]) && !isUsable(values[s], spec)).length,
      ),
      unknownQuality: kept.flatMap((row) => row.qualities).filter(isUnknownQuality).length,
    },
  };
}

/** Whether a value is a finite number within the signal's range. */
export function isUsable(value: number | null, spec: SignalSpec): boolean {
  if (value === null || !Number.isFinite(value)) return false;
  return spec.range === null || (value >= spec.range[0] && value <= spec.range[1]);
}

function isUnknownQuality(quality: string | null): boolean {
  return quality !== null && !USED_QUALITIES.includes(quality) && !MISSING_QUALITIES.includes(quality);
}

/** The median time: of an even count the earlier of the middle two, because a mean could be far from every row. */
function middleTime(times: bigint[]): bigint {
  if (times.length === 0) return 0n;
  return [...times].sort(compare)[Math.floor((times.length - 1) / 2)];
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
