import { isValid, type Validity } from "./column.ts";

/** The rows of a flight in order of time: their times, and their numbers in the file (null: all rows as they stand). */
export interface TimedRows {
  times: Float64Array;
  rows: Int32Array | null;
}

/** Tells in which rows of a flight a column has a value. Columns with the same gaps, as slow signals have, get the same arrays. */
export class PresentRows {
  readonly #flight: TimedRows;
  readonly #known: { validity: Validity; present: TimedRows }[] = [];

  constructor(flight: TimedRows) {
    this.#flight = flight;
  }

  /** The rows in which `validity` has an entry, and `disowned` (by row of the flight) has none. */
  of(validity: Validity | null, disowned: Uint8Array | null = null): TimedRows {
    const { times, rows } = this.#flight;
    if (disowned !== null) return choose(this.#flight, (i, row) => isValid(validity, row) && disowned[i] === 0);
    if (validity === null) return this.#flight;
    if (rows !== null || validity.offset % 8 !== 0) return choose(this.#flight, (_, row) => isValid(validity, row));
    const known = this.#known.find((other) => sameBits(other.validity, validity));
    if (known !== undefined) return known.present;
    const set = setRows(validity, times.length);
    const present = { rows: set, times: timesOf(times, set) };
    this.#known.push({ validity, present });
    return present;
  }
}

function choose({ times, rows }: TimedRows, isChosen: (i: number, row: number) => boolean): TimedRows {
  const chosen = new Int32Array(times.length);
  const chosenTimes = new Float64Array(times.length);
  let count = 0;
  for (let i = 0; i < times.length; i++) {
    const row = rows === null ? i : rows[i]!;
    if (!isChosen(i, row)) continue;
    chosen[count] = row;
    chosenTimes[count++] = times[i]!;
  }
  return { rows: chosen.subarray(0, count), times: chosenTimes.subarray(0, count) };
}

function sameBits(a: Validity, b: Validity): boolean {
  return a.offset === b.offset && a.bytes.length === b.bytes.length && Buffer.compare(a.bytes, b.bytes) === 0;
}

/** The set bits of a bitmap that begins with a byte. Visits those alone, 32 rows a word: slow signals are null in nine rows of ten. */
function setRows(validity: Validity, rowCount: number): Int32Array {
  const rows = new Int32Array(countSet(validity, rowCount));
  let count = 0;
  for (let row = 0; row < rowCount; row += 32) {
    let word = wordAt(validity, row, rowCount);
    while (word !== 0) {
      const lowest = word & -word;
      rows[count++] = row + 31 - Math.clz32(lowest);
      word ^= lowest;
    }
  }
  return rows;
}

function countSet(validity: Validity, rowCount: number): number {
  let count = 0;
  for (let row = 0; row < rowCount; row += 32) {
    // Sums of bits, then of pairs, of fours and of bytes.
    const word = wordAt(validity, row, rowCount);
    const pairs = word - ((word >>> 1) & 0x55555555);
    const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    count += Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The bits of 32 rows from `row` on; 0 for those that are not there. */
function wordAt({ bytes, offset }: Validity, row: number, rowCount: number): number {
  const at = (offset + row) >> 3;
  const rest = rowCount - row;
  if (rest >= 32) return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  let word = 0;
  for (let k = 0; 8 * k < rest; k++) word |= bytes[at + k]! << (8 * k);
  return word & (2 ** rest - 1);
}

function timesOf(times: Float64Array, rows: Int32Array): Float64Array {
  const chosen = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) chosen[i] = times[rows[i]!]!;
  return chosen;
}
