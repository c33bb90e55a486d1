import type { SignalSpec } from "../features/recipe.ts";
import { kernelsOf } from "../kernels/kernels.ts";
import { type OutsideRange, sketchOf } from "../quality/sketch.ts";
import type { Samples, SampleValues } from "../windows/series.ts";
import type { NumberArray, NumberColumn, TextColumn } from "./column.ts";
import type { PresentRows, TimedRows } from "./present-rows.ts";
import type { RecordingCounts } from "./recording.ts";

/** A signal's column, and the one beside it in which the sensor itself says what its values are worth. */
export interface SignalColumn {
  column: NumberColumn;
  quality: TextColumn | null;
}

/** The rows of the flight whose samples are collected. */
export interface SampleSource {
  flight: TimedRows;
  present: PresentRows;
  counts: RecordingCounts;
  /** Where what is outside of its range is noted, by signal. */
  outside: Map<string, OutsideRange>;
}

const MISSING = new Set(["OUTLIER_REMOVED", "SENSOR_ERROR"]);
const USABLE = new Set(["VALID", "INTERPOLATED", "OUTLIER_CAPPED"]);

/**
 * The valid samples of a signal: present, finite, inside its range and not disowned by its quality. Those of a column that is valid
 * throughout are its own array, which may lie in the decoder's memory.
 */
export function collectSamples(
  { column, quality }: SignalColumn,
  spec: SignalSpec,
  { flight, present, counts, outside }: SampleSource,
): Samples {
  const disowned = quality === null ? null : disownedRows(quality, flight, counts);
  const { rows, times } = present.of(column.validity, disowned);
  const samples: Samples = { times, values: rows === null ? floats(column.values) : gather(column.values, rows) };
  if (disowned?.includes(1)) samples.lost = { disowned: timesOf(disowned, flight.times), outside: null };
  const [low, high] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  // Infinity is never a value, whatever the range.
  const range = { low: Math.max(low, -Number.MAX_VALUE), high: Math.min(high, Number.MAX_VALUE) };
  const first = firstOutside(samples.values, range);
  counts.outOfRange[spec.name] ??= 0;
  if (first === samples.values.length) return samples;
  const found = finiteOutside(samples.values, range);
  counts.outOfRange[spec.name]! += found.count;
  if (found.count > 0) outside.set(spec.name, { ...found, sketch: sketchOf(samples.values) });
  return withoutOutside(samples, first, range);
}

/** Per row of the flight 1 where the quality says that the value is missing; unknown qualities are counted and used. */
function disownedRows(quality: TextColumn, { rows, times }: TimedRows, counts: RecordingCounts): Uint8Array {
  const missing = quality.dictionary.map((word) => MISSING.has(word));
  const unknown = quality.dictionary.map((word) => !MISSING.has(word) && !USABLE.has(word));
  const disowned = new Uint8Array(times.length);
  for (let i = 0; i < disowned.length; i++) {
    const code = quality.codes[rows === null ? i : rows[i]!]!;
    if (code < 0) continue;
    if (missing[code]) disowned[i] = 1;
    if (unknown[code]) counts.unknownQuality++;
  }
  return disowned;
}

function floats(values: NumberArray): SampleValues {
  return isFloats(values) ? values : new Float64Array(values);
}

function isFloats(values: NumberArray): values is SampleValues {
  return values instanceof Float32Array || values instanceof Float64Array;
}

function gather(values: NumberArray, rows: Int32Array): SampleValues {
  const gathered = values instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i]!]!;
  return gathered;
}

/** The lowest and the highest value that there may be. */
export interface Range {
  low: number;
  high: number;
}

/** Index of the first value that is no number of the range; their count if all are. */
function firstOutside(values: SampleValues, { low, high }: Range): number {
  const count = values.length;
  const kernels = values instanceof Float32Array ? kernelsOf(values) : null;
  if (kernels !== null) return kernels.run.firstOutside32(values.byteOffset, count, floatFrom(low), floatUpTo(high));
  for (let i = 0; i < count; i++) {
    const x = values[i]!;
    if (!(x >= low && x <= high)) return i;
  }
  return count;
}

/** The lowest number of 32 bits that is not below `low`: among such numbers the same bound. */
function floatFrom(low: number): number {
  const near = Math.fround(low);
  return near < low ? -floatBefore(-near) : near;
}

/** The highest number of 32 bits that is not above `high`. */
function floatUpTo(high: number): number {
  const near = Math.fround(high);
  return near > high ? floatBefore(near) : near;
}

/** The number of 32 bits before this one. */
function floatBefore(x: number): number {
  const float = Float32Array.of(x);
  const bits = new Int32Array(float.buffer);
  if (x === 0) bits[0] = 0x80000001 | 0;
  else bits[0]! += x > 0 ? -1 : 1;
  return float[0]!;
}

/** The finite values outside: how many, and the one furthest out. */
export function finiteOutside(values: SampleValues, { low, high }: Range): { count: number; worst: number } {
  let count = 0;
  let worst = 0;
  let furthest = 0;
  for (const x of values) {
    const distance = x < low ? low - x : x - high;
    if (!(distance > 0) || !Number.isFinite(x)) continue;
    count++;
    if (distance <= furthest) continue;
    furthest = distance;
    worst = x;
  }
  return { count, worst };
}

function timesOf(marks: Uint8Array, times: Float64Array): Float64Array {
  let count = 0;
  for (let i = 0; i < marks.length; i++) count += marks[i]!;
  const marked = new Float64Array(count);
  for (let i = 0, k = 0; k < count; i++) if (marks[i] === 1) marked[k++] = times[i]!;
  return marked;
}

/** The samples inside the range; all before `from` are known to be. */
function withoutOutside({ times, values, lost }: Samples, from: number, { low, high }: Range): Samples {
  const kept = { times: times.slice(), values: values.slice() };
  const outside = new Float64Array(values.length - from);
  let count = from;
  let lostCount = 0;
  for (let i = from; i < values.length; i++) {
    const x = values[i]!;
    if (x >= low && x <= high) {
      kept.times[count] = times[i]!;
      kept.values[count++] = x;
    } else if (Number.isFinite(x)) outside[lostCount++] = times[i]!;
  }
  const disowned = lost?.disowned ?? null;
  return {
    times: kept.times.subarray(0, count),
    values: kept.values.subarray(0, count),
    ...((lostCount > 0 || disowned !== null) && {
      lost: { disowned, outside: lostCount === 0 ? null : outside.subarray(0, lostCount) },
    }),
  };
}
