import { Fault } from "../faults/fault.ts";
import { ScratchBuffer } from "../io/scratch-buffer.ts";
import { roomFor } from "../kernels/kernel-memory.ts";
import { kernelsOf } from "../kernels/kernels.ts";
import { medianWhere, type Steps } from "../windows/median.ts";
import { type Column, isValid, type Table, type TimeColumn, type Validity } from "./column.ts";
import type { RecordingCounts } from "./recording.ts";

/** A row further than this from the file's median time has a clock that was wrong. */
export const PLAUSIBLE_NS = 7 * 86_400 * 1e9;

/** The times of a file's rows: nanoseconds since `originNs`, whole and exact; NaN in rows that are left out. */
export interface RowTimes {
  originNs: bigint;
  times: Float64Array;
  /** Whether no row is left out and each is later than the one before. */
  strictlyAscending: boolean;
  /** The steps between rows that ascend, if there are two. */
  steps: Steps | null;
}

/** The time column of that name. @throws Fault TIME_MISSING, TIME_TYPE */
export function timeColumn(path: string, table: Table, name: string): TimeColumn {
  const column = table.columns.get(name);
  if (column === undefined) {
    throw new Fault({
      code: "TIME_MISSING",
      path,
      found: `no column ${name} among ${[...table.columns.keys()].join(", ")}`,
      expected: "a column timestamp, or timestamp_start and timestamp_end",
      hint: "Name the time column so.",
    });
  }
  if (column.kind !== "time") throw timeTypeFault(path, name, column);
  return column;
}

function timeTypeFault(path: string, name: string, column: Column): Fault {
  return new Fault({
    code: "TIME_TYPE",
    path,
    found: `column ${name} is ${column.type}`,
    expected: "a timestamp (Parquet: of any unit, or INT96; CSV: ISO 8601)",
    hint: "Write the times as timestamps.",
  });
}

/** Reads the times, leaving out rows without one and rows more than 7 days from the median time; both are counted. With `scratch` they lie there, or beside the column. */
export function readTimes(column: TimeColumn, counts: RecordingCounts, scratch?: ScratchBuffer): RowTimes {
  const rows = column.halves.length / 2;
  let origin = firstValidFrom(column, rows >> 1);
  if (origin === -1) {
    counts.noTime += rows;
    const times = new Float64Array(rows).fill(Number.NaN);
    return { originNs: 0n, times, strictlyAscending: rows === 0, steps: null };
  }
  let taken = timesSince(column, origin, scratch);
  let median = medianRow(taken);
  if (Math.abs(taken.times[median]!) > PLAUSIBLE_NS) {
    // The row in the middle has the wrong clock: times so far from it are not exact, so they are taken again from the median.
    origin = median;
    taken = timesSince(column, origin, scratch);
    median = medianRow(taken);
  }
  const { times, ascending } = taken;
  const strictlyAscending = leaveOutImplausible(taken, times[median]!, counts) === 0 && ascending;
  const steps =
    strictlyAscending && rows > 1 ? { median: medianWhere(times, taken.unusual), largest: taken.largest } : null;
  return { originNs: instantOf(column, origin), times, strictlyAscending, steps };
}

/** That the instants fit into the nanoseconds of results. @throws Fault TIME_TYPE */
export function checkInstants(path: string, column: TimeColumn, { originNs }: RowTimes): void {
  if (BigInt.asIntN(64, originNs) === originNs) return;
  throw new Fault({
    code: "TIME_TYPE",
    path,
    found: `times ${originNs / 31_556_952_000_000_000n} years from 1970, as ${column.type}`,
    expected: "times from 1677 to 2262, which 64 bits of nanoseconds hold",
    hint: "Is the unit of the column right?",
  });
}

/** Times of another column of the same rows, counted from the same origin; NaN where missing or as far from their median. Nothing is counted. */
export function plausibleTimesFrom(column: TimeColumn, originNs: bigint): Float64Array {
  const times = Float64Array.from({ length: column.halves.length / 2 }, (_, i) =>
    isValid(column.validity, i) ? Number(instantOf(column, i) - originNs) : Number.NaN,
  );
  const median = times[medianRow({ times, ascending: false })] ?? Number.NaN;
  return times.map((time) => (Math.abs(time - median) <= PLAUSIBLE_NS ? time : Number.NaN));
}

/** Entry i as nanoseconds since 1970 UTC. */
function instantOf({ halves, unitNs }: TimeColumn, i: number): bigint {
  return ((BigInt(halves[2 * i + 1]!) << 32n) | BigInt(halves[2 * i]! >>> 0)) * BigInt(unitNs);
}

/** The first row with a time from `start` on, else the first of all; -1 if no row has one. */
function firstValidFrom({ halves, validity }: TimeColumn, start: number): number {
  const rows = halves.length / 2;
  for (let k = 0; k < rows; k++) {
    const i = (start + k) % rows;
    if (isValid(validity, i)) return i;
  }
  return -1;
}

/** Times, and what was seen of their steps on the way. */
interface TakenTimes {
  times: Float64Array;
  /** Whether every row has a time, later than the one before. */
  ascending: boolean;
  /** How many steps are unlike the first, and the largest of all. */
  unusual: number;
  largest: number;
}

/**
 * One pass over the rows, since there may be a million. By 32-bit halves: a BigInt per row costs more than all the rest. Differences
 * are exact below 2^53 ns, 104 days.
 */
function timesSince(column: TimeColumn, origin: number, scratch: ScratchBuffer | undefined): TakenTimes {
  const { halves, unitNs, validity } = column;
  const quick = scratch === undefined ? null : quickTimesSince(column, origin);
  if (quick !== null) return quick;
  const times = (scratch ?? new ScratchBuffer()).doubles(halves.length / 2);
  const low = halves[2 * origin]! >>> 0;
  const high = halves[2 * origin + 1]!;
  times[0] = ((halves[1]! - high) * 4294967296 + ((halves[0]! >>> 0) - low)) * unitNs;
  let usual = Number.NaN;
  let unusual = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 1; i < times.length; i++) {
    const time = ((halves[2 * i + 1]! - high) * 4294967296 + ((halves[2 * i]! >>> 0) - low)) * unitNs;
    times[i] = time;
    // Read again rather than kept: a number that is carried from round to round is boxed in each.
    const step = time - times[i - 1]!;
    if (step === usual) continue;
    if (i === 1) usual = step;
    else unusual++;
    if (step < smallest) smallest = step;
    if (step > largest) largest = step;
  }
  return takenTimes(times, validity, { unusual, smallest, largest });
}

/** The same, to the last bit, by the kernel; null where the column is not in its memory. */
function quickTimesSince({ halves, unitNs, validity }: TimeColumn, origin: number): TakenTimes | null {
  const rows = halves.length / 2;
  const kernels = kernelsOf(halves);
  if (kernels === null || !kernels.memory.hasRoom(roomFor([8 * rows, 24]))) return null;
  const { memory, run } = kernels;
  const address = memory.allocate(8 * rows);
  const seen = memory.allocate(24);
  run.timesSince(halves.byteOffset, rows, origin, unitNs, address, seen);
  const [unusual, smallest, largest] = new Float64Array(memory.buffer, seen, 3);
  const times = new Float64Array(memory.buffer, address, rows);
  return takenTimes(times, validity, { unusual: unusual!, smallest: smallest!, largest: largest! });
}

function takenTimes(
  times: Float64Array,
  validity: Validity | null,
  { unusual, smallest, largest }: { unusual: number; smallest: number; largest: number },
): TakenTimes {
  const missing = validity === null ? 0 : markMissing(times, validity);
  return { times, ascending: missing === 0 && smallest > 0, unusual, largest };
}

function markMissing(times: Float64Array, validity: Validity): number {
  let missing = 0;
  for (let i = 0; i < times.length; i++) {
    if (isValid(validity, i)) continue;
    times[i] = Number.NaN;
    missing++;
  }
  return missing;
}

/** Row of the median time, of an even count the lower of the middle two. */
function medianRow({ times, ascending }: { times: Float64Array; ascending: boolean }): number {
  if (ascending) return (times.length - 1) >> 1;
  const sorted = times.filter((t) => !Number.isNaN(t)).sort();
  return times.indexOf(sorted[(sorted.length - 1) >> 1]!);
}

function leaveOutImplausible({ times, ascending }: TakenTimes, median: number, counts: RecordingCounts): number {
  // Where they ascend, none is further from the median than the first or the last.
  if (ascending && median - times[0]! <= PLAUSIBLE_NS && times[times.length - 1]! - median <= PLAUSIBLE_NS) return 0;
  let missing = 0;
  let implausible = 0;
  for (let i = 0; i < times.length; i++) {
    const t = times[i]!;
    if (Math.abs(t - median) <= PLAUSIBLE_NS) continue;
    if (Number.isNaN(t)) missing++;
    else implausible++;
    times[i] = Number.NaN;
  }
  counts.noTime += missing;
  counts.timeImplausible += implausible;
  return missing + implausible;
}
